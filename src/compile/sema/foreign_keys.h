// Foreign keys: what each column references, and which columns belong together.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Resolves @ForeignKey on all columns: sets Column::references and ModelDraft::foreign_keys.
///
/// Columns that reference parts of a composite key form one foreign key each time they are
/// complete, in declaration order: the first column for each part belongs to the first foreign key.
void resolve_foreign_keys(const Context& context, std::vector<ModelDraft>& drafts);

/// Whether a row can do without what the foreign key references.
[[nodiscard]] bool is_optional(const ModelDraft& draft, const ForeignKey& key);

}  // namespace cloesce::sema
