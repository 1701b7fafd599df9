// Reads snapshots and checks that they describe tables: a snapshot decides what SQL is written.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include "base/arena.h"
#include "compile/migrate/earlier_release.h"
#include "compile/migrate/member_reader.h"
#include "compile/migrate/snapshot.h"
#include "json/reader.h"

namespace cloesce::migrate {
namespace {

class SnapshotReader : public MemberReader {
 public:
  bool read_document(json::Document& document, std::string_view earlier_binding,
                     Snapshot& snapshot) {
    json::Object top;
    if (document.get_object(top)) return fail("snapshot", "expected an object");
    bool version = false;
    bool binding = false;
    bool tables = false;
    for (json::Field member; top.next(member);) {
      std::string key;
      if (!read_key(member, "snapshot", key)) return false;
      const json::Value value = member.value();
      const std::string path = fmt::format(FMT_COMPILE("snapshot.{}"), key);
      if (value.type() == json::Type::kInvalid) return fail(path, "malformed JSON");
      if (key == "version") {
        std::uint64_t number = 0;
        if (value.get_uint64(number) || number != kSnapshotVersion) {
          return fail(path, fmt::format(FMT_COMPILE("expected {}"), kSnapshotVersion));
        }
        version = true;
      } else if (key == "binding") {
        if (!read_text(value, path, snapshot.schema.binding)) return false;
        binding = true;
      } else if (key == "tables") {
        const auto read = [&](const json::Value& element, const std::string& place) {
          return read_table(element, place, snapshot.schema.tables.emplace_back());
        };
        if (!read_list(value, path, read)) return false;
        tables = true;
      } else if (key == "models" && value.type() == json::Type::kObject) {
        EarlierReader earlier;
        if (!earlier.read_models(value, path, snapshot.schema)) {
          error = std::move(earlier.error);
          return false;
        }
        snapshot.schema.binding = earlier_binding;
        version = binding = tables = true;
      } else if (!read_lineage(key, value, path, snapshot.lineage)) {
        return false;
      }
    }
    if (!ended(top, "snapshot")) return false;
    if (!version || !binding || !tables) {
      return fail("snapshot", "expected version, binding and tables");
    }
    return check(snapshot.schema, "snapshot");
  }

 private:
  bool read_lineage(std::string_view key, const json::Value& value, const std::string& path,
                    Lineage& lineage) {
    if (key == "parent") {
      lineage.origin = value.is_null() ? LineageKind::kFirst : LineageKind::kFollows;
      return value.is_null() ? pass_over(value, path) : read_text(value, path, lineage.parent);
    }
    if (key == "parentName") return read_text(value, path, lineage.parent_name);
    if (key == "sql") return read_text(value, path, lineage.sql);
    // Members that a later release may add.
    return pass_over(value, path);
  }

  bool read_table(const json::Value& json, const std::string& path, Table& table) {
    return read_object(
        json, path,
        [&](const std::string& key, const json::Value& value, const std::string& place) {
          if (key == "name") return read_text(value, place, table.name);
          if (key == "primaryKey") return read_names(value, place, table.primary_key);
          if (key == "columns") {
            return read_list(value, place, [&](const json::Value& element, const std::string& at) {
              return read_column(element, at, table.columns.emplace_back());
            });
          }
          if (key == "foreignKeys") {
            return read_list(value, place, [&](const json::Value& element, const std::string& at) {
              return read_foreign_key(element, at, table.foreign_keys.emplace_back());
            });
          }
          if (key == "indexes") {
            return read_list(value, place, [&](const json::Value& element, const std::string& at) {
              return read_index(element, at, table.indexes.emplace_back());
            });
          }
          return true;
        });
  }

