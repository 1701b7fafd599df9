// Reads snapshots and checks that they describe tables: a snapshot decides what SQL is written.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include "base/arena.h"
#include "compile/migrate/snapshot.h"
#include "json/reader.h"

namespace cloesce::migrate {
namespace {

// Collects the first problem; every read after it answers false.
class SnapshotReader {
 public:
  Error error;

  bool fail(std::string_view path, std::string_view detail) {
    error = make_error(ErrorCode::kCidlInvalid, detail, path);
    return false;
  }

  bool read_document(json::Document& document, std::vector<Schema>& schemas) {
    json::Object top;
    if (document.get_object(top)) return fail("previous", "expected an object");
    Schema single;
    Members members;
    bool others = false;  // members that a later release may add beside those of a snapshot
    for (json::Field member; top.next(member);) {
      std::string key;
      if (!read_key(member, "previous", key)) return false;
      const json::Value value = member.value();
      const std::string path = fmt::format(FMT_COMPILE("previous.{}"), key);
      if (value.type() == json::Type::kInvalid) return fail(path, "malformed JSON");
      if (value.type() == json::Type::kObject) {
        Schema schema;
        if (!read_snapshot(value, path, schema)) return false;
        if (schema.binding != key) return fail(path, "the snapshot is of another binding");
        schemas.push_back(std::move(schema));
      } else {
        others = true;
        if (!read_snapshot_member(key, value, path, single, members)) return false;
      }
    }
    if (!ended(top, "previous")) return false;
    if (!members.any() && !others) return true;
    if (!schemas.empty() || !members.all()) return fail("previous", "not a snapshot");
    if (!check(single, "previous")) return false;
    schemas.push_back(std::move(single));
    return true;
  }

 private:
  struct Members {
    bool version = false;
    bool binding = false;
    bool tables = false;
    [[nodiscard]] bool any() const { return version || binding || tables; }
    [[nodiscard]] bool all() const { return version && binding && tables; }
  };

  bool read_key(const json::Field& member, std::string_view path, std::string& key) {
    std::string_view name;
    if (member.unescaped_key(name)) return fail(path, "malformed JSON");
    key.assign(name);
    return true;
  }

  bool ended(const json::Container& container, std::string_view path) {
    return container.error() == simdjson::SUCCESS || fail(path, "malformed JSON");
  }

  bool read_snapshot(const json::Value& json, const std::string& path, Schema& schema) {
    json::Object object;
    if (json.get_object(object)) return fail(path, "expected an object");
    Members members;
    for (json::Field member; object.next(member);) {
      std::string key;
      if (!read_key(member, path, key)) return false;
      if (!read_snapshot_member(key, member.value(), fmt::format(FMT_COMPILE("{}.{}"), path, key),
                                schema, members)) {
        return false;
      }
    }
    if (!ended(object, path)) return false;
    if (!members.all()) return fail(path, "expected version, binding and tables");
    return check(schema, path);
  }

  bool read_snapshot_member(std::string_view key, const json::Value& value, const std::string& path,
                            Schema& schema, Members& members) {
    if (key == "version") {
      members.version = true;
      std::uint64_t version = 0;
      if (value.get_uint64(version) || version != kSnapshotVersion) {
        return fail(path, fmt::format(FMT_COMPILE("expected {}"), kSnapshotVersion));
      }
      return true;
    }
    if (key == "binding") {
      members.binding = true;
      return read_text(value, path, schema.binding);
    }
    if (key == "tables") {
      members.tables = true;
      return read_list(value, path, [&](const json::Value& element, const std::string& place) {
        return read_table(element, place, schema.tables.emplace_back());
      });
    }
    // Members that a later release may add are objects or plain values: passed over.
    return true;
  }

  template <class ReadElement>
  bool read_list(const json::Value& json, const std::string& path, ReadElement read_element) {
    json::Array array;
    if (json.get_array(array)) return fail(path, "expected an array");
    std::size_t index = 0;
    for (json::Value element; array.next(element);) {
      if (!read_element(element, fmt::format(FMT_COMPILE("{}[{}]"), path, index++))) return false;
    }
    return ended(array, path);
  }

  template <class ReadMember>
  bool read_object(const json::Value& json, const std::string& path, ReadMember read_member_value) {
    json::Object object;
    if (json.get_object(object)) return fail(path, "expected an object");
    for (json::Field member; object.next(member);) {
      std::string key;
      if (!read_key(member, path, key)) return false;
      if (!read_member_value(key, member.value(), fmt::format(FMT_COMPILE("{}.{}"), path, key))) {
        return false;
      }
    }
    return ended(object, path);
  }

  bool read_text(const json::Value& json, const std::string& path, std::string& text) {
    std::string_view view;
    if (json.get_string(view)) return fail(path, "expected a string");
    const bool printable = std::none_of(view.begin(), view.end(), [](char character) {
      const auto byte = static_cast<unsigned char>(character);
      return byte < 0x20 || byte == 0x7F;
    });
    if (!printable) return fail(path, "control characters are not allowed");
    text.assign(view);
    return true;
  }

  bool read_flag(const json::Value& json, const std::string& path, bool& flag) {
    if (json.get_bool(flag)) return fail(path, "expected true or false");
    return true;
  }

  bool read_names(const json::Value& json, const std::string& path,
                  std::vector<std::string>& names) {
    return read_list(json, path, [&](const json::Value& element, const std::string& place) {
      return read_text(element, place, names.emplace_back());
    });
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

bool is_nothing(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return true;
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  return text.substr(begin, end + 1 - begin) == "null";
}

}  // namespace

Result<std::vector<Schema>> load_snapshots(std::string_view text) {
  std::vector<Schema> schemas;
  if (is_nothing(text)) return schemas;
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, text));
  if (!document.ok()) return Failure{std::move(document).error()};
  SnapshotReader snapshot;
  if (!snapshot.read_document(**document, schemas)) return Failure{std::move(snapshot.error)};
  CLOESCE_TRY(json::expect_end(**document));
  return schemas;
}

}  // namespace cloesce::migrate
