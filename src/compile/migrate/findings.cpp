// Codes and severities of the findings, from the one list.
#include "compile/migrate/findings.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <optional>
#include <utility>

namespace cloesce::migrate {

Severity severity_of(Finding finding) {
  switch (finding) {
#define CLOESCE_FINDING(name, number, severity) \
  case Finding::name:                           \
    return Severity::severity;
#include "compile/migrate/codes.def"  // NOLINT
#undef CLOESCE_FINDING
  }
  return Severity::kError;
}

void report(DiagnosticSink& sink, Finding finding, std::string message, std::string hint) {
  sink.add(Diagnostic{severity_of(finding),
                      fmt::format(FMT_COMPILE("CLO{}"), static_cast<unsigned>(finding)),
                      std::move(message),
                      std::nullopt,
                      std::move(hint),
                      {}});
}

}  // namespace cloesce::migrate
