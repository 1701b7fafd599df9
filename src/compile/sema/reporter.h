// How the passes report: one call per finding, follow-ups of unreadable files left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/span.h"
#include "compile/sema/codes.h"

namespace cloesce::sema {

/// Whether every source file could be read.
enum class Sources : std::uint8_t { kComplete, kIncomplete };

/// Adds findings to a sink. When sources are incomplete, findings that only say that a name is
/// missing are dropped: the missing file may well declare it.
class Reporter {
 public:
  Reporter(DiagnosticSink& sink, Sources sources) : sink_(&sink), sources_(sources) {}

  void report(Code code, std::optional<Span> span, std::string message, std::string hint = {},
              std::vector<DiagnosticNote> notes = {}) const;

  /// Reports what no missing file or member can make right.
  void report_certain(Code code, std::optional<Span> span, std::string message,
                      std::string hint = {}, std::vector<DiagnosticNote> notes = {}) const;

 private:
  DiagnosticSink* sink_;
  Sources sources_;
};

}  // namespace cloesce::sema
