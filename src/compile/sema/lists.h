// What @CRUD opens of a LIST: the columns that callers may filter and order by, and how many rows.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// The option of @CRUD that says it.
inline constexpr std::string_view kListOption = "list";

/// Reads the option `list` of all models, once their relations and what is hidden are known.
void resolve_lists(const Context& context, std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
