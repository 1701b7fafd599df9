// Hexadecimal by table, base64 by text/base64.h.
#include "orm/detail/binary.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "text/base64.h"

namespace cloesce::orm::detail {
namespace {

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digit_values() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = kNoDigit;
  for (std::uint8_t digit = 0; digit < 10; ++digit) values['0' + digit] = digit;
  for (std::uint8_t digit = 10; digit < 16; ++digit) {
    values['a' + digit - 10U] = digit;
    values['A' + digit - 10U] = digit;
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> kDigitValues = make_digit_values();

}  // namespace

bool append_base64_of_hex(ByteBuffer& out, std::string_view hex) {
  if (hex.size() % 2 != 0) return false;
  const std::span<char> bytes = out.arena().make_span<char>(hex.size() / 2);
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    const std::uint8_t high = kDigitValues[static_cast<unsigned char>(hex[2 * index])];
    const std::uint8_t low = kDigitValues[static_cast<unsigned char>(hex[2 * index + 1])];
    if (high == kNoDigit || low == kNoDigit) return false;
    bytes[index] = static_cast<char>(high << 4 | low);
  }
  append_base64(out, {bytes.data(), bytes.size()});
  return true;
}

void append_base64(ByteBuffer& out, std::string_view bytes) {
  out.push('"');
  text::append_base64(out, bytes);
  out.push('"');
}

bool append_hex_of_base64(ByteBuffer& out, std::string_view base64) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  Result<std::string_view> bytes = text::base64_decode(out.arena(), base64);
  if (!bytes.ok()) return false;
  char* cursor = out.prepare(bytes->size() * 2);
  for (const char character : *bytes) {
    const auto byte = static_cast<unsigned char>(character);
    *cursor++ = kDigits[byte >> 4];
    *cursor++ = kDigits[byte & 0xF];
  }
  out.commit(bytes->size() * 2);
  return true;
}

}  // namespace cloesce::orm::detail
