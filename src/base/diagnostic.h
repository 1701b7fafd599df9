// Compile-time findings: what the analysis, the migrations and the emitters report.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/span.h"

namespace cloesce {

enum class Severity : std::uint8_t { kError, kWarning, kNote };

/// `error`, `warning` or `note`.
[[nodiscard]] constexpr std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      break;
  }
  return "note";
}

/// A sentence with an optional place, printed below the main message.
struct DiagnosticNote {
  std::string message;
  std::optional<Span> span;
};

/// One finding. `code` is stable (`CLO2104`), `message` names the declaration, `hint` names the
/// fix.
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;
  std::string message;
  std::optional<Span> span;
  std::string hint;  // empty: none
  std::vector<DiagnosticNote> notes;
};

/// Collects findings in order. Stages go on after an error with what they have.
class DiagnosticSink {
 public:
  void add(Diagnostic diagnostic) {
    if (diagnostic.severity == Severity::kError) ++errors_;
    if (diagnostic.severity == Severity::kWarning) ++warnings_;
    diagnostics_.push_back(std::move(diagnostic));
  }
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t warnings() const { return warnings_; }

 private:
  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

}  // namespace cloesce
