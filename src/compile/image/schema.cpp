// Writes the draft of a schema into an image.
#include "compile/image/schema.h"

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "cidl/list_path.h"
#include "compile/image/schema_draft.h"
#include "compile/image/versions.h"

namespace cloesce::image {
namespace {

// The members by number, as orm::ModelSchema::member reads them.
void write_members(Writer& writer, Place<orm::ModelSchema> place, const DraftModel& draft) {
  std::vector<std::string_view> names;
  for (const DraftColumn& column : draft.columns) names.push_back(column.name);
  for (const DraftNavigation& navigation : draft.navigations) names.push_back(navigation.name);
  for (const DraftStored& stored : draft.stored) {
    if (!stored.name.empty()) names.push_back(stored.name);
  }
  writer.names(writer[place].members, names);
}

void write_columns(Writer& writer, Place<orm::ModelSchema> place, const DraftModel& draft,
                   Place<orm::ModelSchema> models) {
  const auto columns = writer.array(writer[place].columns, draft.columns.size());
  for (std::size_t index = 0; index < draft.columns.size(); ++index) {
    const DraftColumn& from = draft.columns[index];
    orm::ColumnSchema& column = writer[columns + index];
    column.kind = from.kind;
    column.nullability = from.nullability;
    column.access = from.column->access;
    if (from.references != nullptr) {
      writer.refer(column.references, models + from.references->index);
      column.referenced_column = static_cast<std::uint32_t>(from.referenced_column);
    }
    writer.text(column.name, from.name);
  }
  writer.copy(writer[place].primary_key, std::span<const std::uint32_t>(draft.primary_key));
}

void write_navigations(Writer& writer, Place<orm::ModelSchema> place, const DraftModel& draft,
                       Place<orm::ModelSchema> models) {
  const auto navigations = writer.array(writer[place].navigations, draft.navigations.size());
  for (std::size_t index = 0; index < draft.navigations.size(); ++index) {
    const DraftNavigation& from = draft.navigations[index];
    const auto at = navigations + index;
    writer[at].kind = from.kind;
    writer[at].key_owner = from.key_owner;
    writer[at].target_rows = from.target_rows;
    writer[at].access = from.navigation->access;
    writer.refer(writer[at].target, models + from.target->index);
    writer.text(writer[at].name, from.name);
    writer.copy(writer[at].columns, std::span<const std::uint32_t>(from.columns));
    if (from.junction != nullptr) writer.text(writer[at].junction, from.junction->name);
    writer.texts(writer[at].source_columns, from.source_columns);
    writer.texts(writer[at].target_columns, from.target_columns);
  }
}

void write_stored(Writer& writer, Place<orm::ModelSchema> place, const DraftModel& draft) {
  const auto stored = writer.array(writer[place].stored, draft.stored.size());
  for (std::size_t index = 0; index < draft.stored.size(); ++index) {
    const DraftStored& from = draft.stored[index];
    const auto at = stored + index;
    writer[at].kind = from.kind;
    writer[at].form = from.form;
    writer[at].value = from.value;
    writer[at].cache_ttl = from.cache_ttl;
    writer[at].access = from.access;
    writer.text(writer[at].name, from.name);
    writer.text(writer[at].binding, from.binding);
    writer.text(writer[at].bucket, from.bucket);
    writer.text(writer[at].key_template, from.key_template);
    writer.text(writer[at].key_column, from.key_column);
  }
}

void write_nodes(Writer& writer, Place<Array<orm::SourceNode>> field,
                 const cidl::IncludeTree& tree) {
  const Place<orm::SourceNode> nodes = writer.array(writer[field], tree.nodes.size());
  for (std::size_t index = 0; index < tree.nodes.size(); ++index) {
    const cidl::IncludeNode& from = tree.nodes[index];
    const auto at = nodes + index;
    writer.text(writer[at].name, from.name);
    write_nodes(writer, writer.place_of(writer[at].children), from.children);
    const auto options = writer.array(writer[at].options, from.options.size());
    for (std::size_t option = 0; option < from.options.size(); ++option) {
      writer.text(writer[options + option].name, from.options[option].name);
      writer.text(writer[options + option].value, from.options[option].value);
    }
  }
}

void write_list(Writer& writer, Place<orm::ModelSchema> place, const cidl::Model& source) {
  const cidl::ListRules rules =
      source.list.value_or(cidl::ListRules{{}, {}, cidl::kListRows, cidl::kListRows});
  const auto texts = [&](Place<Array<Text>> field, const std::vector<std::string>& paths) {
    writer.texts(writer[field], std::vector<std::string_view>(paths.begin(), paths.end()));
  };
  texts(writer.place_of(writer[place].list.where), rules.where);
  texts(writer.place_of(writer[place].list.order), rules.order_by);
  writer[place].list.limit = rules.limit;
  writer[place].list.maximum = rules.maximum;
}

void write_model(Writer& writer, Place<orm::ModelSchema> place, const DraftModel& draft,
                 Place<orm::ModelSchema> models) {
  const cidl::Model& source = *draft.model;
  writer[place].storage = source.storage;
  writer[place].index = static_cast<std::uint32_t>(draft.index);
  writer[place].generated_key = draft.generated_key;
  writer[place].conceals = draft.conceals ? 1 : 0;
  writer[place].key_columns = draft.key_columns;
  writer[place].required_columns = draft.required_columns;
  writer.text(writer[place].name, source.name);
  writer.text(writer[place].table, source.table);
  writer.text(writer[place].binding, source.binding);
  write_columns(writer, place, draft, models);
  write_navigations(writer, place, draft, models);
  write_stored(writer, place, draft);
  write_members(writer, place, draft);
  write_list(writer, place, source);
  write_version(writer, place, source);
  const std::vector<std::string_view> parameters(source.key_parameters.begin(),
                                                 source.key_parameters.end());
  writer.texts(writer[place].key_parameters, parameters);
  const auto sources = writer.array(writer[place].data_sources, source.data_sources.size());
  for (std::size_t index = 0; index < source.data_sources.size(); ++index) {
    write_data_source(writer, sources + index, source.data_sources[index]);
  }
}

}  // namespace

void write_data_source(Writer& writer, Place<orm::DataSource> place,
                       const cidl::DataSource& source) {
  writer.text(writer[place].name, source.name);
  write_nodes(writer, writer.place_of(writer[place].nodes), source.tree);
  writer.text(writer[place].where, source.where);
  writer.text(writer[place].order, source.order_by);
  writer[place].limit = source.limit;
}

Result<Place<orm::ModelSchema>> write_schema(Writer& writer, Place<orm::Schema> place,
                                             const cidl::Interface& interface) {
  auto draft = draft_schema(interface);
  if (!draft.ok()) return std::move(draft).failure();
  const auto models = writer.array(writer[place].models, draft->models.size());
  std::vector<std::string_view> names;
  for (const DraftModel& model : draft->models) {
    write_model(writer, models + model.index, model, models);
    names.push_back(model.name);
  }
  writer.names(writer[place].names, names);
  return models;
}

}  // namespace cloesce::image
