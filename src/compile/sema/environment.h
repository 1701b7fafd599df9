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

/// Something that is stored behind a binding.
struct BindingUse {
  cidl::BindingKind kind = cidl::BindingKind::kD1;
  std::string subject;  // "the model `Horse`", "`Horse.feed`"
  const pre::ValueNode* name =
      nullptr;  // as its decorator names it; nullptr: the first of the kind
  Span span;    // the decorator
};

/// The name of that binding. Empty after reporting that there is none.
[[nodiscard]] std::string binding_of(const Context& context,
                                     const std::optional<cidl::Environment>& environment,
                                     const BindingUse& use);

}  // namespace cloesce::sema
