// Values of a query as they are bound, with failures that name their place.
#pragma once

#include <string_view>

#include "base/byte_buffer.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/schema.h"

namespace cloesce::orm::detail {

/// kQueryInvalid: "expected …, got …".
[[nodiscard]] Failure unexpected_value(std::string_view path, std::string_view expected,
                                       const json::Value& value);

/// Appends `json` as the JSON string that is bound for a column of that kind. kQueryInvalid at
/// `path` when it is of another type.
[[nodiscard]] Result<void> append_query_value(ByteBuffer& out, ColumnKind kind,
                                              const json::Value& json, std::string_view path);

}  // namespace cloesce::orm::detail
