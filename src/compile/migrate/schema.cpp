// Comparisons and look-ups of tables.
#include "compile/migrate/schema.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"

namespace cloesce::migrate {

bool same_name(std::string_view left, std::string_view right) {
  return same_but_for_case(left, right);
}

bool same_names(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [](const std::string& one, const std::string& other) {
                      return same_name(one, other);
                    });
}

bool contains_name(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [name](const std::string& candidate) { return same_name(candidate, name); });
}

std::string fold_name(std::string_view name) {
  std::string folded(name);
  std::transform(folded.begin(), folded.end(), folded.begin(), to_lower);
  return folded;
}

const Table* find_table(const Schema& schema, std::string_view name) {
  const auto found =
      std::find_if(schema.tables.begin(), schema.tables.end(),
                   [name](const Table& table) { return same_name(table.name, name); });
  return found == schema.tables.end() ? nullptr : &*found;
}

const Column* find_column(const Table& table, std::string_view name) {
  const auto found =
      std::find_if(table.columns.begin(), table.columns.end(),
                   [name](const Column& column) { return same_name(column.name, name); });
  return found == table.columns.end() ? nullptr : &*found;
}

bool same_foreign_key(const ForeignKey& left, const ForeignKey& right) {
  return same_name(left.table, right.table) && left.on_delete == right.on_delete &&
         same_names(left.columns, right.columns) && same_names(left.references, right.references);
}

bool same_index(const Index& left, const Index& right) {
  return left.kind == right.kind && same_name(left.name, right.name) &&
         same_names(left.columns, right.columns);
}

bool has_foreign_key(const Table& table, const ForeignKey& wanted) {
  return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                     [&wanted](const ForeignKey& key) { return same_foreign_key(key, wanted); });
}

bool has_index(const Table& table, const Index& wanted) {
  return std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&wanted](const Index& index) { return same_index(index, wanted); });
}

bool is_foreign_key_column(const Table& table, std::string_view column) {
  return std::any_of(
      table.foreign_keys.begin(), table.foreign_keys.end(),
      [column](const ForeignKey& key) { return contains_name(key.columns, column); });
}

bool is_key_column(const Table& table, std::string_view column) {
  return contains_name(table.primary_key, column);
}

bool is_in_unique_key(const Table& table, std::string_view column) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [column](const Index& index) {
    return index.kind == IndexKind::kUnique && contains_name(index.columns, column);
  });
}

bool is_unique_column(const Table& table, std::string_view column) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [column](const Index& index) {
    return index.kind == IndexKind::kUnique && index.columns.size() == 1 &&
           same_name(index.columns.front(), column);
  });
}

bool is_rowid_alias(const Table& table, std::string_view column) {
  if (table.primary_key.size() != 1 || !same_name(table.primary_key.front(), column)) return false;
  const Column* key = find_column(table, column);
  return key != nullptr && key->storage == StorageClass::kInteger;
}

std::string_view storage_word(StorageClass storage) {
  switch (storage) {
    case StorageClass::kInteger:
      return "INTEGER";
    case StorageClass::kReal:
      return "REAL";
    case StorageClass::kText:
      return "TEXT";
    case StorageClass::kBlob:
      return "BLOB";
  }
  return "BLOB";
}

std::string_view action_word(DeleteAction action) {
  switch (action) {
    case DeleteAction::kRestrict:
      return "RESTRICT";
    case DeleteAction::kSetNull:
      return "SET NULL";
    case DeleteAction::kCascade:
      return "CASCADE";
  }
  return "RESTRICT";
}

}  // namespace cloesce::migrate
