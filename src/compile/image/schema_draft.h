// The models of an interface with their names resolved, before they are written into an image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/name_table.h"
#include "base/result.h"
#include "cidl/model.h"
#include "orm/schema.h"

namespace cloesce::image {

struct DraftModel;

// What orm/schema.h says of each, with addresses and views of the interface.
struct DraftColumn {
  const cidl::Column* column = nullptr;
  std::string_view name;
  orm::ColumnKind kind = orm::ColumnKind::kText;
  orm::Nullability nullability = orm::Nullability::kRequired;
  const DraftModel* references = nullptr;
  std::size_t referenced_column = 0;
};

struct DraftNavigation {
  const cidl::Navigation* navigation = nullptr;
  std::string_view name;
  cidl::NavigationKind kind = cidl::NavigationKind::kOneToOne;
  cidl::KeyOwner key_owner = cidl::KeyOwner::kSelf;
  const DraftModel* target = nullptr;
  std::vector<std::uint32_t> columns;
  const cidl::Junction* junction = nullptr;
  std::vector<std::string_view> source_columns;
  std::vector<std::string_view> target_columns;
  orm::TargetRows target_rows = orm::TargetRows::kAny;
};

struct DraftStored {
  std::string_view name;
  cidl::StoredKind kind = cidl::StoredKind::kKv;
  cidl::StoredForm form = cidl::StoredForm::kOne;
  cidl::TypeKind value = cidl::TypeKind::kVoid;
  std::string_view binding;
  std::string_view bucket;
  std::string_view key_template;
  std::string_view key_column;
  std::uint32_t cache_ttl = 0;
  cidl::Access access = cidl::Access::kOpen;
};

struct DraftModel {
  const cidl::Model* model = nullptr;
  std::size_t index = 0;
  std::string_view name;
  std::string_view table;
  std::vector<DraftColumn> columns;
  std::vector<std::uint32_t> primary_key;
  std::vector<DraftNavigation> navigations;
  std::vector<DraftStored> stored;
  orm::ColumnSet key_columns;
  orm::ColumnSet required_columns;
  std::uint32_t generated_key = orm::ModelSchema::kNone;
  bool conceals = false;
  NameTable members;

  [[nodiscard]] const DraftColumn& key(std::size_t position) const {
    return columns[primary_key[position]];
  }
};

/// All models. They point to each other: a draft may be moved, not copied.
struct SchemaDraft {
  std::vector<DraftModel> models;
  NameTable names;

  [[nodiscard]] const DraftModel* model(std::string_view name) const {
    const std::uint32_t number = names.find(name);
    return number == NameTable::kNone ? nullptr : &models[number];
  }
};

/// kCidlInvalid when a name leads nowhere or a model is beyond the limits of orm/schema.h, which
/// only an interface made by hand can be. Borrows the interface.
[[nodiscard]] Result<SchemaDraft> draft_schema(const cidl::Interface& interface);

}  // namespace cloesce::image
