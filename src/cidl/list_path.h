// Paths of columns as a LIST opens them: `title`, `album.artist.name`.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "cidl/model.h"

namespace cloesce::cidl {

/// Rows that a LIST answers at most when its model says nothing, and the most that others may ask.
inline constexpr std::uint32_t kListRows = 1000;
/// Rows that a LIST answers when its model opens something and the caller says no number.
inline constexpr std::uint32_t kPageRows = 100;

/// Where a path leads.
struct PathTarget {
  const Model* model = nullptr;            // of the last name
  const Column* column = nullptr;          // none: the path leads to nothing
  std::vector<const Navigation*> through;  // relations on the way
  std::string_view name;                   // the last that was looked at
};

/// Follows `path` from `model`, whose relations lead to what `find` answers.
[[nodiscard]] PathTarget follow_path(const Model& model, std::string_view path,
                                     const std::function<const Model*(std::string_view)>& find);

}  // namespace cloesce::cidl
