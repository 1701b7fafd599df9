#include "storage/byte_order.h"

#include <algorithm>
#include <cstring>

namespace cloesce::storage {

std::optional<std::string> prefix_successor(std::string_view prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF)
    prefix.remove_suffix(1);
  if (prefix.empty()) return std::nullopt;
  std::string successor(prefix);
  successor.back() = static_cast<char>(static_cast<unsigned char>(successor.back()) + 1);
  return successor;
}

bool stands_before(std::string_view left, std::string_view right) {
  const std::size_t common = std::min(left.size(), right.size());
  const int order = common == 0 ? 0 : std::memcmp(left.data(), right.data(), common);
  return order != 0 ? order < 0 : left.size() < right.size();
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    digits += kDigits[value >> 4];
    digits += kDigits[value & 15];
  }
  return digits;
}

}  // namespace cloesce::storage
