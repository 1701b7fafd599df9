// @PlainOldObject classes.
#pragma once

#include <vector>

#include "cidl/model.h"
#include "compile/sema/context.h"

namespace cloesce::sema {

/// The plain objects of the project in source order, with the fields whose types are known.
[[nodiscard]] std::vector<cidl::PlainObject> analyse_plain_objects(const Context& context);

}  // namespace cloesce::sema