  bool read_column(const json::Value& json, const std::string& path, Column& column) {
    std::string storage;
    const bool read = read_object(
        json, path,
        [&](const std::string& key, const json::Value& value, const std::string& place) {
          if (key == "name") return read_text(value, place, column.name);
          if (key == "type") return read_text(value, place, storage);
          if (key == "default") return read_text(value, place, column.default_literal);
          if (key == "nullable") {
            bool nullable = false;
            if (!read_flag(value, place, nullable)) return false;
            column.nullability = nullable ? Nullability::kNullable : Nullability::kRequired;
          }
          return true;
        });
    if (!read) return false;
    for (const StorageClass candidate :
         {StorageClass::kInteger, StorageClass::kReal, StorageClass::kText, StorageClass::kBlob}) {
      if (storage != storage_word(candidate)) continue;
      column.storage = candidate;
      return true;
    }
    return fail(path, "expected a type of INTEGER, REAL, TEXT or BLOB");
  }

  bool read_foreign_key(const json::Value& json, const std::string& path, ForeignKey& foreign_key) {
    std::string action;
    const bool read = read_object(
        json, path,
        [&](const std::string& key, const json::Value& value, const std::string& place) {
          if (key == "columns") return read_names(value, place, foreign_key.columns);
          if (key == "table") return read_text(value, place, foreign_key.table);
          if (key == "references") return read_names(value, place, foreign_key.references);
          if (key == "onDelete") return read_text(value, place, action);
          return true;
        });
    if (!read) return false;
    for (const DeleteAction candidate :
         {DeleteAction::kRestrict, DeleteAction::kSetNull, DeleteAction::kCascade}) {
      if (action != action_word(candidate)) continue;
      foreign_key.on_delete = candidate;
      return true;
    }
    return fail(path, "expected onDelete to be RESTRICT, SET NULL or CASCADE");
  }

  bool read_index(const json::Value& json, const std::string& path, Index& index) {
    return read_object(
        json, path,
        [&](const std::string& key, const json::Value& value, const std::string& place) {
          if (key == "name") return read_text(value, place, index.name);
          if (key == "columns") return read_names(value, place, index.columns);
          if (key == "unique") {
            bool unique = false;
            if (!read_flag(value, place, unique)) return false;
            index.kind = unique ? IndexKind::kUnique : IndexKind::kPlain;
          }
          return true;
        });
  }

  // Names are there, known and not repeated.
  bool check(Schema& schema, std::string_view path) {
    std::sort(schema.tables.begin(), schema.tables.end(),
              [](const Table& left, const Table& right) { return left.name < right.name; });
    std::unordered_set<std::string> names;
    for (const Table& table : schema.tables) {
      const std::string place = fmt::format(FMT_COMPILE("{} table {}"), path, table.name);
      if (table.name.empty() || !names.insert(fold_name(table.name)).second) {
        return fail(place, "a table's name is missing or repeated");
      }
      std::unordered_set<std::string> columns;
      for (const Column& column : table.columns) {
        if (column.name.empty() || !columns.insert(fold_name(column.name)).second) {
          return fail(place, "a column's name is missing or repeated");
        }
      }
      const auto known = [&columns](const std::vector<std::string>& wanted) {
        return !wanted.empty() &&
               std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
                 return columns.contains(fold_name(name));
               });
      };
      if (!known(table.primary_key)) return fail(place, "primaryKey names no column");
      for (const ForeignKey& key : table.foreign_keys) {
        if (!known(key.columns) || key.table.empty() ||
            key.references.size() != key.columns.size()) {
          return fail(place, "a foreign key is incomplete");
        }
      }
      for (const Index& index : table.indexes) {
        if (index.name.empty() || !known(index.columns)) {
          return fail(place, "an index is incomplete");
        }
      }
    }
    return true;
  }
};

}  // namespace

Result<Snapshot> load_snapshot(std::string_view text, std::string_view earlier_binding) {
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, text));
  if (!document.ok()) return Failure{std::move(document).error()};
  Snapshot snapshot;
  SnapshotReader loader;
  if (!loader.read_document(**document, earlier_binding, snapshot)) {
    return Failure{std::move(loader.error)};
  }
  CLOESCE_TRY(json::expect_end(**document));
  return snapshot;
}

}  // namespace cloesce::migrate
