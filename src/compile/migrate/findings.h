// What a migration has to tell its author: stable codes, severities, and one call to report.
#pragma once

#include <cstdint>
#include <string>

#include "base/diagnostic.h"

namespace cloesce::migrate {

enum class Finding : std::uint16_t {
#define CLOESCE_FINDING(name, number, severity) name = number,
#include "compile/migrate/codes.def"  // NOLINT
#undef CLOESCE_FINDING
};

[[nodiscard]] Severity severity_of(Finding finding);

/// Adds a diagnostic with the code and severity of `finding`. Migrations start from `cidl.json`, so
/// there is no place in a source file to point at.
void report(DiagnosticSink& sink, Finding finding, std::string message, std::string hint);

}  // namespace cloesce::migrate
