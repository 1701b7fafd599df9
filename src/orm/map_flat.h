// Objects from flat rows with dotted column names, such as those of orm/query_text.h.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/include_tree.h"

namespace cloesce::orm {

/// The objects in `rows`, a JSON array of flat objects (`"id"`, `"likes.id"`,
/// `"likes.horse.name"`), as a compact JSON array. Rows with the same key are one object, and so on
/// at every level, in the order in which they are first seen; of several rows behind a to-one
/// relation the first counts. A relation whose key columns are null or not among the columns has no
/// object. Columns that a row does not have are left out of the object; columns that are not of the
/// tree are passed over. Values are as D1 answers them: booleans as 0 and 1, bytes as arrays of
/// numbers (or base64 strings). kOrmInputInvalid when `rows` is no list of objects or a row lacks
/// the model's own key column; kIntegerUnsafe and kStorageFailed as in orm/map_rows.h.
[[nodiscard]] Result<std::string_view> map_flat(const IncludeTree& tree, const json::Value& rows,
                                                Arena& arena);

}  // namespace cloesce::orm
