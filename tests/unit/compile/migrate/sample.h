// Short ways to write schemas and to run migrations in tests.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "compile/migrate/plan.h"
#include "compile/migrate/render.h"
#include "compile/migrate/schema.h"

namespace cloesce::migrate::testing {

inline Column required(std::string name, StorageClass storage) {
  std::string neutral = storage == StorageClass::kText   ? "''"
                        : storage == StorageClass::kBlob ? "x''"
                        : storage == StorageClass::kReal ? "0.0"
                                                         : "0";
  return Column{std::move(name), storage, Nullability::kRequired, {}, std::move(neutral)};
}

inline Column nullable(std::string name, StorageClass storage) {
  Column column = required(std::move(name), storage);
  column.nullability = Nullability::kNullable;
  return column;
}

inline Column integer(std::string name) {
  return required(std::move(name), StorageClass::kInteger);
}

inline Column text(std::string name) { return required(std::move(name), StorageClass::kText); }

inline ForeignKey reference(std::string column, std::string table,
                            DeleteAction action = DeleteAction::kRestrict) {
  return ForeignKey{{std::move(column)}, std::move(table), {"id"}, action};
}

inline Index index(const std::string& table, const std::string& column) {
  return Index{table + '.' + column + ".index", IndexKind::kPlain, {column}};
}

inline Index unique(const std::string& table, const std::string& column) {
  return Index{table + '.' + column + ".unique", IndexKind::kUnique, {column}};
}

inline Index over(const std::string& table, IndexKind kind, std::vector<std::string> columns) {
  std::string name = table;
  for (const std::string& column : columns) name += '.' + column;
  return Index{name + (kind == IndexKind::kUnique ? ".unique" : ".index"), kind,
               std::move(columns)};
}

/// A table with an INTEGER primary key `id` before `columns`.
inline Table table(std::string name, std::vector<Column> columns = {},
                   std::vector<ForeignKey> foreign_keys = {}, std::vector<Index> indexes = {}) {
  columns.insert(columns.begin(), integer("id"));
  return Table{
      std::move(name), std::move(columns), {"id"}, std::move(foreign_keys), std::move(indexes)};
}

inline Schema schema(std::vector<Table> tables) {
  return Schema{"db", std::move(tables), Origin::kThisRelease, {}};
}

/// The SQL of the way from `before` to `after`.
inline std::string migration(const Schema& before, const Schema& after) {
  DiagnosticSink sink;
  return render_file({}, plan_steps(before, after, sink).steps);
}

/// The codes of the warnings on that way, in order.
inline std::vector<std::string> warnings(const Schema& before, const Schema& after) {
  DiagnosticSink sink;
  static_cast<void>(plan_steps(before, after, sink));
  std::vector<std::string> codes;
  for (const Diagnostic& diagnostic : sink.diagnostics()) codes.push_back(diagnostic.code);
  return codes;
}

}  // namespace cloesce::migrate::testing
