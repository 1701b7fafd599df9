// Names that emitted files can use as they are.
#pragma once

#include <string_view>

#include "base/ascii.h"

namespace cloesce::text {

/// `$` and `_` are letters of JavaScript.
[[nodiscard]] constexpr bool is_identifier_character(char character) {
  return is_letter(character) || is_digit(character) || character == '_' || character == '$';
}

/// True for an ASCII JavaScript identifier. Names with other letters are written in quotes, so they
/// need not be told apart.
[[nodiscard]] bool is_identifier(std::string_view name);

/// True for a word that cannot name a variable in a strict-mode module: `class`, `await`, `let`, …
[[nodiscard]] bool is_reserved_word(std::string_view name);

}  // namespace cloesce::text
