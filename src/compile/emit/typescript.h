// TypeScript spelling: literals, property names, local names, import paths.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace cloesce::emit {

/// A string literal with double quotes.
[[nodiscard]] std::string quoted(std::string_view text);

/// `name` where a property is declared: as it is when it is an ASCII identifier, else quoted.
[[nodiscard]] std::string property_name(std::string_view name);

/// `object.name`, or `object["odd name"]`.
[[nodiscard]] std::string member(std::string_view object, std::string_view name);

/// The path to import the source file `file` by, from a module in the folder `from`. Both are
/// relative to the project root, with forward slashes. The extension `.ts` is left out:
/// `../src/horse.cloesce`.
[[nodiscard]] std::string import_path(std::string_view from, std::string_view file);

/// Names of one scope. Hands out identifiers that are neither reserved by the language nor taken. A
/// copy is an inner scope: the names of the outer one are visible in it, and thus taken.
class Scope {
 public:
  /// Takes `name` as it is.
  void reserve(std::string_view name) { taken_.emplace(name); }

  /// An identifier that reads like `wanted`; it is taken from then on.
  [[nodiscard]] std::string declare(std::string_view wanted);

 private:
  std::set<std::string, std::less<>> taken_;
};

}  // namespace cloesce::emit
