// One warning per loss or demand, in order of the tables.
#include "compile/migrate/warnings.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "compile/migrate/findings.h"
#include "sql/quote.h"

namespace cloesce::migrate {
namespace {

using sql::quote_identifier;

bool has_same_columns(const Table& left, const Table& right) {
  return left.columns.size() == right.columns.size() &&
         std::all_of(left.columns.begin(), left.columns.end(), [&right](const Column& column) {
           const Column* other = find_column(right, column.name);
           return other != nullptr && other->storage == column.storage;
         });
}

void warn_dropped_table(const Table& dropped, const std::vector<TableDifference>& tables,
                        DiagnosticSink& sink) {
  std::string hint = "copy what you need before you apply it";
  for (const TableDifference& candidate : tables) {
    if (candidate.fate != TableFate::kCreated || !has_same_columns(dropped, *candidate.after)) {
      continue;
    }
    hint = fmt::format(
        FMT_COMPILE("if this is a rename, edit the migration: replace DROP TABLE {0} by ALTER "
                    "TABLE {0} RENAME TO {1}; and remove CREATE TABLE {1}"),
        quote_identifier(dropped.name), quote_identifier(candidate.after->name));
    break;
  }
  report(sink, Finding::kTableDropped,
         fmt::format(FMT_COMPILE("table {} is dropped and all its rows are lost"), dropped.name),
         std::move(hint));
}

void warn_dropped_column(const TableDifference& table, const Column& dropped,
                         DiagnosticSink& sink) {
  std::string hint = "copy what you need before you apply it";
  for (const Column* added : table.added_columns) {
    if (added->storage != dropped.storage) continue;
    if (table.fate == TableFate::kRebuilt) {
      const Column* target = find_column(*table.after, added->name);
      const std::string_view made_up =
          target->nullability == Nullability::kRequired && has_neutral_value(*table.after, *target)
              ? std::string_view(target->neutral_literal)
              : std::string_view("NULL");
      hint = fmt::format(
          FMT_COMPILE("if this is a rename to {0}, edit the migration: in the statement INSERT "
                      "INTO {1}, select {2} instead of {3} for {4}"),
          added->name, quote_identifier(table.after->name), quote_identifier(dropped.name), made_up,
          quote_identifier(added->name));
    } else {
      hint = fmt::format(
          FMT_COMPILE("if this is a rename to {0}, edit the migration: replace the statements that "
                      "drop {1} and add {2} by ALTER TABLE {3} RENAME COLUMN {1} TO {2};"),
          added->name, quote_identifier(dropped.name), quote_identifier(added->name),
          quote_identifier(table.after->name));
    }
    break;
  }
  report(sink, Finding::kColumnDropped,
         fmt::format(FMT_COMPILE("column {}.{} is dropped and its values are lost"),
                     table.before->name, dropped.name),
         std::move(hint));
}

void warn_added_column(const Table& after, const Column& column, DiagnosticSink& sink) {
  if (column.nullability == Nullability::kNullable) return;
  if (has_neutral_value(after, column)) {
    report(sink, Finding::kDefaultChosen,
           fmt::format(FMT_COMPILE("existing rows of {} get {} for the new required column {}"),
                       after.name, column.neutral_literal, column.name),
           "put another value into the migration, or make the property nullable");
    return;
  }
  const bool reference = is_foreign_key_column(after, column.name);
  if (is_rowid_alias(after, column.name) && !reference) return;
  report(
      sink, Finding::kValueNeeded,
      fmt::format(FMT_COMPILE("no value can be made up for the new column {}.{}, {}: the "
                              "migration fails when {} has rows"),
                  after.name, column.name,
                  reference ? "a required foreign key" : "which must be unique", after.name),
      fmt::format(FMT_COMPILE("make the property nullable, fill it in, and make it required in a "
                              "second migration; or select a value for {} in the statement "
                              "INSERT INTO {}"),
                  quote_identifier(column.name), quote_identifier(after.name)));
}

bool is_lossless(StorageClass before, StorageClass after) {
  return (before == StorageClass::kInteger &&
          (after == StorageClass::kReal || after == StorageClass::kText)) ||
         (before == StorageClass::kText && after == StorageClass::kBlob);
}

std::string_view loss(StorageClass before, StorageClass after) {
  if (before == StorageClass::kBlob) return "bytes are read as text";
  if (after == StorageClass::kBlob) return "numbers become the bytes of their text";
  if (before == StorageClass::kText)
    return "text that is not a number becomes 0 or its leading digits";
  if (after == StorageClass::kInteger) return "fractions are cut off";
  return "digits after the fifteenth are lost";
}

void warn_unique(std::string_view what, DiagnosticSink& sink) {
  report(sink, Finding::kDuplicatesRefused,
         fmt::format(FMT_COMPILE("{}: the migration fails when two rows have the same value there"),
                     what),
         "remove the duplicates before you apply it");
}

void warn_changed_column(const Table& after, const ColumnPair& pair, DiagnosticSink& sink) {
  const Column& column = *pair.after;
  if (pair.before->storage != column.storage &&
      !is_lossless(pair.before->storage, column.storage)) {
    report(sink, Finding::kConversionLossy,
           fmt::format(FMT_COMPILE("values of {}.{} are converted from {} to {}: {}"), after.name,
                       column.name, storage_word(pair.before->storage),
                       storage_word(column.storage), loss(pair.before->storage, column.storage)),
           "check the values before you apply it, or write your own conversion into the migration");
    if (is_key_column(after, column.name) || is_in_unique_key(after, column.name)) {
      report(sink, Finding::kDuplicatesRefused,
             fmt::format(FMT_COMPILE("{}.{} must stay unique: the migration fails when two values "
                                     "become the same by the conversion"),
                         after.name, column.name),
             "correct such rows before you apply it");
    }
  }
  if (pair.before->nullability == column.nullability ||
      column.nullability == Nullability::kNullable || is_rowid_alias(after, column.name)) {
    return;
  }
  if (has_neutral_value(after, column)) {
    report(
        sink, Finding::kNullsReplaced,
        fmt::format(FMT_COMPILE("column {}.{} becomes required: NULL in existing rows becomes {}"),
                    after.name, column.name, column.neutral_literal),
        "put another value into the migration, or fill the column in before you apply it");
    // Beside NULL no two rows are the same, beside another value they may be.
    if (is_in_unique_key(after, column.name)) {
      warn_unique(fmt::format(FMT_COMPILE("{}.{} is in a unique key"), after.name, column.name),
                  sink);
    }
  } else {
    report(sink, Finding::kValueNeeded,
           fmt::format(FMT_COMPILE("column {}.{} becomes required: the migration fails when a row "
                                   "has NULL there"),
                       after.name, column.name),
           "fill the column in before you apply it");
  }
}

bool are_all_kept(const TableDifference& table, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&table](const std::string& name) {
    return find_column(*table.before, name) != nullptr;
  });
}

