// Layout of a diagnostic: header, arrow, gutter, source line, carets.
#include "base/diagnostic_render.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "base/code_point.h"
#include "base/line_table.h"

namespace cloesce {
namespace {

constexpr std::size_t kTabColumns = 4;
// A longer line (minified, or with a long literal) is cut around the span.
constexpr std::size_t kShownColumns = 120;
constexpr std::size_t kColumnsBeforeSpan = 50;

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kGutter = "\x1b[1;34m";

struct Range {
  char32_t first;
  char32_t last;
};

bool is_in(std::span<const Range> ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(), [value](const Range& range) {
    return value >= range.first && value <= range.last;
  });
}

// Columns a terminal gives to a code point. Blocks rather than single characters: a caret that is
// off by one under a rare character does no harm.
std::size_t columns_of(char32_t value) {
  constexpr Range kNone[] = {{0x300, 0x36F},   {0x200B, 0x200F}, {0x202A, 0x202E},
                             {0x2060, 0x2064}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
                             {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};
  constexpr Range kTwo[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                            {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                            {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
                            {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF},
                            {0x20000, 0x3FFFD}};
  if (value < 0x300) return 1;
  if (is_in(kNone, value)) return 0;
  return is_in(kTwo, value) ? 2 : 1;
}

// C0 and C1 control characters, and the marks that reorder text on a screen.
bool is_unprintable(char32_t value) {
  return value < 0x20 || (value >= 0x7F && value <= 0x9F) || (value >= 0x202A && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069);
}

// One code point as it is shown.
struct Cell {
  std::string_view text;
  std::size_t columns;
  std::size_t byte;  // where it begins in the line
};

std::vector<Cell> cells_of(std::string_view line) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  constexpr std::string_view kSpaces = "    ";
  static_assert(kSpaces.size() == kTabColumns);
  std::vector<Cell> cells;
  cells.reserve(line.size());
  for (std::size_t byte = 0; byte < line.size();) {
    const CodePoint point = decode_code_point(line.substr(byte));
    if (line[byte] == '\t') {
      cells.push_back({kSpaces, kTabColumns, byte});
    } else if (point.size == 0 || is_unprintable(point.value)) {
      cells.push_back({kReplacement, 1, byte});
    } else {
      cells.push_back({line.substr(byte, point.size), columns_of(point.value), byte});
    }
    byte += std::max<std::size_t>(point.size, 1);
  }
  return cells;
}

// A message may quote the source; its line ends are kept.
std::string shown_message(std::string_view message) {
  std::string text;
  for (const Cell& cell : cells_of(message)) {
    text += message[cell.byte] == '\n' ? std::string_view("\n") : cell.text;
  }
  return text;
}

// A source line ready to print, and which of its columns the carets go under.
struct Snippet {
  std::string text;
  std::size_t caret_begin = 0;
  std::size_t caret_count = 1;
};

Snippet make_snippet(std::string_view line, std::size_t begin, std::size_t end) {
  const std::vector<Cell> cells = cells_of(line);
  std::size_t total = 0;
  std::size_t caret_begin = 0;
  std::size_t caret_end = 0;
  for (const Cell& cell : cells) {
    if (cell.byte < begin) caret_begin = total + cell.columns;
    total += cell.columns;
    if (cell.byte < end) caret_end = total;
  }
  std::size_t from = 0;
  if (total > kShownColumns && caret_begin > kColumnsBeforeSpan) {
    from = caret_begin - kColumnsBeforeSpan;
  }
  const std::size_t to = from + kShownColumns;

  Snippet snippet;
  std::size_t shift = 0;  // columns that were cut away in front
  if (from > 0) snippet.text = "…";
  std::size_t column = 0;
  bool first = true;
  for (const Cell& cell : cells) {
    const std::size_t next = column + cell.columns;
    if (column >= from && next <= to) {
      if (first && from > 0) shift = column - 1;
      first = false;
      snippet.text += cell.text;
    }
    column = next;
  }
  if (total > to) snippet.text += "…";
  while (!snippet.text.empty() && snippet.text.back() == ' ') snippet.text.pop_back();

  caret_end = std::min(caret_end, to);
  snippet.caret_begin = caret_begin - shift;
  snippet.caret_count = caret_end > caret_begin ? caret_end - caret_begin : 1;
  return snippet;
}

std::string_view severity_style(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "\x1b[1;31m";
    case Severity::kWarning:
      return "\x1b[1;33m";
    case Severity::kNote:
      break;
  }
  return "\x1b[1;32m";
}

// The line tables of the files that were pointed at, made when first needed.
class Sources {
 public:
  explicit Sources(std::span<const SourceFile> files) : files_(files), tables_(files.size()) {}

  [[nodiscard]] const SourceFile* file(const Span& span) const {
    const auto index = static_cast<std::size_t>(span.file);
    return index < files_.size() ? &files_[index] : nullptr;
  }

  // `span` must be in a known file.
  [[nodiscard]] const LineTable& lines(const Span& span) {
    const auto index = static_cast<std::size_t>(span.file);
    if (!tables_[index].has_value()) tables_[index].emplace(files_[index].text);
    return *tables_[index];
  }

 private:
  std::span<const SourceFile> files_;
  std::vector<std::optional<LineTable>> tables_;
};

class Renderer {
 public:
  Renderer(Sources& sources, Color color) : sources_(sources), color_(color) {}

  void add(const Diagnostic& diagnostic) {
    gutter_ = gutter_width(diagnostic);
    header(diagnostic.severity, diagnostic.code, shown_message(diagnostic.message));
    if (diagnostic.span.has_value()) source(*diagnostic.span, diagnostic.severity);
    for (const DiagnosticNote& note : diagnostic.notes) {
      if (!note.span.has_value()) remark("note", shown_message(note.message));
    }
    if (!diagnostic.hint.empty()) remark("help", shown_message(diagnostic.hint));
    for (const DiagnosticNote& note : diagnostic.notes) {
      if (!note.span.has_value()) continue;
      header(Severity::kNote, {}, shown_message(note.message));
      source(*note.span, Severity::kNote);
    }
  }

  void separate() { out_ += '\n'; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  // Digits of the largest line number that is shown.
  std::size_t gutter_width(const Diagnostic& diagnostic) {
    std::uint32_t largest = 1;
    const auto look_at = [&](const std::optional<Span>& span) {
      if (!span.has_value() || sources_.file(*span) == nullptr) return;
      largest = std::max(largest, sources_.lines(*span).locate(span->begin).line);
    };
    look_at(diagnostic.span);
    for (const DiagnosticNote& note : diagnostic.notes) look_at(note.span);
    return fmt::formatted_size(FMT_COMPILE("{}"), largest);
  }

  void paint(std::string_view style, std::string_view text) {
    if (color_ == Color::kPlain) {
      out_ += text;
      return;
    }
    fmt::format_to(std::back_inserter(out_), FMT_COMPILE("{}{}{}"), style, text, kReset);
  }

  void pad(std::size_t columns) { out_.append(columns, ' '); }

  void header(Severity severity, std::string_view code, std::string_view message) {
    const std::string_view word = severity_word(severity);
    paint(severity_style(severity),
          code.empty() ? std::string(word) : fmt::format(FMT_COMPILE("{}[{}]"), word, code));
    paint(kBold, fmt::format(FMT_COMPILE(": {}"), message));
    out_ += '\n';
  }

  void source(const Span& span, Severity severity) {
    const SourceFile* file = sources_.file(span);
    if (file == nullptr) return;
    const LineTable& lines = sources_.lines(span);
    const LineColumn place = lines.locate(span.begin);
    pad(gutter_);
    paint(kGutter, "-->");
    fmt::format_to(std::back_inserter(out_), FMT_COMPILE(" {}:{}:{}\n"), shown_message(file->path),
                   place.line, place.column);

    const std::string_view line = lines.line(place.line);
    const std::uint32_t line_begin = lines.line_begin(place.line);
    const std::size_t begin =
        std::min<std::size_t>(span.begin - std::min(span.begin, line_begin), line.size());
    const std::size_t end = std::clamp<std::size_t>(
        span.end < line_begin ? 0 : span.end - line_begin, begin, line.size());
    const Snippet snippet = make_snippet(line, begin, end);

    pad(gutter_ + 1);
    paint(kGutter, "|");
    out_ += '\n';
    paint(kGutter, fmt::format(FMT_COMPILE("{:>{}} |"), place.line, gutter_));
    if (!snippet.text.empty()) out_ += ' ';
    out_ += snippet.text;
    out_ += '\n';
    pad(gutter_ + 1);
    paint(kGutter, "|");
    pad(snippet.caret_begin + 1);
    paint(severity_style(severity), std::string(snippet.caret_count, '^'));
    out_ += '\n';
  }

  void remark(std::string_view word, std::string_view message) {
    pad(gutter_ + 1);
    paint(kGutter, "=");
    out_ += ' ';
    paint(kBold, word);
    out_ += ": ";
    // Further lines stand below the first.
    const std::size_t indentation = gutter_ + 1 + 2 + word.size() + 2;
    while (true) {
      const std::size_t end = message.find('\n');
      out_ += message.substr(0, end);
      out_ += '\n';
      if (end == std::string_view::npos) break;
      message.remove_prefix(end + 1);
      pad(indentation);
    }
  }

  Sources& sources_;
  Color color_;
  std::size_t gutter_ = 1;
  std::string out_;
};

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format(FMT_COMPILE("{} {}{}"), count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string render(const Diagnostic& diagnostic, std::span<const SourceFile> files, Color color) {
  return render(std::span(&diagnostic, 1), files, color);
}

std::string render(std::span<const Diagnostic> diagnostics, std::span<const SourceFile> files,
                   Color color) {
  Sources sources(files);
  Renderer renderer(sources, color);
  bool first = true;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!first) renderer.separate();
    first = false;
    renderer.add(diagnostic);
  }
  return renderer.take();
}

std::string summarize(std::size_t errors, std::size_t warnings) {
  if (errors == 0 && warnings == 0) return "no errors";
  if (warnings == 0) return counted(errors, "error");
  if (errors == 0) return counted(warnings, "warning");
  return fmt::format(FMT_COMPILE("{}, {}"), counted(errors, "error"), counted(warnings, "warning"));
}

}  // namespace cloesce
