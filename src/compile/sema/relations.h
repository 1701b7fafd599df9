// What the decorator of a relation says, before foreign keys and junctions are looked at.
#pragma once

#include <string_view>
#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/marks.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

struct Relation {
  Mark mark = Mark::kOneToOne;
  const pre::DecoratorNode* decorator = nullptr;
};

/// The first relation decorator of a property that has one.
[[nodiscard]] Relation relation_of(const pre::PropertyNode& property);

/// What the decorator names: `("a")`, `("a", "b")`, `(["a", "b"])` or `(other => other.a)`. Empty
/// when it names nothing.
[[nodiscard]] std::vector<std::string_view> named_members(const pre::DecoratorNode& decorator);

/// The model that `property` of `draft` leads to. nullptr after reporting that its type is none,
/// does not fit the decorator, is in another database, or that there are two decorators.
[[nodiscard]] ModelDraft* relation_target(const Context& context, std::vector<ModelDraft>& drafts,
                                          const ModelDraft& draft,
                                          const pre::PropertyNode& property,
                                          const pre::DecoratorNode& decorator);

}  // namespace cloesce::sema
