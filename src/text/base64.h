// Base64 with the standard alphabet and padding (RFC 4648 §4).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/result.h"

namespace cloesce::text {

/// Characters that encode `bytes` bytes.
[[nodiscard]] constexpr std::size_t base64_encoded_size(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

/// Bytes that `text` stands for if it is base64.
[[nodiscard]] constexpr std::size_t base64_decoded_size(std::string_view text) {
  std::size_t size = text.size() / 4 * 3;
  if (size > 0 && text.back() == '=') size -= text[text.size() - 2] == '=' ? 2 : 1;
  return size;
}

/// Appends the encoding of `bytes`, with padding and without line breaks.
void append_base64(ByteBuffer& out, std::string_view bytes);

/// Decodes into `out`, which has room for base64_decoded_size(text) bytes. Strict: a wrong length,
/// white space, missing or misplaced padding, other alphabets, and bits set that no byte uses are
/// kBase64Invalid. So every value has one text. `out` may begin where `text` does.
[[nodiscard]] Result<void> base64_decode(std::string_view text, std::span<char> out);

/// Decodes to where `text` begins; answers the bytes there. What a failure leaves is undefined.
[[nodiscard]] Result<std::string_view> base64_decode_in_place(std::span<char> text);

/// Decodes into the arena; answers the bytes.
[[nodiscard]] Result<std::string_view> base64_decode(Arena& arena, std::string_view text);

}  // namespace cloesce::text
