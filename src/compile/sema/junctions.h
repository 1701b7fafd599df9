// Many-to-many relations: two properties that name the same junction table.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

struct JunctionPlan {
  std::vector<cidl::Junction> junctions;  // by name
  /// The junction's name for each property that is a side of one.
  std::unordered_map<const pre::PropertyNode*, std::string> junction_of;
};

/// Pairs the @ManyToMany properties of all models. Properties that were reported are not in the
/// plan.
[[nodiscard]] JunctionPlan plan_junctions(const Context& context, std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
