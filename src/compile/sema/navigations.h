// Relations: properties that lead to other rows.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Resolves @OneToOne, @OneToMany and @ManyToMany over resolved foreign keys: sets
/// Model::navigations, in declaration order. Answers the junctions of the many-to-many relations,
/// by name.
[[nodiscard]] std::vector<cidl::Junction> resolve_navigations(const Context& context,
                                                              std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
