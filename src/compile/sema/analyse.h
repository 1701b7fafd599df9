// The analysis: from what the sources say to the interface that they declare.
#pragma once

#include "base/diagnostic.h"
#include "cidl/model.h"
#include "compile/sema/pre_model.h"

namespace cloesce::sema {

/// Resolves and checks everything, and reports all findings to `sink`, those of the extractor
/// first. The interface is complete and consistent (cidl::load takes it) when the sink has no error
/// afterwards; otherwise it holds what could be understood and must not be emitted.
[[nodiscard]] cidl::Interface analyse(const pre::Project& project, DiagnosticSink& sink);

}  // namespace cloesce::sema
