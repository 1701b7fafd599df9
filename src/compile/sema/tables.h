// The order of the tables.
#pragma once

#include <cstddef>
#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Indices of the drafts, referenced tables first, then by name; cycles are broken at a foreign key
/// that can be null. Reports cycles without one, and tables whose names differ only in case.
[[nodiscard]] std::vector<std::size_t> order_tables(const Context& context,
                                                    const std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
