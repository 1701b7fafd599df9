// Table differences, and how far a rebuild spreads along ON DELETE CASCADE and SET NULL.
#include "compile/migrate/difference.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace cloesce::migrate {
namespace {

bool same_column(const Column& before, const Column& after) {
  return before.name == after.name && before.storage == after.storage &&
         before.nullability == after.nullability;
}

bool can_be_added_in_place(const Table& table, const Column& column) {
  if (column.nullability == Nullability::kRequired) return has_neutral_value(table, column);
  return !is_foreign_key_column(table, column.name) || own_foreign_key(table, column).has_value();
}

// SQLite has statements for columns and indexes alone; all else needs a new table.
bool needs_rebuild(const TableDifference& table) {
  if (table.before->name != table.after->name ||
      !same_names(table.before->primary_key, table.after->primary_key)) {
    return true;
  }
  for (const ColumnPair& pair : table.kept_columns) {
    if (!same_column(*pair.before, *pair.after)) return true;
  }
  for (const Column* column : table.added_columns) {
    if (!can_be_added_in_place(*table.after, *column)) return true;
  }
  for (const ForeignKey& key : table.before->foreign_keys) {
    if (!has_foreign_key(*table.after, key)) return true;
  }
  for (const ForeignKey& key : table.after->foreign_keys) {
    if (has_foreign_key(*table.before, key)) continue;
    const bool comes_with_its_column =
        key.columns.size() == 1 && find_column(*table.before, key.columns.front()) == nullptr;
    if (!comes_with_its_column) return true;
  }
  return false;
}

TableDifference compare(const Table& before, const Table& after) {
  TableDifference table;
  table.before = &before;
  table.after = &after;
  for (const Column& column : after.columns) {
    const Column* old = find_column(before, column.name);
    if (old == nullptr) {
      table.added_columns.push_back(&column);
    } else {
      table.kept_columns.push_back({old, &column});
    }
  }
  for (const Column& column : before.columns) {
    if (find_column(after, column.name) == nullptr) table.dropped_columns.push_back(&column);
  }
  for (const Index& index : after.indexes) {
    if (!has_index(before, index)) table.added_indexes.push_back(&index);
  }
  for (const Index& index : before.indexes) {
    if (!has_index(after, index)) table.dropped_indexes.push_back(&index);
  }
  table.fate = needs_rebuild(table) ? TableFate::kRebuilt : TableFate::kKept;
  return table;
}

// Dropping a table deletes its rows, and with them what hangs on them. A table whose rows would be
// deleted is rebuilt too; one whose references would be emptied has those restored.
void spread(const Schema& before, std::vector<TableDifference>& tables) {
  std::unordered_map<std::string, std::vector<std::pair<std::size_t, const ForeignKey*>>> children;
  for (std::size_t index = 0; index < tables.size(); ++index) {
    if (tables[index].before == nullptr) continue;
    for (const ForeignKey& key : tables[index].before->foreign_keys) {
      children[fold_name(key.table)].emplace_back(index, &key);
    }
  }

  std::vector<const Table*> dropped;
  for (const TableDifference& table : tables) {
    if (table.fate == TableFate::kDropped || table.fate == TableFate::kRebuilt) {
      dropped.push_back(table.before);
    }
  }
  while (!dropped.empty()) {
    const Table* parent = dropped.back();
    dropped.pop_back();
    for (const auto& [index, key] : children[fold_name(parent->name)]) {
      TableDifference& child = tables[index];
      if (child.fate != TableFate::kKept || key->on_delete == DeleteAction::kRestrict) continue;
      if (key->on_delete == DeleteAction::kCascade || is_entangled(before, *child.before, *key)) {
        child.fate = TableFate::kRebuilt;
        dropped.push_back(child.before);
        continue;
      }
      for (const std::string& column : key->columns) {
        if (!contains_name(child.emptied_references, column)) {
          child.emptied_references.push_back(column);
        }
      }
    }
  }
  for (TableDifference& table : tables) {
    if (table.fate != TableFate::kKept) table.emptied_references.clear();
    std::sort(table.emptied_references.begin(), table.emptied_references.end());
  }
}

}  // namespace

std::vector<TableDifference> difference(const Schema& before, const Schema& after) {
  std::unordered_map<std::string, const Table*> old_tables;
  for (const Table& table : before.tables) old_tables.emplace(fold_name(table.name), &table);

  std::vector<TableDifference> tables;
  for (const Table& table : after.tables) {
    const auto old = old_tables.find(fold_name(table.name));
    if (old != old_tables.end()) {
      tables.push_back(compare(*old->second, table));
      old_tables.erase(old);
      continue;
    }
    TableDifference created;
    created.fate = TableFate::kCreated;
    created.after = &table;
    tables.push_back(std::move(created));
  }
  for (const auto& [name, table] : old_tables) {
    TableDifference dropped;
    dropped.fate = TableFate::kDropped;
    dropped.before = table;
    tables.push_back(std::move(dropped));
  }
  std::sort(tables.begin(), tables.end(),
            [](const TableDifference& left, const TableDifference& right) {
              return left.name() < right.name();
            });
  spread(before, tables);
  return tables;
}

bool has_neutral_value(const Table& table, const Column& column) {
  return !is_key_column(table, column.name) && !is_unique_column(table, column.name) &&
         !is_foreign_key_column(table, column.name);
}

std::optional<ForeignKey> own_foreign_key(const Table& table, const Column& column) {
  std::optional<ForeignKey> own;
  for (const ForeignKey& key : table.foreign_keys) {
    if (!contains_name(key.columns, column.name)) continue;
    if (own || key.columns.size() != 1) return std::nullopt;
    own = key;
  }
  return own;
}

bool is_entangled(const Schema& schema, const Table& table, const ForeignKey& key) {
  for (const std::string& column : key.columns) {
    if (is_key_column(table, column)) return true;
    for (const ForeignKey& other : table.foreign_keys) {
      if (&other != &key && contains_name(other.columns, column)) return true;
    }
    for (const Table& child : schema.tables) {
      for (const ForeignKey& other : child.foreign_keys) {
        if (same_name(other.table, table.name) && contains_name(other.references, column)) {
          return true;
        }
      }
    }
  }
  return false;
}

bool is_same(const std::vector<TableDifference>& tables) {
  return std::all_of(tables.begin(), tables.end(), [](const TableDifference& table) {
    return table.fate == TableFate::kKept && table.added_columns.empty() &&
           table.dropped_columns.empty() && table.added_indexes.empty() &&
           table.dropped_indexes.empty();
  });
}

}  // namespace cloesce::migrate
