// A fast 64-bit hash of short texts, usable at compile time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cloesce {

/// Hash of `text`. Stable between runs and platforms, but not a cryptographic one: tables that hold
/// names chosen by a caller need a bound on their size.
[[nodiscard]] constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;
  const auto word_at = [&text](std::size_t begin, std::size_t count) {
    std::uint64_t word = 0;
    for (std::size_t index = 0; index < count; ++index) {
      const auto byte = static_cast<unsigned char>(text[begin + index]);
      word |= static_cast<std::uint64_t>(byte) << (8 * index);
    }
    return word;
  };
  const auto mix = [](std::uint64_t state, std::uint64_t word) {
    state = (state ^ word) * kMultiplier;
    return state ^ (state >> 32);
  };

  // The length keeps texts apart that differ only in trailing NUL bytes.
  std::uint64_t state = mix(seed ^ kMultiplier, text.size());
  std::size_t position = 0;
  for (; text.size() - position >= 8; position += 8) state = mix(state, word_at(position, 8));
  if (position < text.size()) state = mix(state, word_at(position, text.size() - position));
  state *= 0xD6E8FEB86659FD93ULL;
  return state ^ (state >> 29);
}

}  // namespace cloesce
