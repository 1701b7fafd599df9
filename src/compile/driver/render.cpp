// Source excerpts with carets.
#include "compile/driver/render.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace cloesce::driver {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::string_view kTab = "    ";

// Lines longer than this are cut around the caret.
constexpr std::size_t kMaximumColumns = 120;
constexpr std::size_t kColumnsBeforeCaret = 60;

enum class Style : std::uint8_t { kError, kWarning, kNote, kHint, kGutter, kBold };

std::string_view escape_of(Style style) {
  switch (style) {
    case Style::kError:
      return "\x1b[1;31m";
    case Style::kWarning:
      return "\x1b[1;33m";
    case Style::kNote:
    case Style::kHint:
      return "\x1b[1;36m";
    case Style::kGutter:
      return "\x1b[1;34m";
    case Style::kBold:
      return "\x1b[1m";
  }
  return {};
}

Style style_of(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return Style::kError;
    case Severity::kWarning:
      return Style::kWarning;
    case Severity::kNote:
      return Style::kNote;
  }
  return Style::kNote;
}

std::size_t character_bytes(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return end - at;
}

std::uint32_t code_point(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character.front());
  const unsigned lead_mask = character.size() == 2 ? 0x1FU : character.size() == 3 ? 0x0FU : 0x07U;
  std::uint32_t value = static_cast<unsigned char>(character.front()) & lead_mask;
  for (const char byte : character.substr(1)) {
    value = value << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  }
  return value;
}

// C0, DEL, C1 and the marks that turn the direction of text.
bool is_control(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

// East Asian wide characters and emoji take two columns in a terminal.
bool is_wide(std::uint32_t point) {
  return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
         (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
         (point >= 0x1F300 && point <= 0x1FAFF) || (point >= 0x20000 && point <= 0x3FFFD);
}

// What a terminal shows for a character.
struct Cell {
  std::string_view text;
  std::size_t columns = 1;
};

Cell cell_of(std::string_view character) {
  if (character == "\t") return {kTab, kTab.size()};
  const std::uint32_t point = code_point(character);
  if (is_control(point)) return {kReplacement, 1};
  return {character, is_wide(point) ? 2U : 1U};
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = character_bytes(text, at);
    result.append(cell_of(text.substr(at, bytes)).text);
    at += bytes;
  }
  return result;
}

// The line as shown, and where the carets stand below it.
struct Excerpt {
  std::string line;
  std::size_t indent = 0;
  std::size_t carets = 1;
};

Excerpt excerpt_of(const SourceText& source, const Span& span) {
  const SourceText::Line line = source.line(span.begin);
  const std::string_view text = source.text();
  const std::size_t begin = std::min<std::size_t>(span.begin, line.end);
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, line.end);

  std::size_t before = 0;
  for (std::size_t at = line.begin; at < begin;) {
    const std::size_t bytes = character_bytes(text, at);
    before += cell_of(text.substr(at, bytes)).columns;
    at += bytes;
  }
  const std::size_t first_column = before > kMaximumColumns - 20 ? before - kColumnsBeforeCaret : 0;

  Excerpt excerpt;
  std::size_t column = 0;
  std::size_t shown = 0;
  std::size_t marked = 0;
  bool indented = false;
  if (first_column > 0) {
    excerpt.line.append(kEllipsis);
    shown = 1;
  }
  for (std::size_t at = line.begin; at < line.end;) {
    const std::size_t bytes = character_bytes(text, at);
    const Cell cell = cell_of(text.substr(at, bytes));
    if (column >= first_column) {
      if (shown + cell.columns > kMaximumColumns) {
        excerpt.line.append(kEllipsis);
        break;
      }
      if (at >= begin && !indented) {
        excerpt.indent = shown;
        indented = true;
      }
      if (at >= begin && at < end) marked += cell.columns;
      excerpt.line.append(cell.text);
      shown += cell.columns;
    }
    column += cell.columns;
    at += bytes;
  }
  if (!indented) excerpt.indent = shown;
  excerpt.carets = std::max<std::size_t>(marked, 1);
  return excerpt;
}

