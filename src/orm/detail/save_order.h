// In which order the rows of a save are written, and which of them share a statement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/arena.h"
#include "base/result.h"
#include "orm/detail/save_graph.h"

namespace cloesce::orm::detail {

/// Statements one save may take. Only a save whose rows give ever different sets of columns comes
/// near it.
inline constexpr std::size_t kMaximumSaveStatements = 256;

struct SaveEntry {
  SaveRow* row = nullptr;
  SaveEntry* next = nullptr;
};

/// Rows that one statement writes: same model, same action, same columns.
struct SaveGroup {
  const ModelSchema* model = nullptr;
  SaveAction action = SaveAction::kWrite;
  std::uint32_t stage = 0;
  ColumnSet columns;    // written, key columns included
  ColumnSet generated;  // those whose value is a generated key
  SaveEntry* first = nullptr;
  SaveEntry* last = nullptr;
};

struct SaveOrder {
  std::span<SaveGroup> groups;   // in order
  std::span<SaveGroup> patches;  // after all groups: their key columns and one deferred column
};

/// Orders rows so that what is referred to is there first. A nullable foreign key that would close
/// a circle is written as null and set when all rows are there. kLimitExceeded above the number of
/// statements.
[[nodiscard]] Result<SaveOrder> order_save(const SaveGraph& graph, Arena& arena);

}  // namespace cloesce::orm::detail
