// Where in the input a check stands, kept as links on the call stack and written out only for a
// failure.
#pragma once

#include <cstddef>  // size_t
#include <string_view>

#include "base/string.h"

namespace cloesce::validate::detail {

/// One step: a member (`name`), or an element of an array (`index`, when `name` has no data).
struct PathStep {
  const PathStep* parent = nullptr;
  std::string_view name;
  std::size_t index = 0;
};

/// `horse.likes[2].id`. A name that is no identifier is written as `["odd name"]`, escaped and cut
/// to 40 characters.
[[nodiscard]] String render_path(const PathStep* last);

/// `text` as a message quotes it: in quotes, cut to 40 characters, control characters escaped,
/// bytes that are not UTF-8 replaced.
[[nodiscard]] String quote_excerpt(std::string_view text);

}  // namespace cloesce::validate::detail
