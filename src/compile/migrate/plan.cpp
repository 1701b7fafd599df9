// Puts the differences into steps, in the order that keeps every row.
#include "compile/migrate/plan.h"

#include <algorithm>
#include <string>
#include <utility>

#include "compile/migrate/difference.h"
#include "compile/migrate/earlier_release.h"
#include "compile/migrate/order.h"
#include "compile/migrate/warnings.h"

namespace cloesce::migrate {
namespace {

using Differences = std::vector<TableDifference>;

std::string saved_name(const Table& table) { return "_cloesce_saved_" + table.name; }

bool is_dropped(const TableDifference& table) {
  return table.fate == TableFate::kDropped || table.fate == TableFate::kRebuilt;
}

bool is_created(const TableDifference& table) {
  return table.fate == TableFate::kCreated || table.fate == TableFate::kRebuilt;
}

DropReason drop_reason(const Differences& tables, const Table& before) {
  for (const TableDifference& table : tables) {
    if (table.before == &before && table.fate == TableFate::kRebuilt) return DropReason::kRebuilt;
  }
  return DropReason::kGone;
}

// SQLite compiles the delete actions of a table's children when it drops the table. An action that
// looks at a third table of the circle fails to compile once that one is gone.
bool must_be_untied(const Schema& before, const TableCycle& cycle) {
  if (cycle.size() < 2) return false;
  for (const Table* table : cycle) {
    for (const ForeignKey& key : table->foreign_keys) {
      const bool inside = std::any_of(cycle.begin(), cycle.end(), [&key](const Table* other) {
        return same_name(other->name, key.table);
      });
      if (!inside || key.on_delete == DeleteAction::kRestrict) continue;
      if (key.on_delete == DeleteAction::kCascade || is_entangled(before, *table, key)) return true;
    }
  }
  return false;
}

// Replaces each table of the circle by one with the same keys and no foreign keys.
void untie(const Differences& tables, const TableCycle& cycle, std::vector<Step>& steps) {
  for (const Table* table : cycle) {
    Table untied = *table;
    untied.foreign_keys.clear();
    untied.indexes.clear();
    steps.emplace_back(DropTable{table->name, drop_reason(tables, *table)});
    steps.emplace_back(CreateTable{std::move(untied), CreateReason::kUntied});
    for (const Index& index : table->indexes) {
      if (index.kind == IndexKind::kUnique) steps.emplace_back(CreateIndex{table->name, index});
    }
  }
  for (const Table* table : cycle) {
    steps.emplace_back(DropTable{table->name, DropReason::kUntied});
  }
}

std::vector<ChildReference> children_of(const Schema& schema, const Table& parent) {
  std::vector<ChildReference> children;
  for (const Table& table : schema.tables) {
    if (&table == &parent) continue;
    for (const ForeignKey& key : table.foreign_keys) {
      if (same_name(key.table, parent.name)) children.push_back({table.name, key});
    }
  }
  return children;
}

// Dropping a table takes along what the snapshot does not know of: a column that another branch
// added, rows that reference it.
void check_tables(const Schema& before, const Differences& tables, std::vector<Step>& steps) {
  for (const TableDifference& table : tables) {
    if (!is_dropped(table)) continue;
    steps.emplace_back(
        CheckTable{*table.before, children_of(before, *table.before), before.origin});
  }
}

void save_rows(const Differences& tables, std::vector<Step>& steps) {
  for (const TableDifference& table : tables) {
    if (table.fate == TableFate::kRebuilt) {
      steps.emplace_back(SaveRows{table.before->name, saved_name(*table.before)});
    } else if (!table.emptied_references.empty()) {
      steps.emplace_back(SaveReferences{table.before->name, saved_name(*table.before),
                                        table.before->primary_key, table.emptied_references});
    }
  }
}

void drop_tables(const Schema& before, const Differences& tables, std::vector<Step>& steps) {
  std::vector<const Table*> dropped;
  for (const TableDifference& table : tables) {
    if (is_dropped(table)) dropped.push_back(table.before);
  }
  std::vector<TableCycle> cycles = order_by_reference(dropped);
  std::reverse(cycles.begin(), cycles.end());
  for (const TableCycle& cycle : cycles) {
    if (must_be_untied(before, cycle)) {
      untie(tables, cycle, steps);
      continue;
    }
    for (const Table* table : cycle) {
      steps.emplace_back(DropTable{table->name, drop_reason(tables, *table)});
    }
  }
}

void alter_tables(const Differences& tables, std::vector<Step>& steps) {
  for (const TableDifference& table : tables) {
    if (table.fate != TableFate::kKept) continue;
    for (const Index* index : table.dropped_indexes) steps.emplace_back(DropIndex{index->name});
    for (const Column* column : table.dropped_columns) {
      steps.emplace_back(DropColumn{table.before->name, column->name});
    }
  }
  for (const TableDifference& table : tables) {
    if (table.fate != TableFate::kKept) continue;
    for (const Column* column : table.added_columns) {
      Column added = *column;
      if (added.nullability == Nullability::kRequired) {
        added.default_literal = added.neutral_literal;
      }
      steps.emplace_back(
          AddColumn{table.after->name, std::move(added), own_foreign_key(*table.after, *column)});
    }
  }
}

void create_tables(const Differences& tables, std::vector<Step>& steps) {
  std::vector<const Table*> created;
  for (const TableDifference& table : tables) {
    if (is_created(table)) created.push_back(table.after);
  }
  for (const TableCycle& cycle : order_by_reference(created)) {
    for (const Table* table : cycle) {
      const bool rebuilt =
          std::any_of(tables.begin(), tables.end(), [table](const TableDifference& other) {
            return other.after == table && other.fate == TableFate::kRebuilt;
          });
      Table bare = *table;
      bare.indexes.clear();
      steps.emplace_back(
          CreateTable{std::move(bare), rebuilt ? CreateReason::kRebuilt : CreateReason::kNew});
      for (const Index& index : table->indexes) {
        steps.emplace_back(CreateIndex{table->name, index});
      }
    }
  }
  for (const TableDifference& table : tables) {
    if (table.fate != TableFate::kKept) continue;
    for (const Index* index : table.added_indexes) {
      steps.emplace_back(CreateIndex{table.after->name, *index});
    }
  }
}

RestoredColumn restored_column(const Table& after, const ColumnPair& pair) {
  RestoredColumn column{pair.after->name, pair.before->name, std::nullopt, {}};
  if (pair.before->storage != pair.after->storage) column.cast = pair.after->storage;
  const bool becomes_required = pair.before->nullability == Nullability::kNullable &&
                                pair.after->nullability == Nullability::kRequired;
  if (becomes_required && has_neutral_value(after, *pair.after)) {
    column.fallback = pair.after->neutral_literal;
  }
  return column;
}

RestoreRows restore_rows(const TableDifference& table) {
  RestoreRows step{table.after->name, saved_name(*table.before), {}};
  for (const Column& column : table.after->columns) {
    const Column* old = find_column(*table.before, column.name);
    if (old != nullptr) {
      step.columns.push_back(restored_column(*table.after, {old, &column}));
      continue;
    }
    RestoredColumn fresh{column.name, {}, std::nullopt, "NULL"};
    if (is_rowid_alias(*table.after, column.name)) {
      // SQLite numbers the rows. A key that is also a reference must not be made up: text is
      // refused there, where NULL would be numbered.
      if (!is_foreign_key_column(*table.after, column.name)) continue;
      fresh.fallback = "'no value'";
    } else if (column.nullability == Nullability::kRequired &&
               has_neutral_value(*table.after, column)) {
      fresh.fallback = column.neutral_literal;
    }
    step.columns.push_back(std::move(fresh));
  }
  return step;
}

void restore(const Differences& tables, std::vector<Step>& steps) {
  std::vector<const Table*> rebuilt;
  for (const TableDifference& table : tables) {
    if (table.fate == TableFate::kRebuilt) rebuilt.push_back(table.after);
  }
  for (const TableCycle& cycle : order_by_reference(rebuilt)) {
    for (const Table* member : cycle) {
      for (const TableDifference& table : tables) {
        if (table.after == member) steps.emplace_back(restore_rows(table));
      }
    }
  }
  for (const TableDifference& table : tables) {
    if (table.emptied_references.empty()) continue;
    steps.emplace_back(RestoreReferences{table.after->name, saved_name(*table.before),
                                         table.before->primary_key, table.emptied_references});
  }
  for (const TableDifference& table : tables) {
    if (table.fate == TableFate::kRebuilt || !table.emptied_references.empty()) {
      steps.emplace_back(DropTable{saved_name(*table.before), DropReason::kRestored});
    }
  }
}

// SQLite would notice a broken reference itself when the migration ends, but says no more than
// that; the check names the table.
void check_references(const Differences& tables, std::vector<Step>& steps) {
  for (const TableDifference& table : tables) {
    if (table.fate != TableFate::kRebuilt) continue;
    const auto is_new = [&table](const ForeignKey& key) {
      return !has_foreign_key(*table.before, key) ||
             std::any_of(table.kept_columns.begin(), table.kept_columns.end(),
                         [&key](const ColumnPair& pair) {
                           return contains_name(key.columns, pair.after->name) &&
                                  pair.before->storage != pair.after->storage;
                         });
    };
    const std::vector<ForeignKey>& keys = table.after->foreign_keys;
    if (std::any_of(keys.begin(), keys.end(), is_new)) {
      steps.emplace_back(CheckForeignKeys{table.after->name});
    }
  }
}

// The wanted schema with the defaults that columns have after the steps.
Schema schema_afterwards(const Schema& after, const Differences& tables) {
  Schema schema = after;
  for (Table& table : schema.tables) {
    const auto found =
        std::find_if(tables.begin(), tables.end(), [&table](const TableDifference& candidate) {
          return candidate.after != nullptr && candidate.after->name == table.name;
        });
    if (found == tables.end() || found->fate != TableFate::kKept) continue;
    for (Column& column : table.columns) {
      const Column* old = find_column(*found->before, column.name);
      if (old != nullptr) {
        column.default_literal = old->default_literal;
      } else if (column.nullability == Nullability::kRequired) {
        column.default_literal = column.neutral_literal;
      }
    }
  }
  return schema;
}

}  // namespace

Plan plan_steps(const Schema& last, const Schema& after, DiagnosticSink& sink) {
  Plan plan;
  Schema before = last;
  if (before.origin == Origin::kEarlierRelease) adopt_earlier(before, after, plan.steps);
  const Differences tables = difference(before, after);
  plan.schema = schema_afterwards(after, tables);
  if (is_same(tables)) return plan;

  warn(tables, sink);
  if (std::any_of(tables.begin(), tables.end(), is_dropped)) {
    plan.steps.emplace_back(DeferForeignKeys{});
  }
  check_tables(before, tables, plan.steps);
  save_rows(tables, plan.steps);
  drop_tables(before, tables, plan.steps);
  alter_tables(tables, plan.steps);
  create_tables(tables, plan.steps);
  restore(tables, plan.steps);
  check_references(tables, plan.steps);
  return plan;
}

}  // namespace cloesce::migrate
