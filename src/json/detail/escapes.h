// Finds the next character of a string that is special in JSON, eight bytes at a time.
#pragma once

#include <cstdint>
#include <cstring>

namespace cloesce::json::detail {

/// A control character, a quote or a backslash.
inline bool is_special(char character) {
  return static_cast<unsigned char>(character) < 0x20 || character == '"' || character == '\\';
}

/// True when one of the eight bytes from `cursor` is special.
inline bool any_special(const char* cursor) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  std::uint64_t chunk = 0;
  std::memcpy(&chunk, cursor, sizeof chunk);
  // A byte with its high bit set after the subtraction, but not before it, is below the constant. A
  // borrow can mark the byte above a marked one, never a chunk without any.
  const std::uint64_t quote = chunk ^ (kOnes * '"');
  const std::uint64_t backslash = chunk ^ (kOnes * '\\');
  const std::uint64_t below_space = (chunk - kOnes * 0x20) & ~chunk;
  const std::uint64_t is_quote = (quote - kOnes) & ~quote;
  const std::uint64_t is_backslash = (backslash - kOnes) & ~backslash;
  return ((below_space | is_quote | is_backslash) & kHighBits) != 0;
}

}  // namespace cloesce::json::detail
