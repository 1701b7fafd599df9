// The option `writes` of @CRUD: which relations a caller's save may write.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Reads the grants of all models, once their methods are known, and warns of data sources that
/// lead a save to relations which it does not write.
void resolve_writes(const Context& context, std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
