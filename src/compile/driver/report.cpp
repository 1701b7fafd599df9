// Order, repetition, JSON.
#include "compile/driver/report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/line_table.h"

namespace cloesce::driver {
namespace {

auto place_of(const Diagnostic& diagnostic) {
  const Span span = diagnostic.span.value_or(Span{});
  return std::tuple(!diagnostic.span.has_value(), span.file, span.begin, span.end);
}

bool same(const Diagnostic& left, const Diagnostic& right) {
  return left.span == right.span && left.code == right.code && left.message == right.message;
}

void write_text_or_null(json::Writer& out, std::string_view text) {
  if (text.empty()) {
    out.null();
  } else {
    out.string(text);
  }
}

// Line tables of the files, made when first needed.
class Places {
 public:
  explicit Places(std::span<const SourceFile> files) : files_(files), tables_(files.size()) {}

  void write(json::Writer& out, const std::optional<Span>& span) {
    if (!span || static_cast<std::size_t>(span->file) >= files_.size()) {
      out.null();
      return;
    }
    const auto file = static_cast<std::size_t>(span->file);
    if (!tables_[file]) tables_[file].emplace(files_[file].text);
    const LineColumn place = tables_[file]->locate(span->begin);
    out.begin_array();
    out.integer(static_cast<std::int64_t>(file));
    out.integer(span->begin);
    out.integer(span->end);
    out.integer(place.line);
    out.integer(place.column);
    out.end_array();
  }

 private:
  std::span<const SourceFile> files_;
  std::vector<std::optional<LineTable>> tables_;
};

}  // namespace

DiagnosticSink in_order(const DiagnosticSink& sink) {
  std::vector<Diagnostic> diagnostics = sink.diagnostics();
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& left, const Diagnostic& right) {
                     return place_of(left) < place_of(right);
                   });
  // What is said twice of one place, by two uses of an alias say, need not be said twice.
  DiagnosticSink ordered;
  std::size_t first_here = 0;
  for (Diagnostic& diagnostic : diagnostics) {
    const auto& added = ordered.diagnostics();
    if (first_here < added.size() && place_of(added[first_here]) != place_of(diagnostic)) {
      first_here = added.size();
    }
    const bool repeated =
        std::any_of(added.begin() + static_cast<std::ptrdiff_t>(first_here), added.end(),
                    [&](const Diagnostic& earlier) { return same(earlier, diagnostic); });
    if (!repeated) ordered.add(std::move(diagnostic));
  }
  return ordered;
}

void write_diagnostics(json::Writer& out, const DiagnosticSink& sink,
                       std::span<const SourceFile> files, Color color) {
  Places places(files);
  out.begin_array();
  for (const Diagnostic& diagnostic : sink.diagnostics()) {
    out.begin_object();
    out.key("severity").string(severity_word(diagnostic.severity));
    out.key("code").string(diagnostic.code);
    out.key("message").string(diagnostic.message);
    out.key("span");
    places.write(out, diagnostic.span);
    out.key("hint");
    write_text_or_null(out, diagnostic.hint);
    out.key("notes").begin_array();
    for (const DiagnosticNote& note : diagnostic.notes) {
      out.begin_object();
      out.key("message").string(note.message);
      out.key("span");
      places.write(out, note.span);
      out.end_object();
    }
    out.end_array();
    out.key("rendered").string(render(diagnostic, files, color));
    out.end_object();
  }
  out.end_array();
}

std::string summary_of(const DiagnosticSink& sink) {
  if (sink.errors() == 0 && sink.warnings() == 0) return {};
  return summarize(sink.errors(), sink.warnings());
}

}  // namespace cloesce::driver
