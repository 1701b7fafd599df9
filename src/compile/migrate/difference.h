// What differs between two schemas, table by table, and which tables have to be rebuilt for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compile/migrate/schema.h"

namespace cloesce::migrate {

enum class TableFate : std::uint8_t {
  kCreated,
  kDropped,
  kKept,     // as it is, or altered in place
  kRebuilt,  // rows saved, table dropped and created, rows restored
};

struct ColumnPair {
  const Column* before = nullptr;
  const Column* after = nullptr;
};

/// One table in both schemas. Pointers go into the two schemas, which must outlive the difference.
struct TableDifference {
  TableFate fate = TableFate::kKept;
  const Table* before = nullptr;               // nullptr for kCreated
  const Table* after = nullptr;                // nullptr for kDropped
  std::vector<ColumnPair> kept_columns;        // in order of `after`
  std::vector<const Column*> added_columns;    // for kKept and kRebuilt
  std::vector<const Column*> dropped_columns;  // for kKept and kRebuilt
  std::vector<const Index*> added_indexes;     // for kKept
  std::vector<const Index*> dropped_indexes;   // for kKept
  /// Columns of a kept table that ON DELETE SET NULL empties while their parent is rebuilt.
  std::vector<std::string> emptied_references;

  [[nodiscard]] const std::string& name() const {
    return after != nullptr ? after->name : before->name;
  }
};

/// Sorted by name: all tables of both schemas. Renames are not guessed: a renamed table is dropped
/// and created.
[[nodiscard]] std::vector<TableDifference> difference(const Schema& before, const Schema& after);

/// Is there a value that can stand in a required column for rows that have none? Not in a key, a
/// foreign key or a unique column.
[[nodiscard]] bool has_neutral_value(const Table& table, const Column& column);

/// The one-column foreign key of `column`, if that is all the column takes part in.
[[nodiscard]] std::optional<ForeignKey> own_foreign_key(const Table& table, const Column& column);

/// Does dropping the parent of `key` change more of `table` than `key` itself can say? Then the
/// table cannot have its references restored alone.
[[nodiscard]] bool is_entangled(const Schema& schema, const Table& table, const ForeignKey& key);

/// Nothing to do?
[[nodiscard]] bool is_same(const std::vector<TableDifference>& tables);

}  // namespace cloesce::migrate
