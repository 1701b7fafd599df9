// JSON schemas (2020-12, as OpenAPI 3.1 uses them) of CIDL types.
#include "compile/emit/openapi_schema.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "cidl/store_rules.h"
#include "compile/emit/routes.h"

namespace cloesce::emit {
namespace {

cidl::Type object_type(const std::string& name) { return {cidl::TypeKind::kObject, name, {}}; }

/// The type with what is below it partial, as DeepPartial makes it.
cidl::Type partial_type(const cidl::Type& type) {
  cidl::Type result = type;
  if (result.kind == cidl::TypeKind::kObject) result.kind = cidl::TypeKind::kPartial;
  for (cidl::Type& inner : result.inner) inner = partial_type(inner);
  return result;
}

}  // namespace

SchemaWriter::SchemaWriter(json::Writer& json, const cidl::Interface& interface)
    : json_(json),
      index_(interface),
      read_only_(interface, index_),
      access_(cidl::write_access(interface, index_)) {
  const auto add = [&](const std::string& name) {
    Component component{name, Completeness::kWhole, BlobForm::kBase64, Direction::kAnswer};
    if (component_names_.insert(component_name(component)).second) {
      components_.push_back(std::move(component));
    }
  };
  for (const cidl::PlainObject& object : interface.plain_objects) name_class(object.name);
  for (const cidl::Model& model : interface.models) name_class(model.name);
  for (const cidl::PlainObject& object : interface.plain_objects) add(object.name);
  for (const cidl::Model& model : interface.models) add(model.name);
}

// The keys of components are letters, digits, `.`, `-` and `_`; TypeScript lets a class be called
// more than that. A class whose name needs no change keeps it.
void SchemaWriter::name_class(const std::string& class_name) {
  std::string name;
  for (const char character : class_name) {
    const bool allowed = is_letter(character) || is_digit(character) || character == '_';
    if (allowed) {
      name.push_back(character);
    } else {
      fmt::format_to(std::back_inserter(name), FMT_COMPILE("-{:02X}"),
                     static_cast<unsigned char>(character));
    }
  }
  names_of_classes_.emplace(class_name, std::move(name));
}

void SchemaWriter::write(const cidl::Type& type, BlobForm form) {
  switch (type.kind) {
    case cidl::TypeKind::kVoid:
      return write_simple("null");
    case cidl::TypeKind::kInteger:
      return write_simple("integer");
    case cidl::TypeKind::kReal:
      return write_simple("number");
    case cidl::TypeKind::kText:
      return write_simple("string");
    case cidl::TypeKind::kBoolean:
      return write_simple("boolean");
    case cidl::TypeKind::kDateIso:
      return write_simple("string", "date-time");
    case cidl::TypeKind::kBlob:
    case cidl::TypeKind::kStream:
      if (form == BlobForm::kIndex) return write_simple("integer", "blob-index");
      begin();
      json_.key("type").string("string").key("contentEncoding").string("base64");
      json_.end_object();
      return;
    case cidl::TypeKind::kJsonValue:
    case cidl::TypeKind::kInject:
      begin();
      json_.end_object();
      return;
    case cidl::TypeKind::kR2Object:
      return write_r2_object();
    case cidl::TypeKind::kR2Download:
      return write_r2_download();
    case cidl::TypeKind::kObject:
      return write_reference(type.name, Completeness::kWhole, form);
    case cidl::TypeKind::kPartial:
      return write_reference(type.name, Completeness::kPartial, form);
    case cidl::TypeKind::kArray:
      begin();
      json_.key("type").string("array").key("items");
      write(type.inner.front(), form);
      json_.end_object();
      return;
    case cidl::TypeKind::kNullable:
      begin();
      json_.key("anyOf").begin_array();
      write(type.inner.front(), form);
      write_simple("null");
      json_.end_array();
      json_.end_object();
      return;
    case cidl::TypeKind::kKvValue:
      return write_kv_value(type, form);
    case cidl::TypeKind::kPage:
      return write_page(type, form);
    case cidl::TypeKind::kHttpResult:
      return write(type.inner.front(), form);
    case cidl::TypeKind::kDataSource:
      return write_choices(type.name);
  }
}

void SchemaWriter::write_components() {
  json_.key("schemas").begin_object();
  // Writing one may refer to others, which then join the list.
  for (std::size_t next = 0; next < components_.size(); ++next) {
    const Component component = components_[next];
    direction_ = component.direction;
    write_component(component);
  }
  json_.end_object();
}

void SchemaWriter::write_save(const cidl::Model& model) {
  for (const std::size_t level : access_.roots) {
    if (level == cidl::RelationAccess::kNoLevel || access_.levels[level].model != &model) continue;
    if (cidl::has_more_than_columns(model)) return write_level_reference(level);
  }
  write_request({cidl::TypeKind::kPartial, model.name, {}}, BlobForm::kBase64);
}

void SchemaWriter::write_level_reference(std::size_t level) {
  write_component_reference({access_.levels[level].model->name, Completeness::kPartial,
                             BlobForm::kBase64, Direction::kRequest, level});
}

void SchemaWriter::write_relation(const cidl::Navigation& navigation,
                                  const cidl::RelationAccess& access) {
  const cidl::Model& target = *index_.model(navigation.model);
  const bool one = navigation.kind == cidl::NavigationKind::kOneToOne;
  if (access.right == cidl::WriteRight::kNone) {
    if (!one || navigation.key_owner == cidl::KeyOwner::kTarget) return;
    json_.key(navigation.name).begin_object();
    json_.key("type").string("object").key("properties").begin_object();
    const std::vector<const cidl::Column*> key = cidl::primary_key(target);
    for (const cidl::Column* column : key) {
      json_.key(column->name);
      write(column->type, BlobForm::kBase64);
    }
    json_.end_object();
    json_.key("required").begin_array();
    for (const cidl::Column* column : key) json_.string(column->name);
    json_.end_array();
    json_.key("additionalProperties").boolean(false);
    json_.end_object();
    return;
  }
  json_.key(navigation.name);
  if (!one) json_.begin_object().key("type").string("array").key("items");
  if (access.below == cidl::RelationAccess::kNoLevel) {
    write_reference(target.name, Completeness::kPartial, BlobForm::kBase64);
  } else {
    write_level_reference(access.below);
  }
  if (!one) json_.end_object();
}

std::string SchemaWriter::component_name(const Component& component) const {
  const auto found = names_of_classes_.find(component.class_name);
  std::string name = found == names_of_classes_.end() ? component.class_name : found->second;
  if (component.level != cidl::RelationAccess::kNoLevel) {
    // The levels of one model are told apart by a number.
    std::size_t number = 1;
    for (std::size_t level = 0; level < component.level; ++level) {
      if (access_.levels[level].model == access_.levels[component.level].model) ++number;
    }
    name.append(".Save");
    return number == 1 ? name : name.append(std::to_string(number));
  }
  if (component.completeness == Completeness::kPartial) name.append(".Partial");
  if (component.direction == Direction::kRequest) name.append(".Request");
  if (component.form == BlobForm::kIndex) name.append(".Form");
  return name;
}

void SchemaWriter::write_reference(const std::string& class_name, Completeness completeness,
                                   BlobForm form) {
  std::set<std::string, std::less<>> seen;
  if (!holds_blob(object_type(class_name), seen)) form = BlobForm::kBase64;
  const Direction direction =
      read_only_.reached_by(object_type(class_name)) ? direction_ : Direction::kAnswer;
  write_component_reference({class_name, completeness, form, direction});
}

void SchemaWriter::write_component_reference(const Component& component) {
  const std::string name = component_name(component);
  if (component_names_.insert(name).second) components_.push_back(component);
  begin();
  json_.key("$ref").string("#/components/schemas/" + name);
  json_.end_object();
}

void SchemaWriter::write_component(const Component& component) {
  const cidl::Model* model = index_.model(component.class_name);
  const cidl::PlainObject* object = index_.plain_object(component.class_name);
  std::vector<std::string_view> required;
  json_.key(component_name(component)).begin_object();
  json_.key("type").string("object");
  const std::string_view documentation = model != nullptr    ? model->documentation
                                         : object != nullptr ? object->documentation
                                                             : std::string_view();
  if (!documentation.empty()) json_.key("description").string(documentation);
  json_.key("properties").begin_object();
  if (model != nullptr) {
    for (const cidl::Column& column : model->columns) {
      if (write_member(column.name, column.access, column.type, component)) {
        required.push_back(column.name);
      }
    }
    for (std::size_t index = 0; index < model->navigations.size(); ++index) {
      const cidl::Navigation& navigation = model->navigations[index];
      if (component.level != cidl::RelationAccess::kNoLevel) {
        if (navigation.access != cidl::Access::kOpen) continue;
        write_relation(navigation, access_.levels[component.level].relations[index]);
        continue;
      }
      write_member(navigation.name, navigation.access, navigation_type(navigation), component);
    }
    write_stored(*model, component, required);
  }
  if (object != nullptr) {
    for (const cidl::Field& field : object->fields) {
      if (write_member(field.name, field.access, field.type, component) &&
          !cidl::is_nullable(field.type)) {
        required.push_back(field.name);
      }
    }
  }
  json_.end_object();
  if (component.completeness == Completeness::kWhole) {
    json_.key("required").begin_array();
    for (const std::string_view field : required) json_.string(field);
    json_.end_array();
  }
  json_.end_object();
}

void SchemaWriter::write_stored(const cidl::Model& model, const Component& component,
                                std::vector<std::string_view>& required) {
  const auto member = [&](std::string_view name, const cidl::Type& type) {
    json_.key(name);
    write_field(type, component);
  };
  const cidl::Type text{cidl::TypeKind::kText, {}, {}};
  for (const std::string& name : model.key_parameters) member(name, text);
  for (const cidl::StoredField& field : model.stored) {
    // A save does not write it.
    if (component.level != cidl::RelationAccess::kNoLevel) break;
    write_member(field.name, field.access, stored_type(field), component);
  }
  for (const cidl::StoreMember& of_store : cidl::store_of(model).members) {
    required.push_back(of_store.name);
    member(of_store.name, cidl::type_of(of_store, model));
  }
}

void SchemaWriter::write_request(const cidl::Type& type, BlobForm form, std::string_view fallback) {
  direction_ = Direction::kRequest;
  fallback_ = fallback;
  write(type, form);
  fallback_ = {};
  direction_ = Direction::kAnswer;
}

bool SchemaWriter::write_member(std::string_view name, cidl::Access access, const cidl::Type& type,
                                const Component& component) {
  const bool read_only = access == cidl::Access::kReadOnly;
  if (access == cidl::Access::kHidden) return false;
  if (read_only && component.direction == Direction::kRequest) return false;
  json_.key(name);
  read_only_next_ = read_only;
  write_field(type, component);
  return true;
}

void SchemaWriter::begin() {
  json_.begin_object();
  if (std::exchange(read_only_next_, false)) json_.key("readOnly").boolean(true);
  if (!fallback_.empty()) json_.key("default").raw(std::exchange(fallback_, {}));
}

void SchemaWriter::write_field(const cidl::Type& type, const Component& component) {
  const bool partial = component.completeness == Completeness::kPartial;
  write(partial ? partial_type(type) : type, component.form);
}

void SchemaWriter::write_simple(std::string_view type, std::string_view format) {
  begin();
  json_.key("type").string(type);
  if (!format.empty()) json_.key("format").string(format);
  json_.end_object();
}

void SchemaWriter::write_kv_value(const cidl::Type& type, BlobForm form) {
  begin();
  json_.key("type").string("object");
  json_.key("properties").begin_object();
  json_.key("key");
  write_simple("string");
  json_.key("value");
  write({cidl::TypeKind::kNullable, {}, type.inner}, form);
  json_.key("metadata").begin_object().end_object();
  json_.end_object().end_object();
}

void SchemaWriter::write_page(const cidl::Type& type, BlobForm form) {
  begin();
  json_.key("type").string("object");
  json_.key("properties").begin_object();
  json_.key("items");
  write({cidl::TypeKind::kArray, {}, type.inner}, form);
  json_.key("cursor");
  write({cidl::TypeKind::kNullable, {}, {{cidl::TypeKind::kText, {}, {}}}}, form);
  json_.end_object();
  write_required({"items", "cursor"});
  json_.end_object();
}

void SchemaWriter::write_required(std::initializer_list<std::string_view> names) {
  json_.key("required").begin_array();
  for (const std::string_view name : names) json_.string(name);
  json_.end_array();
}

void SchemaWriter::write_r2_object() {
  begin();
  json_.key("type").string("object");
  json_.key("properties").begin_object();
  write_head();
  json_.end_object();
  write_required({"key", "version", "size", "etag", "httpEtag", "uploaded"});
  json_.end_object();
}

void SchemaWriter::write_r2_download() {
  begin();
  json_.key("type").string("object");
  json_.key("properties").begin_object();
  json_.key("url");
  write_simple("string", "uri");
  json_.key("expires");
  write_simple("string", "date-time");
  write_head();
  json_.end_object();
  write_required({"url", "expires", "key", "version", "size", "etag", "httpEtag", "uploaded"});
  json_.end_object();
}

void SchemaWriter::write_head() {
  json_.key("key");
  write_simple("string");
  json_.key("version");
  write_simple("string");
  json_.key("size");
  write_simple("integer");
  json_.key("etag");
  write_simple("string");
  json_.key("httpEtag");
  write_simple("string");
  json_.key("uploaded");
  write_simple("string", "date-time");
  write_text_map("checksums");
  json_.key("httpMetadata").begin_object();
  json_.key("type").string("object");
  json_.key("properties").begin_object();
  for (const std::string_view name : {"contentType", "contentLanguage", "contentDisposition",
                                      "contentEncoding", "cacheControl"}) {
    json_.key(name);
    write_simple("string");
  }
  json_.key("cacheExpiry");
  write_simple("string", "date-time");
  json_.end_object().end_object();
  write_text_map("customMetadata");
  json_.key("storageClass");
  write_simple("string");
}

void SchemaWriter::write_text_map(std::string_view name) {
  json_.key(name).begin_object();
  json_.key("type").string("object").key("additionalProperties");
  write_simple("string");
  json_.end_object();
}

void SchemaWriter::write_choices(const std::string& model_name) {
  begin();
  json_.key("type").string("string");
  json_.key("enum").begin_array();
  if (const cidl::Model* model = index_.model(model_name); model != nullptr) {
    for (const cidl::DataSource& source : model->data_sources) {
      if (source.name != "none") json_.string(source.name);
    }
  }
  json_.string("none");
  json_.end_array().end_object();
}

bool SchemaWriter::holds_blob(const cidl::Type& type,
                              std::set<std::string, std::less<>>& seen) const {
  if (type.kind == cidl::TypeKind::kBlob || type.kind == cidl::TypeKind::kStream) return true;
  for (const cidl::Type& inner : type.inner) {
    if (holds_blob(inner, seen)) return true;
  }
  if (type.kind != cidl::TypeKind::kObject && type.kind != cidl::TypeKind::kPartial) return false;
  if (!seen.insert(type.name).second) return false;
  if (const cidl::Model* model = index_.model(type.name); model != nullptr) {
    if (holds_blob(model->value, seen)) return true;
    for (const cidl::Column& column : model->columns) {
      if (column.access != cidl::Access::kHidden && holds_blob(column.type, seen)) return true;
    }
    for (const cidl::Navigation& navigation : model->navigations) {
      if (navigation.access != cidl::Access::kHidden &&
          holds_blob(object_type(navigation.model), seen)) {
        return true;
      }
    }
  }
  if (const cidl::PlainObject* object = index_.plain_object(type.name); object != nullptr) {
    for (const cidl::Field& field : object->fields) {
      if (field.access != cidl::Access::kHidden && holds_blob(field.type, seen)) return true;
    }
  }
  return false;
}

}  // namespace cloesce::emit
