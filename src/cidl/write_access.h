// What a caller may write by the ready-made SAVE of each model.
#pragma once

#include <cstddef>
#include <vector>

#include "cidl/find.h"
#include "cidl/model.h"

namespace cloesce::cidl {

/// At one relation: what may be done with the rows it leads to, and the level that holds below it.
struct RelationAccess {
  static constexpr std::size_t kNoLevel = SIZE_MAX;

  WriteRight right = WriteRight::kNone;
  std::size_t below = kNoLevel;  // in WriteAccess::levels; none where nothing is granted
};

/// What holds at a place of a save: for rows of a model that were come to under the same grants.
struct AccessLevel {
  const Model* model = nullptr;
  std::vector<RelationAccess> relations;  // by navigation
};

struct WriteAccess {
  std::vector<AccessLevel> levels;
  std::vector<std::size_t> roots;  // by model: that of its SAVE, or kNoLevel
};

/// Whether callers can save instances of the model.
[[nodiscard]] bool has_save(const Model& model);

/// Whether instances have members that are no columns: relations, or what KV and R2 hold.
[[nodiscard]] bool has_more_than_columns(const Model& model);

/// A row below another may be written as its own SAVE would, or where a grant leads to it; a link
/// where it is granted, or both sides have SAVE. Grants of a model with SAVE hold wherever its rows
/// are; others as far as their tree goes. Without levels when data sources say what is written.
/// Borrows the interface.
[[nodiscard]] WriteAccess write_access(const Interface& interface, const NameIndex& names);

}  // namespace cloesce::cidl
