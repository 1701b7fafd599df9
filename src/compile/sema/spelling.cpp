// Edit distance over short names.
#include "compile/sema/spelling.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.h"

namespace cloesce::sema {
namespace {

constexpr std::size_t kLongest = 48;

// Edits from one text to the other without regard to case: a letter put in, left out or replaced,
// or two neighbours swapped. Both texts are at most kLongest long.
std::size_t distance(std::string_view left, std::string_view right) {
  using Row = std::array<std::size_t, kLongest + 1>;
  Row two_above{};
  Row above{};
  Row row{};
  const auto same = [&](std::size_t line, std::size_t column) {
    return to_lower(left[line - 1]) == to_lower(right[column - 1]);
  };
  for (std::size_t column = 0; column <= right.size(); ++column) row[column] = column;
  for (std::size_t line = 1; line <= left.size(); ++line) {
    two_above = above;
    above = row;
    row[0] = line;
    for (std::size_t column = 1; column <= right.size(); ++column) {
      const std::size_t replaced = above[column - 1] + (same(line, column) ? 0U : 1U);
      row[column] = std::min({replaced, above[column] + 1, row[column - 1] + 1});
      if (line > 1 && column > 1 && same(line, column - 1) && same(line - 1, column)) {
        row[column] = std::min(row[column], two_above[column - 2] + 1);
      }
    }
  }
  return row[right.size()];
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& character : result) character = to_lower(character);
  return result;
}

std::string_view nearest_name(std::span<const std::string_view> candidates, std::string_view name) {
  if (name.empty() || name.size() > kLongest) return {};
  std::string_view nearest;
  std::size_t bound = name.size() > 3 ? 3 : 2;
  for (const std::string_view candidate : candidates) {
    if (candidate.empty() || candidate.size() > kLongest) continue;
    const std::size_t edits = distance(name, candidate);
    if (edits < bound && edits < candidate.size()) {
      bound = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(std::span<const std::string_view> candidates, std::string_view name,
                         std::string_view otherwise) {
  const std::string_view nearest = nearest_name(candidates, name);
  if (nearest.empty()) return std::string(otherwise);
  return fmt::format(FMT_COMPILE("did you mean `{}`?"), nearest);
}

}  // namespace cloesce::sema
