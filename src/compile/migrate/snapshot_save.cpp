// Writes snapshots.
#include <algorithm>
#include <cstddef>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "compile/migrate/snapshot.h"
#include "json/writer.h"

namespace cloesce::migrate {
namespace {

void write_names(json::Writer& writer, std::string_view key,
                 const std::vector<std::string>& names) {
  writer.key(key).begin_array();
  for (const std::string& name : names) writer.string(name);
  writer.end_array();
}

void write_columns(json::Writer& writer, const Table& table) {
  writer.key("columns").begin_array();
  for (const Column& column : table.columns) {
    writer.begin_object();
    writer.key("name").string(column.name);
    writer.key("type").string(storage_word(column.storage));
    writer.key("nullable").boolean(column.nullability == Nullability::kNullable);
    if (!column.default_literal.empty()) writer.key("default").string(column.default_literal);
    writer.end_object();
  }
  writer.end_array();
}

void write_foreign_keys(json::Writer& writer, const Table& table) {
  writer.key("foreignKeys").begin_array();
  for (const ForeignKey& key : table.foreign_keys) {
    writer.begin_object();
    write_names(writer, "columns", key.columns);
    writer.key("table").string(key.table);
    write_names(writer, "references", key.references);
    writer.key("onDelete").string(action_word(key.on_delete));
    writer.end_object();
  }
  writer.end_array();
}

void write_indexes(json::Writer& writer, const Table& table) {
  writer.key("indexes").begin_array();
  for (const Index& index : table.indexes) {
    writer.begin_object();
    writer.key("name").string(index.name);
    writer.key("unique").boolean(index.kind == IndexKind::kUnique);
    write_names(writer, "columns", index.columns);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace

std::string save_snapshot(const Schema& schema, const Lineage& lineage) {
  Arena arena;
  ByteBuffer out(arena);
  json::Writer writer(out, json::Layout::kIndented);
  writer.begin_object();
  writer.key("version").integer(kSnapshotVersion);
  writer.key("binding").string(schema.binding);
  if (lineage.origin == LineageKind::kFirst) writer.key("parent").null();
  if (lineage.origin == LineageKind::kFollows) {
    writer.key("parent").string(lineage.parent);
    writer.key("parentName").string(lineage.parent_name);
  }
  if (!lineage.sql.empty()) writer.key("sql").string(lineage.sql);
  writer.key("tables").begin_array();
  for (const Table& table : schema.tables) {
    writer.begin_object();
    writer.key("name").string(table.name);
    write_columns(writer, table);
    write_names(writer, "primaryKey", table.primary_key);
    write_foreign_keys(writer, table);
    write_indexes(writer, table);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  out.push('\n');
  return std::string(out.view());
}

}  // namespace cloesce::migrate
