// Bytes between the two text forms they travel in: base64 in JSON, hexadecimal in SQL.
#pragma once

#include <string_view>

#include "base/byte_buffer.h"

namespace cloesce::orm::detail {

/// Appends the base64 of the bytes that `hex` stands for, with quotes. False when `hex` is not
/// hexadecimal.
[[nodiscard]] bool append_base64_of_hex(ByteBuffer& out, std::string_view hex);

/// Appends the base64 of `bytes`, with quotes.
void append_base64(ByteBuffer& out, std::string_view bytes);

/// Appends the bytes of `base64` as hexadecimal digits. False when it is not base64.
[[nodiscard]] bool append_hex_of_base64(ByteBuffer& out, std::string_view base64);

}  // namespace cloesce::orm::detail
