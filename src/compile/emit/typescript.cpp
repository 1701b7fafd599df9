// TypeScript spelling.
#include "compile/emit/typescript.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "json/writer.h"

namespace cloesce::emit {
namespace {

/// Words that cannot name a parameter or a constant in a module, sorted.
constexpr std::array<std::string_view, 49> kReservedWords = {
    "arguments", "await",      "break",   "case",    "catch",      "class",     "const",
    "continue",  "debugger",   "default", "delete",  "do",         "else",      "enum",
    "eval",      "export",     "extends", "false",   "finally",    "for",       "function",
    "if",        "implements", "import",  "in",      "instanceof", "interface", "let",
    "new",       "null",       "package", "private", "protected",  "public",    "return",
    "static",    "super",      "switch",  "this",    "throw",      "true",      "try",
    "typeof",    "undefined",  "var",     "void",    "while",      "with",      "yield",
};

bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         character == '_' || character == '$';
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_identifier(std::string_view name) {
  if (name.empty() || !is_letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char character) { return is_letter(character) || is_digit(character); });
}

/// The segments of a relative path, without the empty ones and those that stand for the same
/// folder.
std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> result;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (!segment.empty() && segment != ".") result.push_back(segment);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return result;
}

}  // namespace

std::string quoted(std::string_view text) {
  Arena arena;
  ByteBuffer buffer(arena);
  json::append_string(buffer, text);
  return std::string(buffer.view());
}

std::string property_name(std::string_view name) {
  // In an object literal a plain __proto__ sets the prototype.
  if (name == "__proto__") return "[\"__proto__\"]";
  return is_identifier(name) ? std::string(name) : quoted(name);
}

std::string member(std::string_view object, std::string_view name) {
  std::string result(object);
  if (is_identifier(name)) return result.append(".").append(name);
  return result.append("[").append(quoted(name)).append("]");
}

std::string import_path(std::string_view from, std::string_view file) {
  const std::vector<std::string_view> folder = segments(from);
  std::vector<std::string_view> target = segments(file);
  std::size_t shared = 0;
  while (shared < folder.size() && shared + 1 < target.size() && folder[shared] == target[shared]) {
    ++shared;
  }
  std::string result;
  for (std::size_t index = shared; index < folder.size(); ++index) result.append("../");
  if (result.empty()) result = "./";
  for (std::size_t index = shared; index < target.size(); ++index) {
    if (index > shared) result.push_back('/');
    result.append(target[index]);
  }
  if (result.ends_with(".ts")) result.resize(result.size() - 3);
  return result;
}

std::string Scope::declare(std::string_view wanted) {
  std::string name;
  for (const char character : wanted) {
    name.push_back(is_letter(character) || is_digit(character) ? character : '_');
  }
  if (name.empty() || is_digit(name.front())) name.insert(name.begin(), '_');
  while (std::binary_search(kReservedWords.begin(), kReservedWords.end(), name) ||
         taken_.contains(name)) {
    name.push_back('_');
  }
  taken_.insert(name);
  return name;
}

}  // namespace cloesce::emit
