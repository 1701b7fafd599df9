// The letters and digits of ASCII; other bytes are left as they are.
#pragma once

#include <string_view>

namespace cloesce {

[[nodiscard]] constexpr bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

[[nodiscard]] constexpr bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

[[nodiscard]] constexpr char to_lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                              : character;
}

/// Equal but for the case of letters: as SQLite compares names, and HTTP the words of a header.
[[nodiscard]] bool same_but_for_case(std::string_view left, std::string_view right);

}  // namespace cloesce
