// Diagnostics as people read them in a terminal.
#pragma once

#include <cstdint>
#include <string>

#include "base/diagnostic.h"
#include "compile/driver/source_map.h"

namespace cloesce::driver {

enum class Color : std::uint8_t { kPlain, kAnsi };

/// The heading, the place, the source line with carets below it, the hint and the notes, each line
/// ended:
///
///     error[CLO2201]: `Horse.id` has the unknown type `Integr`
///       --> src/horse.cloesce.ts:12:7
///        |
///     12 |   id: Integr;
///        |       ^^^^^^
///        = hint: did you mean `Integer`?
///
/// Control characters of messages and sources are replaced, so that no source can steer the
/// terminal.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, const SourceMap& sources,
                                 Color color);

/// `2 errors, 1 warning`; empty when there is neither.
[[nodiscard]] std::string summary(const DiagnosticSink& sink);

/// `error`, `warning`, `note`.
[[nodiscard]] std::string_view severity_text(Severity severity);

}  // namespace cloesce::driver
