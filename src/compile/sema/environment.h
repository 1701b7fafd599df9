// The @WranglerEnv class: bindings and variables.
#pragma once

#include <optional>
#include <string>

#include "cidl/model.h"
#include "compile/sema/context.h"

namespace cloesce::sema {

/// The environment of the project, nothing when no class has @WranglerEnv. Members of types that
/// are neither a storage nor a variable (a queue, another service) are the user's own business.
[[nodiscard]] std::optional<cidl::Environment> analyse_environment(const Context& context);

/// The D1 binding of the model `entry`: the one that its decorator names, else the first one of the
/// environment. Empty after reporting that there is none.
[[nodiscard]] std::string database_of(const Context& context,
                                      const std::optional<cidl::Environment>& environment,
                                      const ClassEntry& entry);

}  // namespace cloesce::sema
