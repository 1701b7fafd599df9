// Edit distance over short names.
#include "validate/detail/near_name.h"

#include <algorithm>  // min
#include <array>
#include <cstddef>  // size_t

#include "base/ascii.h"

namespace cloesce::validate::detail {
namespace {

constexpr std::size_t kLongest = 32;

/// Levenshtein distance without regard to ASCII case. Both texts are at most kLongest long.
std::size_t distance(std::string_view left, std::string_view right) {
  std::array<std::size_t, kLongest + 1> row{};
  for (std::size_t column = 0; column <= right.size(); ++column) row[column] = column;
  for (std::size_t line = 1; line <= left.size(); ++line) {
    std::size_t diagonal = row[0];
    row[0] = line;
    for (std::size_t column = 1; column <= right.size(); ++column) {
      const std::size_t replaced =
          diagonal + (to_lower(left[line - 1]) == to_lower(right[column - 1]) ? 0U : 1U);
      diagonal = row[column];
      row[column] = std::min({replaced, row[column] + 1, row[column - 1] + 1});
    }
  }
  return row[right.size()];
}

}  // namespace

std::string_view nearest_name(std::span<const Member> members, std::string_view name) {
  if (name.empty() || name.size() > kLongest) return {};
  std::string_view nearest;
  // A name of up to three letters is near only when one letter differs.
  std::size_t bound = name.size() > 3 ? 3 : 2;
  for (const Member& member : members) {
    if (member.access == cidl::Access::kHidden || member.name.size() > kLongest) continue;
    const std::size_t edits = distance(name, member.name);
    if (edits < bound && edits < member.name.size()) {
      bound = edits;
      nearest = member.name;
    }
  }
  return nearest;
}

}  // namespace cloesce::validate::detail
