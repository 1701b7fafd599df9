// Values of callers as the texts that are bound: D1 binds every JavaScript number as a real one. A
// column's affinity makes them what they are.
#pragma once

#include <string_view>

#include "base/byte_buffer.h"
#include "orm/schema.h"

namespace cloesce::orm::detail {

/// Appends `text` as the JSON string that is bound for a column of that kind. False when it does
/// not have the canonical form of its type: integers without leading zeros and within 2^53, `true`
/// or `false`, base64 for bytes.
[[nodiscard]] bool append_bound_value(ByteBuffer& out, ColumnKind kind, std::string_view text);

/// What that takes, for messages: `an Integer`.
[[nodiscard]] std::string_view expected_value(ColumnKind kind);

}  // namespace cloesce::orm::detail
