// Order, repetition, JSON.
#include "compile/driver/report.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

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

void write_span(json::Writer& out, const std::optional<Span>& span, const SourceMap& sources) {
  if (!span || !sources.holds(*span)) {
    out.null();
    return;
  }
  const Position position = sources.text(*span).position(span->begin);
  out.begin_array();
  out.integer(static_cast<std::int64_t>(span->file));
  out.integer(span->begin);
  out.integer(span->end);
  out.integer(position.line);
  out.integer(position.column);
  out.end_array();
}

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

void write_diagnostics(json::Writer& out, const DiagnosticSink& sink, const SourceMap& sources,
                       Color color) {
  out.begin_array();
  for (const Diagnostic& diagnostic : sink.diagnostics()) {
    out.begin_object();
    out.key("severity").string(severity_text(diagnostic.severity));
    out.key("code").string(diagnostic.code);
    out.key("message").string(diagnostic.message);
    out.key("span");
    write_span(out, diagnostic.span, sources);
    out.key("hint");
    write_text_or_null(out, diagnostic.hint);
    out.key("notes").begin_array();
    for (const DiagnosticNote& note : diagnostic.notes) {
      out.begin_object();
      out.key("message").string(note.message);
      out.key("span");
      write_span(out, note.span, sources);
      out.end_object();
    }
    out.end_array();
    out.key("rendered").string(render(diagnostic, sources, color));
    out.end_object();
  }
  out.end_array();
}

}  // namespace cloesce::driver
