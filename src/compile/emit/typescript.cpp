// TypeScript spelling.
#include "compile/emit/typescript.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/byte_buffer.h"
#include "json/writer.h"
#include "text/identifier.h"

namespace cloesce::emit {
namespace {

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
  return text::is_identifier(name) ? std::string(name) : quoted(name);
}

std::string member(std::string_view object, std::string_view name) {
  std::string result(object);
  if (text::is_identifier(name)) return result.append(".").append(name);
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
    name.push_back(text::is_identifier_character(character) ? character : '_');
  }
  if (name.empty() || is_digit(name.front())) name.insert(name.begin(), '_');
  while (text::is_reserved_word(name) || taken_.contains(name)) {
    name.push_back('_');
  }
  taken_.insert(name);
  return name;
}

}  // namespace cloesce::emit
