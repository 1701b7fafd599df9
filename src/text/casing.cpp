// Words are split first, then joined again in another case.
#include "text/casing.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace cloesce::text {
namespace {

bool is_lower(char character) { return character >= 'a' && character <= 'z'; }
bool is_upper(char character) { return character >= 'A' && character <= 'Z'; }
bool is_digit(char character) { return character >= '0' && character <= '9'; }
bool is_word_character(char character) {
  return is_lower(character) || is_upper(character) || is_digit(character) ||
         static_cast<unsigned char>(character) >= 0x80;
}
char lower(char character) {
  return is_upper(character) ? static_cast<char>(character - 'A' + 'a') : character;
}
char upper(char character) {
  return is_lower(character) ? static_cast<char>(character - 'a' + 'A') : character;
}

// True when a new word begins at `index`: after a separator, at a capital behind a small letter or
// digit, and at the last capital of a run that goes on in small letters (`HTTPServer`).
bool begins_word(std::string_view name, std::size_t index) {
  if (index == 0 || !is_word_character(name[index - 1])) return true;
  if (!is_upper(name[index])) return false;
  if (!is_upper(name[index - 1])) return true;
  return index + 1 < name.size() && is_lower(name[index + 1]);
}

std::vector<std::string_view> words_of(std::string_view name) {
  std::vector<std::string_view> words;
  for (std::size_t index = 0; index < name.size();) {
    if (!is_word_character(name[index])) {
      ++index;
      continue;
    }
    std::size_t end = index + 1;
    while (end < name.size() && is_word_character(name[end]) && !begins_word(name, end)) ++end;
    words.push_back(name.substr(index, end - index));
    index = end;
  }
  return words;
}

void append_lower(std::string& out, std::string_view word) {
  for (const char character : word) out.push_back(lower(character));
}

void append_capitalised(std::string& out, std::string_view word) {
  out.push_back(upper(word.front()));
  out.append(word.substr(1));
}

}  // namespace

bool is_identifier(std::string_view name) {
  const auto is_letter = [](char character) {
    return is_lower(character) || is_upper(character) || character == '_' || character == '$';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin() + 1, name.end(), [&is_letter](char character) {
           return is_letter(character) || is_digit(character);
         });
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

std::string to_camel_case(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (const std::string_view word : words_of(name)) {
    if (out.empty()) {
      append_lower(out, word);
    } else {
      append_capitalised(out, word);
    }
  }
  return out;
}

std::string to_pascal_case(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (const std::string_view word : words_of(name)) append_capitalised(out, word);
  return out;
}

std::string to_kebab_case(std::string_view name) {
  std::string out;
  out.reserve(name.size() + 4);
  for (const std::string_view word : words_of(name)) {
    if (!out.empty()) out.push_back('-');
    append_lower(out, word);
  }
  return out;
}

}  // namespace cloesce::text
