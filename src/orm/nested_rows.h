// The rows below the root of a caller's save that their own model's SAVE would take, as its hooks
// look at them.
#pragma once

#include "base/string.h"
#include "orm/upsert_plan.h"

namespace cloesce::orm {

/// One of them; none when `row` is null.
struct NestedRow {
  const ModelSchema* model = nullptr;
  const detail::SaveRow* row = nullptr;
};

/// The next one in the order of the input: the first after none. Rows that are only referred to are
/// left out.
[[nodiscard]] NestedRow next_nested(const UpsertPlan& plan, NestedRow after);

/// The object as it was sent, with the keys that it takes from rows around it, as far as they are
/// known before the save.
[[nodiscard]] String nested_json(NestedRow nested);

}  // namespace cloesce::orm
