// @Version on a column: what a save must know of the row that it changes.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Marks the columns with a version, once it is known which members callers see and give.
void resolve_versions(const Context& context, std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
