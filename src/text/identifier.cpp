// Identifiers and the words that are kept from being one.
#include "text/identifier.h"

#include <algorithm>
#include <array>

namespace cloesce::text {

bool is_identifier(std::string_view name) {
  return !name.empty() && !is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), is_identifier_character);
}

bool is_reserved_word(std::string_view name) {
  // Sorted. With the words that only strict mode or modules reserve, and the names they refuse to
  // bind.
  static constexpr std::array<std::string_view, 49> kWords = {
      "arguments", "await",      "break",   "case",    "catch",      "class",     "const",
      "continue",  "debugger",   "default", "delete",  "do",         "else",      "enum",
      "eval",      "export",     "extends", "false",   "finally",    "for",       "function",
      "if",        "implements", "import",  "in",      "instanceof", "interface", "let",
      "new",       "null",       "package", "private", "protected",  "public",    "return",
      "static",    "super",      "switch",  "this",    "throw",      "true",      "try",
      "typeof",    "undefined",  "var",     "void",    "while",      "with",      "yield"};
  return std::binary_search(kWords.begin(), kWords.end(), name);
}

}  // namespace cloesce::text
