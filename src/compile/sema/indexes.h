// @Unique("a", "b") and @Index("a", "b") on a class: keys and indexes over several columns.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Reads the indexes that classes name, once their columns are known and before their relations
/// are. One over a single column becomes a part of that column.
void resolve_indexes(const Context& context, std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
