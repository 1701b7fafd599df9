// The shape of 0.0.5's snapshots, and the way from its databases to this release's.
#include "compile/migrate/earlier_release.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cloesce::migrate {
namespace {

struct TypeWord {
  std::string_view word;
  StorageClass storage;
};

constexpr std::array<TypeWord, 6> kTypeWords = {{
    {"Integer", StorageClass::kInteger},
    {"Boolean", StorageClass::kInteger},
    {"Real", StorageClass::kReal},
    {"Text", StorageClass::kText},
    {"DateIso", StorageClass::kText},
    {"Blob", StorageClass::kBlob},
}};

ForeignKey restricting(std::string column, const Table& parent) {
  return {{std::move(column)}, parent.name, parent.primary_key, DeleteAction::kRestrict};
}

Column key_column(const Table& owner) {
  const Column* key = find_column(owner, owner.primary_key.front());
  Column column;
  column.name = fmt::format(FMT_COMPILE("{}.{}"), owner.name, key->name);
  column.storage = key->storage;
  return column;
}

}  // namespace

bool EarlierReader::read_models(const json::Value& json, const std::string& path, Schema& schema) {
  schema.origin = Origin::kEarlierRelease;
  const auto read = [&](const std::string&, const json::Value& value, const std::string& place) {
    return read_model(value, place, schema);
  };
  return read_object(json, path, read) && resolve_references(schema, path) && add_junctions(schema);
}

bool EarlierReader::read_model(const json::Value& json, const std::string& path, Schema& schema) {
  Table table;
  Column key;
  std::vector<std::string> sources;
  bool keyed = false;
  const bool read = read_object(
      json, path, [&](const std::string& name, const json::Value& value, const std::string& place) {
        if (name == "name") return read_text(value, place, table.name);
        if (name == "primary_key") {
          keyed = true;
          return read_value(value, place, key);
        }
        if (name == "attributes") {
          return read_list(value, place, [&](const json::Value& element, const std::string& at) {
            return read_attribute(element, at, table);
          });
        }
        if (name == "navigation_properties") {
          return read_list(value, place, [&](const json::Value& element, const std::string& at) {
            return read_navigation(element, at, path);
          });
        }
        if (name == "data_sources") {
          return read_object(
              value, place,
              [&](const std::string& source, const json::Value& tree, const std::string& at) {
                sources.push_back(source);
                return pass_over(tree, at);
              });
        }
        return pass_over(value, place);
      });
  if (!read) return false;
  if (table.name.empty()) return fail(path, "the model has no name");
  if (!keyed || key.name.empty()) return fail(path, "the model has no primary_key");
  for (Link& link : links_) {
    if (link.left == path) link.left = table.name;
  }
  for (const std::string& source : sources) {
    schema.views.push_back(fmt::format(FMT_COMPILE("{}.{}"), table.name, source));
  }
  key.nullability = Nullability::kRequired;
  table.primary_key.push_back(key.name);
  table.columns.insert(table.columns.begin(), std::move(key));
  schema.tables.push_back(std::move(table));
  return true;
}

bool EarlierReader::read_attribute(const json::Value& json, const std::string& path, Table& table) {
  Column column;
  std::string parent;
  const bool read = read_object(
      json, path, [&](const std::string& name, const json::Value& value, const std::string& place) {
        if (name == "value") return read_value(value, place, column);
        if (name == "foreign_key_reference" && !value.is_null()) {
          return read_text(value, place, parent);
        }
        return pass_over(value, place);
      });
  if (!read) return false;
  if (column.name.empty()) return fail(path, "the attribute has no name");
  if (!parent.empty()) {
    table.foreign_keys.push_back({{column.name}, parent, {}, DeleteAction::kRestrict});
  }
  table.columns.push_back(std::move(column));
  return true;
}

bool EarlierReader::read_value(const json::Value& json, const std::string& path, Column& column) {
  bool typed = false;
  const bool read = read_object(
      json, path, [&](const std::string& name, const json::Value& value, const std::string& place) {
        if (name == "name") return read_text(value, place, column.name);
        if (name == "cidl_type") {
          typed = true;
          return read_type(value, place, column);
        }
        return pass_over(value, place);
      });
  if (!read) return false;
  return typed || fail(path, "expected a cidl_type");
}

