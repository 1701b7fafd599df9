// Hooks of the app: each stands in front of something that is there.
#pragma once

#include <vector>

#include "cidl/model.h"
#include "compile/sema/context.h"

namespace cloesce::sema {

/// Reports hooks that guard nothing: for what is no model or service, for a method that is no
/// route, for instances that no request reads. What is not written out is left to the start of the
/// Worker.
void check_hooks(const Context& context, const cidl::Interface& interface);

}  // namespace cloesce::sema
