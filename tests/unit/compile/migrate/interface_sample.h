// Short ways to write interfaces in tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cidl/model.h"

namespace cloesce::migrate::testing {

inline cidl::Type plain(cidl::TypeKind kind) { return {kind, {}, {}}; }

inline cidl::Type optional_of(cidl::TypeKind kind) {
  return {cidl::TypeKind::kNullable, {}, {plain(kind)}};
}

inline cidl::Column column_of_type(std::string name, cidl::Type type) {
  cidl::Column column;
  column.name = std::move(name);
  column.type = std::move(type);
  return column;
}

inline cidl::Column key_of_type(std::string name, cidl::TypeKind kind) {
  cidl::Column column = column_of_type(std::move(name), plain(kind));
  column.key = cidl::KeyRole::kPrimaryKey;
  return column;
}

inline cidl::Column reference_to(std::string name, cidl::Type type, std::string model,
                                 std::string column = "id") {
  cidl::Column reference = column_of_type(std::move(name), std::move(type));
  reference.references = cidl::Reference{std::move(model), std::move(column)};
  return reference;
}

/// A model with an Integer primary key `id` before `columns`.
inline cidl::Model model_of(std::string name, std::vector<cidl::Column> columns = {},
                            std::string binding = "db") {
  columns.insert(columns.begin(), key_of_type("id", cidl::TypeKind::kInteger));
  cidl::Model model;
  model.name = name;
  model.binding = std::move(binding);
  model.table = std::move(name);
  model.columns = std::move(columns);
  return model;
}

inline cidl::Interface interface_of(std::vector<cidl::Model> models) {
  cidl::Interface interface;
  interface.name = "sample";
  interface.models = std::move(models);
  return interface;
}

}  // namespace cloesce::migrate::testing
