// Diagnostics in the form that the hosts read: docs/internals/extraction.md and compiler.md.
#pragma once

#include <span>
#include <string>

#include "base/diagnostic.h"
#include "base/diagnostic_render.h"
#include "json/writer.h"

namespace cloesce::driver {

/// The findings of `sink` in the order of their places (those without one last), each once.
[[nodiscard]] DiagnosticSink in_order(const DiagnosticSink& sink);

/// Writes the array of diagnostics, each with its rendered text.
void write_diagnostics(json::Writer& out, const DiagnosticSink& sink,
                       std::span<const SourceFile> files, Color color);

/// `2 errors, 1 warning`; empty when there is neither.
[[nodiscard]] std::string summary_of(const DiagnosticSink& sink);

}  // namespace cloesce::driver
