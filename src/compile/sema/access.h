// What callers may do with members: @Hidden, @ReadOnly and @Writable, and the columns that hold
// keys of KV and R2.
#pragma once

#include <string_view>
#include <vector>

#include "cidl/model.h"
#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"
#include "compile/sema/pre_model.h"

namespace cloesce::sema {

/// What the decorators of a property say; kOpen without one. `subject` is what messages call it.
[[nodiscard]] cidl::Access declared_access(const Context& context,
                                           const pre::PropertyNode& property,
                                           std::string_view subject);

/// Sets the access of columns, relations and stored fields, which are all known:
/// - A column that holds a key of KV or R2 is read-only unless it is @Writable or a primary key.
/// - A relation over foreign key columns that callers may not give is read-only: to give it is to
///   give them.
/// Reports keys that could not be given, and hidden columns that another member tells.
void resolve_access(const Context& context, std::vector<ModelDraft>& drafts);

/// Reports what @CRUD and KV make of it: rows that SAVE can never add, keys that callers choose,
/// and values of KV with members that are not open. Methods and plain objects are known.
void check_access(const Context& context, const std::vector<ModelDraft>& drafts,
                  const std::vector<cidl::PlainObject>& plain_objects);

}  // namespace cloesce::sema
