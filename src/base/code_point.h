// Decoding of one UTF-8 code point.
#pragma once

#include <cstddef>
#include <string_view>

namespace cloesce {

/// What text begins with: `size` bytes that stand for `value`. `size` is 0 when the bytes are not
/// UTF-8 (overlong forms, surrogates and values beyond U+10FFFF are not) or the text is empty.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;
};

[[nodiscard]] constexpr CodePoint decode_code_point(std::string_view text) {
  if (text.empty()) return {};
  const auto byte = [&text](std::size_t index) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[index]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t size = 0;
  char32_t smallest = 0;
  char32_t value = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    size = 2;
    smallest = 0x80;
    value = lead & 0x1F;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    size = 3;
    smallest = 0x800;
    value = lead & 0x0F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4;
    smallest = 0x10000;
    value = lead & 0x07;
  } else {
    return {};
  }
  if (text.size() < size) return {};
  for (std::size_t index = 1; index < size; ++index) {
    if ((byte(index) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(index) & 0x3F);
  }
  if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, size};
}

}  // namespace cloesce