class Renderer {
 public:
  Renderer(const SourceMap& sources, Color color) : sources_(sources), color_(color) {}

  std::string run(const Diagnostic& diagnostic) {
    find_gutter(diagnostic);
    const Style style = style_of(diagnostic.severity);
    add(style, severity_text(diagnostic.severity));
    add(style, fmt::format(FMT_COMPILE("[{}]"), diagnostic.code));
    add(Style::kBold, fmt::format(FMT_COMPILE(": {}"), printable(diagnostic.message)));
    out_.push_back('\n');
    if (has_place(diagnostic.span)) add_place(*diagnostic.span, style);
    if (!diagnostic.hint.empty()) {
      add_gutter("");
      add(Style::kGutter, "= ");
      add(Style::kHint, "hint: ");
      out_.append(printable(diagnostic.hint)).push_back('\n');
    }
    for (const DiagnosticNote& note : diagnostic.notes) {
      if (has_place(note.span)) {
        add(Style::kNote, "note: ");
        out_.append(printable(note.message)).push_back('\n');
        add_place(*note.span, Style::kNote);
      } else {
        add_gutter("");
        add(Style::kGutter, "= ");
        add(Style::kNote, "note: ");
        out_.append(printable(note.message)).push_back('\n');
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool has_place(const std::optional<Span>& span) const {
    return span && sources_.holds(*span);
  }

  // As wide as the longest line number of all excerpts.
  void find_gutter(const Diagnostic& diagnostic) {
    const auto visit = [this](const std::optional<Span>& span) {
      if (!has_place(span)) return;
      const Position position = sources_.text(*span).position(span->begin);
      gutter_ = std::max(gutter_, fmt::formatted_size(FMT_COMPILE("{}"), position.line));
    };
    visit(diagnostic.span);
    for (const DiagnosticNote& note : diagnostic.notes) visit(note.span);
  }

  void add(Style style, std::string_view text) {
    if (color_ == Color::kPlain) {
      out_.append(text);
      return;
    }
    out_.append(escape_of(style)).append(text).append("\x1b[0m");
  }

  // The gutter without the bar.
  void add_gutter(std::string_view number) {
    out_.append(gutter_ - std::min(gutter_, number.size()), ' ');
    add(Style::kGutter, number);
    out_.push_back(' ');
  }

  void add_bar(std::string_view number) {
    add_gutter(number);
    add(Style::kGutter, "|");
  }

  void add_place(const Span& span, Style style) {
    const SourceText& source = sources_.text(span);
    const Position position = source.position(span.begin);
    const Excerpt excerpt = excerpt_of(source, span);
    out_.append(gutter_, ' ');
    add(Style::kGutter, "--> ");
    out_.append(fmt::format(FMT_COMPILE("{}:{}:{}\n"), printable(sources_.path(span)),
                            position.line, position.column));
    add_bar("");
    out_.push_back('\n');
    add_bar(fmt::format(FMT_COMPILE("{}"), position.line));
    if (!excerpt.line.empty()) out_.append(" ").append(excerpt.line);
    out_.push_back('\n');
    add_bar("");
    out_.append(excerpt.indent + 1, ' ');
    add(style, std::string(excerpt.carets, '^'));
    out_.push_back('\n');
  }

  const SourceMap& sources_;
  Color color_;
  std::size_t gutter_ = 1;
  std::string out_;
};

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format(FMT_COMPILE("{} {}{}"), count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string_view severity_text(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return {};
}

std::string render(const Diagnostic& diagnostic, const SourceMap& sources, Color color) {
  return Renderer(sources, color).run(diagnostic);
}

std::string summary(const DiagnosticSink& sink) {
  std::string text;
  if (sink.errors() > 0) text = counted(sink.errors(), "error");
  if (sink.warnings() > 0) {
    if (!text.empty()) text.append(", ");
    text.append(counted(sink.warnings(), "warning"));
  }
  return text;
}

}  // namespace cloesce::driver
