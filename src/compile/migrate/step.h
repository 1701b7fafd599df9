// The steps of a migration: everything that it does to a database, as data, before any SQL is
// written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compile/migrate/schema.h"

namespace cloesce::migrate {

/// A foreign key as the table sees it that it points to.
struct ChildReference {
  std::string table;
  ForeignKey key;
};

/// Foreign keys are checked when the migration is complete instead of after each statement.
struct DeferForeignKeys {};

/// Stops the migration before it does anything when `table` has other columns, references or
/// indexes than the last snapshot says, or when other tables reference it than those.
struct CheckTable {
  Table table;
  std::vector<ChildReference> children;
  Origin origin = Origin::kThisRelease;
};

/// A view of an earlier release.
struct DropView {
  std::string view;
};

struct RenameColumn {
  std::string table;
  std::string from;
  std::string to;
};

/// Copies all rows of `table` into the new, unconstrained table `saved`.
struct SaveRows {
  std::string table;
  std::string saved;
};

/// Copies the keys of `table` and its `columns`, which dropping their parent sets to NULL, into
/// `saved`.
struct SaveReferences {
  std::string table;
  std::string saved;
  std::vector<std::string> key;
  std::vector<std::string> columns;
};

enum class DropReason : std::uint8_t {
  kGone,      // the model is gone, and its rows with it
  kRebuilt,   // the rows are saved, the table comes back
  kUntied,    // a stand-in made while a circle of tables is taken apart
  kRestored,  // holds saved rows that are back in place
};

struct DropTable {
  std::string table;
  DropReason reason = DropReason::kGone;
};

struct DropIndex {
  std::string index;
};

struct DropColumn {
  std::string table;
  std::string column;
};

/// `column.default_literal` is what existing rows get; empty: NULL.
struct AddColumn {
  std::string table;
  Column column;
  std::optional<ForeignKey> foreign_key;
};

enum class CreateReason : std::uint8_t {
  kNew,
  kRebuilt,
  kUntied,  // a stand-in without foreign keys, see DropReason::kUntied
};

/// Indexes are steps of their own.
struct CreateTable {
  Table table;
  CreateReason reason = CreateReason::kNew;
};

struct CreateIndex {
  std::string table;
  Index index;
};

/// Where a restored column comes from: `source` is a saved column (empty: none), converted when
/// `cast` is set; `fallback` is the SQL literal for NULL or for a missing source (empty: NULL
/// stays).
struct RestoredColumn {
  std::string target;
  std::string source;
  std::optional<StorageClass> cast;
  std::string fallback;
};

/// Puts saved rows into their rebuilt table. A column that is not listed gets its value from
/// SQLite.
struct RestoreRows {
  std::string table;
  std::string saved;
  std::vector<RestoredColumn> columns;
};

/// Undoes ON DELETE SET NULL: gives `columns` their saved values again, row by row of `key`.
struct RestoreReferences {
  std::string table;
  std::string saved;
  std::vector<std::string> key;
  std::vector<std::string> columns;
};

/// Stops the migration when a foreign key of `table` finds no row.
struct CheckForeignKeys {
  std::string table;
};

using Step = std::variant<DeferForeignKeys, DropView, RenameColumn, CheckTable, SaveRows,
                          SaveReferences, DropTable, DropIndex, DropColumn, AddColumn, CreateTable,
                          CreateIndex, RestoreRows, RestoreReferences, CheckForeignKeys>;

}  // namespace cloesce::migrate