bool EarlierReader::read_type(const json::Value& json, const std::string& path, Column& column) {
  if (json.type() == json::Type::kObject) {
    column.nullability = Nullability::kNullable;
    return read_object(
        json, path,
        [&](const std::string& name, const json::Value& value, const std::string& place) {
          if (name != "Nullable" || value.type() == json::Type::kObject) {
            return fail(place, "no column has this type");
          }
          return read_type(value, place, column);
        });
  }
  std::string word;
  if (!read_text(json, path, word)) return false;
  const auto* const known = std::find_if(kTypeWords.begin(), kTypeWords.end(),
                                         [&word](const TypeWord& one) { return one.word == word; });
  if (known == kTypeWords.end()) {
    return fail(path, fmt::format(FMT_COMPILE("no column has the type {}"), word));
  }
  column.storage = known->storage;
  return true;
}

bool EarlierReader::read_navigation(const json::Value& json, const std::string& path,
                                    const std::string& model) {
  Link link{{}, model, {}, path};
  const bool read = read_object(
      json, path, [&](const std::string& name, const json::Value& value, const std::string& place) {
        if (name == "model_name") return read_text(value, place, link.right);
        if (name != "kind") return pass_over(value, place);
        return read_object(
            value, place,
            [&](const std::string& kind, const json::Value& inner, const std::string& at) {
              if (kind != "ManyToMany") return pass_over(inner, at);
              return read_object(inner, at,
                                 [&](const std::string& member, const json::Value& text,
                                     const std::string& where) {
                                   return member == "unique_id"
                                              ? read_text(text, where, link.junction)
                                              : pass_over(text, where);
                                 });
            });
      });
  if (!read) return false;
  if (!link.junction.empty()) links_.push_back(std::move(link));
  return true;
}

bool EarlierReader::resolve_references(Schema& schema, const std::string& path) {
  for (Table& table : schema.tables) {
    for (ForeignKey& key : table.foreign_keys) {
      const Table* parent = find_table(schema, key.table);
      if (parent == nullptr) {
        return fail(fmt::format(FMT_COMPILE("{}.{}"), path, table.name),
                    fmt::format(FMT_COMPILE("{} references {}, which is no model"),
                                key.columns.front(), key.table));
      }
      key = restricting(key.columns.front(), *parent);
    }
  }
  return true;
}

// Both sides of a relation name the junction; it is one table.
bool EarlierReader::add_junctions(Schema& schema) {
  for (const Link& link : links_) {
    if (find_table(schema, link.junction) != nullptr) continue;
    const Table* left = find_table(schema, link.left);
    const Table* right = find_table(schema, link.right);
    if (left == nullptr || right == nullptr || left == right) {
      return fail(link.path, "a many-to-many relation needs two models");
    }
    Table junction;
    junction.name = link.junction;
    for (const Table* side : {left, right}) {
      Column column = key_column(*side);
      junction.primary_key.push_back(column.name);
      junction.foreign_keys.push_back(restricting(column.name, *side));
      junction.columns.push_back(std::move(column));
    }
    schema.tables.push_back(std::move(junction));
  }
  return true;
}

namespace {

void rename_column(Table& table, std::string from, const std::string& to,
                   std::vector<Step>& steps) {
  const auto rename = [&](std::string& name) {
    if (same_name(name, from)) name = to;
  };
  steps.emplace_back(RenameColumn{table.name, from, to});
  for (Column& column : table.columns) rename(column.name);
  for (std::string& name : table.primary_key) rename(name);
  for (ForeignKey& key : table.foreign_keys) {
    for (std::string& name : key.columns) rename(name);
  }
}

}  // namespace

void adopt_earlier(Schema& before, const Schema& after, std::vector<Step>& steps) {
  for (const std::string& view : before.views) steps.emplace_back(DropView{view});
  for (Table& table : before.tables) {
    const Table* wanted = find_table(after, table.name);
    if (wanted == nullptr) continue;
    for (const ForeignKey& key : std::vector<ForeignKey>(table.foreign_keys)) {
      if (key.columns.front().find('.') == std::string::npos) continue;
      for (const ForeignKey& other : wanted->foreign_keys) {
        if (other.columns.size() == 1 && same_name(other.table, key.table) &&
            find_column(table, other.columns.front()) == nullptr) {
          rename_column(table, key.columns.front(), other.columns.front(), steps);
          break;
        }
      }
    }
    // A junction's key had its columns in no order that a snapshot tells.
    const std::vector<std::string>& key = wanted->primary_key;
    if (std::is_permutation(key.begin(), key.end(), table.primary_key.begin(),
                            table.primary_key.end())) {
      table.primary_key = key;
    }
  }
}

}  // namespace cloesce::migrate
