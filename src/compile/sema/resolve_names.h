// The names of a project, each given the meaning that its file gives it.
#pragma once

#include "compile/sema/pre_model.h"
#include "compile/sema/reporter.h"

namespace cloesce::sema {

/// Follows every name that a class or a type uses to what its file says it is, and writes down what
/// it means: decorators get Cloesce's name for them, those of other modules are taken out, types
/// and classes get the name of their declaration. Reports decorators and types that are not
/// imported, and decorators of other modules that look like Cloesce's.
void resolve_names(pre::Project& project, const Reporter& reporter);

}  // namespace cloesce::sema
