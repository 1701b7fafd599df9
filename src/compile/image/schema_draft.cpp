// Resolution of names. What cidl/load.h accepted should never fail here; an interface made by hand
// may.
#include "compile/image/schema_draft.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/concat.h"
#include "cidl/store_rules.h"

namespace cloesce::image {
namespace {

using orm::ColumnKind;
using orm::ColumnSet;
using orm::Nullability;
using orm::TargetRows;

Failure invalid(const cidl::Model& model, std::string_view what, std::string_view name) {
  return Failure{ErrorCode::kCidlInvalid, concat({what, " \"", name, "\""}), model.name};
}

std::optional<ColumnKind> column_kind(const cidl::Type& type) {
  switch (type.kind) {
    case cidl::TypeKind::kInteger:
      return ColumnKind::kInteger;
    case cidl::TypeKind::kReal:
      return ColumnKind::kReal;
    case cidl::TypeKind::kText:
      return ColumnKind::kText;
    case cidl::TypeKind::kBoolean:
      return ColumnKind::kBoolean;
    case cidl::TypeKind::kDateIso:
      return ColumnKind::kDate;
    case cidl::TypeKind::kBlob:
      return ColumnKind::kBlob;
    default:
      return std::nullopt;
  }
}

std::optional<std::size_t> column_position(const DraftModel& model, std::string_view name) {
  const std::uint32_t number = model.members.find(name);
  if (number >= model.columns.size()) return std::nullopt;
  return number;
}

Result<void> resolve_columns(DraftModel& model) {
  const cidl::Model& source = *model.model;
  if (source.columns.size() > orm::kMaximumColumns) {
    return invalid(source, "more than 100 columns in", source.name);
  }
  model.columns.reserve(source.columns.size());
  for (const cidl::Column& column : source.columns) {
    const bool nullable =
        column.type.kind == cidl::TypeKind::kNullable && !column.type.inner.empty();
    const std::optional<ColumnKind> kind =
        column_kind(nullable ? column.type.inner[0] : column.type);
    if (!kind) return invalid(source, "no column can have the type of", column.name);

    const std::size_t position = model.columns.size();
    model.columns.push_back(
        {&column, column.name, *kind, nullable ? Nullability::kNullable : Nullability::kRequired});
    if (column.key == cidl::KeyRole::kPrimaryKey) {
      model.primary_key.push_back(static_cast<std::uint32_t>(position));
      model.key_columns.set(position);
    }
    if (!nullable) model.required_columns.set(position);
    if (!model.members.insert(column.name, position)) {
      return invalid(source, "two members are called", column.name);
    }
  }
  if (!cidl::has_rows(source)) return {};
  if (model.primary_key.empty()) return invalid(source, "no primary key in", source.name);
  if (model.primary_key.size() > orm::kMaximumKeyColumns) {
    return invalid(source, "more than 16 primary key columns in", source.name);
  }
  return {};
}

Result<void> resolve_references(DraftModel& model, const SchemaDraft& schema) {
  for (DraftColumn& column : model.columns) {
    if (!column.column->references) continue;
    const cidl::Reference& reference = *column.column->references;
    const DraftModel* const target = schema.model(reference.model);
    const auto position =
        target == nullptr ? std::nullopt : column_position(*target, reference.column);
    if (!position) return invalid(*model.model, "a broken foreign key", column.name);
    column.references = target;
    column.referenced_column = *position;
  }
  if (model.primary_key.size() != 1) return {};
  const DraftColumn& first_key = model.key(0);
  if (first_key.kind == ColumnKind::kInteger && first_key.references == nullptr) {
    model.generated_key = model.primary_key.front();
  }
  return {};
}

// The foreign key columns identify a row when they hold its primary key or a unique key.
TargetRows rows_by(const DraftModel& target, const std::vector<std::uint32_t>& columns) {
  ColumnSet given;
  for (const std::size_t position : columns) {
    given.set(position);
    if (target.columns[position].column->uniqueness == cidl::Uniqueness::kUnique) {
      return TargetRows::kAtMostOne;
    }
  }
  for (const cidl::Index& index : target.model->indexes) {
    const bool unique = index.uniqueness == cidl::Uniqueness::kUnique;
    const auto is_given = [&](const std::string& name) {
      const std::optional<std::size_t> position = column_position(target, name);
      return position && given.test(*position);
    };
    if (unique && std::all_of(index.columns.begin(), index.columns.end(), is_given)) {
      return TargetRows::kAtMostOne;
    }
  }
  return (target.key_columns - given).none() ? TargetRows::kAtMostOne : TargetRows::kAny;
}

Result<void> resolve_junction(const DraftModel& model, const cidl::Interface& interface,
                              DraftNavigation& navigation) {
  for (const cidl::Junction& junction : interface.junctions) {
    if (junction.name == navigation.navigation->junction) navigation.junction = &junction;
  }
  if (navigation.junction == nullptr) {
    return invalid(*model.model, "an unknown junction in", navigation.name);
  }
  const cidl::Junction& junction = *navigation.junction;
  const bool forwards = junction.left.model == model.name;
  const cidl::JunctionSide& source = forwards ? junction.left : junction.right;
  const cidl::JunctionSide& target = forwards ? junction.right : junction.left;
  if (source.model != model.name || target.model != navigation.target->name ||
      source.columns.size() != model.primary_key.size() ||
      target.columns.size() != navigation.target->primary_key.size()) {
    return invalid(*model.model, "a junction that does not fit in", navigation.name);
  }
  navigation.source_columns.assign(source.columns.begin(), source.columns.end());
  navigation.target_columns.assign(target.columns.begin(), target.columns.end());
  return {};
}

Result<void> resolve_navigation(const DraftModel& model, const cidl::Interface& interface,
                                DraftNavigation& navigation) {
  if (navigation.kind == cidl::NavigationKind::kManyToMany) {
    return resolve_junction(model, interface, navigation);
  }
  const bool self = navigation.kind == cidl::NavigationKind::kOneToOne &&
                    navigation.key_owner == cidl::KeyOwner::kSelf;
  const DraftModel& owner = self ? model : *navigation.target;
  const DraftModel& referenced = self ? *navigation.target : model;
  for (const std::string& name : navigation.navigation->columns) {
    const std::optional<std::size_t> position = column_position(owner, name);
    if (!position) return invalid(*model.model, "an unknown foreign key in", navigation.name);
    navigation.columns.push_back(static_cast<std::uint32_t>(*position));
  }
  if (navigation.columns.size() != referenced.primary_key.size()) {
    return invalid(*model.model, "a foreign key of the wrong length in", navigation.name);
  }
  navigation.target_rows = self ? TargetRows::kAtMostOne : rows_by(owner, navigation.columns);
  return {};
}

Result<void> resolve_navigations(DraftModel& model, const cidl::Interface& interface,
                                 const SchemaDraft& schema) {
  const cidl::Model& source = *model.model;
  model.navigations.reserve(source.navigations.size());
  for (const cidl::Navigation& entry : source.navigations) {
    DraftNavigation navigation;
    navigation.navigation = &entry;
    navigation.name = entry.name;
    navigation.kind = entry.kind;
    navigation.key_owner = entry.key_owner;
    navigation.target = schema.model(entry.model);
    if (navigation.target == nullptr) return invalid(source, "an unknown model in", entry.name);
    if (navigation.target->model->binding != source.binding) {
      return invalid(source, "a model of another database in", entry.name);
    }
    CLOESCE_TRY(resolve_navigation(model, interface, navigation));
    if (!model.members.insert(entry.name, model.columns.size() + model.navigations.size())) {
      return invalid(source, "two members are called", entry.name);
    }
    model.navigations.push_back(std::move(navigation));
  }
  return {};
}

std::string_view bucket_of(const cidl::Interface& interface, std::string_view binding) {
  if (!interface.environment) return {};
  for (const cidl::Binding& known : interface.environment->bindings) {
    if (known.name == binding) return known.bucket;
  }
  return {};
}

Result<void> resolve_stored(DraftModel& model, const cidl::Interface& interface) {
  const cidl::Model& source = *model.model;
  const cidl::StoreRules& store = cidl::store_of(source);
  if (store.keyed) {
    DraftStored itself;
    itself.kind = store.field;
    itself.value = source.value.kind;
    itself.binding = source.binding;
    itself.bucket = bucket_of(interface, source.binding);
    itself.cache_ttl = source.kv.cache_ttl;
    model.stored = std::vector<DraftStored>(2, itself);
    model.stored[1].form = cidl::StoredForm::kPage;
    return {};
  }
  for (const cidl::StoredField& field : source.stored) {
    const std::size_t number =
        model.columns.size() + model.navigations.size() + model.stored.size();
    if (!model.members.insert(field.name, number)) {
      return invalid(source, "two members are called", field.name);
    }
    model.stored.push_back({field.name, field.kind, field.form, field.value.kind, field.binding,
                            bucket_of(interface, field.binding), field.key_template,
                            field.key_column, 0, field.access});
  }
  return {};
}

template <class Members>
bool has_hidden(const Members& members) {
  return std::any_of(members.begin(), members.end(),
                     [](const auto& member) { return member.access == cidl::Access::kHidden; });
}

// Models that hide something, then those whose relations lead there, until nothing is added.
void mark_concealing(SchemaDraft& schema) {
  for (DraftModel& model : schema.models) {
    model.conceals = has_hidden(model.model->columns) || has_hidden(model.model->navigations) ||
                     has_hidden(model.model->stored);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (DraftModel& model : schema.models) {
      for (const DraftNavigation& navigation : model.navigations) {
        if (model.conceals || !navigation.target->conceals) continue;
        model.conceals = changed = true;
      }
    }
  }
}

}  // namespace

Result<SchemaDraft> draft_schema(const cidl::Interface& interface) {
  SchemaDraft schema;
  schema.models.reserve(interface.models.size());  // models point to each other
  for (const cidl::Model& model : interface.models) {
    DraftModel resolved;
    resolved.model = &model;
    resolved.index = schema.models.size();
    resolved.name = model.name;
    resolved.table = model.table;
    CLOESCE_TRY(resolve_columns(resolved));
    if (!schema.names.insert(model.name, resolved.index)) {
      return invalid(model, "two models are called", model.name);
    }
    schema.models.push_back(std::move(resolved));
  }
  // Addresses of models are settled only now.
  for (DraftModel& model : schema.models) CLOESCE_TRY(resolve_references(model, schema));
  for (DraftModel& model : schema.models) {
    CLOESCE_TRY(resolve_navigations(model, interface, schema));
    CLOESCE_TRY(resolve_stored(model, interface));
  }
  mark_concealing(schema);
  return schema;
}

}  // namespace cloesce::image
