// Scalars as they stand in a URL: decoded text in, JSON out.
#pragma once

#include <string_view>

#include "base/byte_buffer.h"
#include "base/result.h"
#include "cidl/kinds.h"

namespace cloesce::validate::detail {

/// Appends `text` as the JSON of a kInteger, kReal, kText, kBoolean or kDateIso; every other kind
/// is refused. Numbers and booleans are strict literals without white space around them. Appends
/// nothing on failure: kTypeMismatch, kIntegerOutOfRange or kDateInvalid, without a path.
[[nodiscard]] Result<void> append_scalar(ByteBuffer& out, cidl::TypeKind kind,
                                         std::string_view text);

}  // namespace cloesce::validate::detail
