// Calls that read what keys of KV models had.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Reports calls of `orm.history` and `orm.watch` with a KV model that has no history. What else is
/// called so, and with what, is not ours to judge.
void check_history_calls(const Context& context, const std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
