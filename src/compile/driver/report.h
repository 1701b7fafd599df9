// Diagnostics in the form that the hosts read: docs/internals/extraction.md and compiler.md.
#pragma once

#include "base/diagnostic.h"
#include "compile/driver/render.h"
#include "compile/driver/source_map.h"
#include "json/writer.h"

namespace cloesce::driver {

/// The findings of `sink` in the order of their places (those without one last), each once.
[[nodiscard]] DiagnosticSink in_order(const DiagnosticSink& sink);

/// Writes the array of diagnostics, each with its rendered text.
void write_diagnostics(json::Writer& out, const DiagnosticSink& sink, const SourceMap& sources,
                       Color color);

}  // namespace cloesce::driver
