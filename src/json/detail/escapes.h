// Finds the next character of a string that is special in JSON, eight bytes at a time.
#pragma once

#include <cstdint>
#include <cstring>

namespace cloesce::json::detail {

/// A character below `kFirst`, a quote or a backslash.
template <char kFirst = ' '>
bool is_special(char character) {
  return static_cast<unsigned char>(character) < kFirst || character == '"' || character == '\\';
}

/// True when one of the eight bytes from `cursor` is special. With another `kFirst` than a space
/// also when one is not ASCII.
template <char kFirst = ' '>
bool any_special(const char* cursor) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  std::uint64_t chunk = 0;
  std::memcpy(&chunk, cursor, sizeof chunk);
  // A byte with its high bit set after the subtraction, but not before it, is below the constant. A
  // borrow can mark the byte above a marked one, never a chunk without any.
  const std::uint64_t quote = chunk ^ (kOnes * '"');
  const std::uint64_t backslash = chunk ^ (kOnes * '\\');
  const std::uint64_t below_first = (chunk - kOnes * kFirst) & ~chunk;
  const std::uint64_t is_quote = (quote - kOnes) & ~quote;
  const std::uint64_t is_backslash = (backslash - kOnes) & ~backslash;
  const std::uint64_t beyond_ascii = kFirst == ' ' ? 0 : chunk;
  return ((below_first | is_quote | is_backslash | beyond_ascii) & kHighBits) != 0;
}

}  // namespace cloesce::json::detail
