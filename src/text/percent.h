// Percent-coding of URL parts (RFC 3986).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/result.h"
#include "base/string.h"

namespace cloesce::text {

/// What a `+` stands for: itself in a path, a space in a query.
enum class Plus : std::uint8_t { kLiteral, kSpace };

/// Decodes a path segment or a query component. Strict: a `%` without two hexadecimal digits, and
/// bytes that are not UTF-8 after decoding, are kMalformedUrl. Answers `text` itself when there is
/// nothing to decode, else text in the arena.
[[nodiscard]] Result<std::string_view> percent_decode(Arena& arena, std::string_view text,
                                                      Plus plus = Plus::kLiteral);

/// Appends `text` as one path segment: all but the unreserved characters (letters, digits, `-._~`)
/// escaped.
void append_percent_encoded(ByteBuffer& out, std::string_view text);

}  // namespace cloesce::text