// Whether rows that are there have a value in all of the columns, be it one that was made up.
bool may_repeat(const TableDifference& table, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&table](const std::string& name) {
    if (find_column(*table.before, name) != nullptr) return true;
    const Column* column = find_column(*table.after, name);
    return column != nullptr && column->nullability == Nullability::kRequired &&
           has_neutral_value(*table.after, *column);
  });
}

void warn_constraints(const TableDifference& table, DiagnosticSink& sink) {
  const Table& before = *table.before;
  const Table& after = *table.after;
  const auto was_unique = [&before](const std::vector<std::string>& columns) {
    return same_names(before.primary_key, columns) ||
           std::any_of(before.indexes.begin(), before.indexes.end(), [&](const Index& index) {
             return index.kind == IndexKind::kUnique && same_names(index.columns, columns);
           });
  };
  if (!was_unique(after.primary_key) && are_all_kept(table, after.primary_key)) {
    warn_unique(fmt::format(FMT_COMPILE("the primary key of {} is now {}"), after.name,
                            fmt::join(after.primary_key, ", ")),
                sink);
  }
  for (const Index& index : after.indexes) {
    if (index.kind == IndexKind::kUnique && !was_unique(index.columns) &&
        may_repeat(table, index.columns)) {
      warn_unique(index.columns.size() == 1
                      ? fmt::format(FMT_COMPILE("{}.{} must be unique now"), after.name,
                                    index.columns.front())
                      : fmt::format(FMT_COMPILE("{} ({}) must be unique together now"), after.name,
                                    fmt::join(index.columns, ", ")),
                  sink);
    }
  }
  for (const ForeignKey& key : after.foreign_keys) {
    const bool known = std::any_of(
        before.foreign_keys.begin(), before.foreign_keys.end(), [&key](const ForeignKey& other) {
          return same_name(key.table, other.table) && same_names(key.columns, other.columns) &&
                 same_names(key.references, other.references);
        });
    if (known || !are_all_kept(table, key.columns)) continue;
    report(sink, Finding::kReferencesChecked,
           fmt::format(FMT_COMPILE("{} ({}) now references {}: the migration fails when a value "
                                   "finds no row there"),
                       after.name, fmt::join(key.columns, ", "), key.table),
           "correct such rows before you apply it");
  }
}

}  // namespace

void warn(const std::vector<TableDifference>& tables, DiagnosticSink& sink) {
  for (const TableDifference& table : tables) {
    if (table.fate == TableFate::kCreated) continue;
    if (table.fate == TableFate::kDropped) {
      warn_dropped_table(*table.before, tables, sink);
      continue;
    }
    for (const Column* column : table.dropped_columns) warn_dropped_column(table, *column, sink);
    for (const Column* column : table.added_columns) warn_added_column(*table.after, *column, sink);
    for (const ColumnPair& pair : table.kept_columns) warn_changed_column(*table.after, pair, sink);
    warn_constraints(table, sink);
  }
}

}  // namespace cloesce::migrate
