// Shapes of types and the manifest's JSON.
#include "compile/image/manifest.h"

#include <algorithm>
#include <utility>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/concat.h"
#include "cidl/store_rules.h"
#include "compile/image/types.h"
#include "json/writer.h"

namespace cloesce::image {
namespace {

using cidl::TypeKind;

std::string_view media_name(cidl::MediaType media) {
  switch (media) {
    case cidl::MediaType::kJson:
      return "Json";
    case cidl::MediaType::kOctet:
      return "Octet";
    case cidl::MediaType::kFormData:
      return "FormData";
  }
  return "Json";
}

// How a value of KV is stored.
std::string_view value_form(TypeKind value) {
  switch (value) {
    case TypeKind::kText:
      return "text";
    case TypeKind::kBlob:
      return "bytes";
    case TypeKind::kStream:
      return "stream";
    default:
      return "json";
  }
}

// The value inside HttpResult and Nullable decides how a result is written.
const cidl::Type& payload(const cidl::Type& type) {
  const cidl::Type* at = &type;
  while (at->kind == TypeKind::kHttpResult || at->kind == TypeKind::kNullable) at = &at->inner[0];
  return *at;
}

// A DeepPartial, or a list of them: what is absent there stays absent.
bool holds_parts(const cidl::Type& type) {
  return type.kind == TypeKind::kPartial ||
         std::any_of(type.inner.begin(), type.inner.end(), holds_parts);
}

std::string_view result_kind(const cidl::Type& returns) {
  switch (payload(returns).kind) {
    case TypeKind::kVoid:
      return "Void";
    case TypeKind::kBlob:
      return "Blob";
    case TypeKind::kStream:
      return "Stream";
    default:
      return "Json";
  }
}

// A platform type such as D1Database stands for a binding: that of the model itself, else the first
// of its kind.
const std::string* platform_binding(const cidl::Interface& interface, const cidl::Model* model,
                                    std::string_view inject) {
  if (!interface.environment) return nullptr;
  cidl::BindingKind kind = cidl::BindingKind::kD1;
  if (inject == "KVNamespace") {
    kind = cidl::BindingKind::kKv;
  } else if (inject == "R2Bucket") {
    kind = cidl::BindingKind::kR2;
  } else if (inject != "D1Database") {
    return nullptr;
  }
  const std::string* first = nullptr;
  for (const cidl::Binding& binding : interface.environment->bindings) {
    if (binding.kind != kind) continue;
    if (model != nullptr && model->binding == binding.name) return &binding.name;
    if (first == nullptr) first = &binding.name;
  }
  return first;
}

class ManifestWriter {
 public:
  ManifestWriter(const cidl::Interface& interface, const std::vector<RouteSource>& routes,
                 ShapeTable& shapes)
      : interface_(interface), routes_(routes), shapes_(shapes) {}

  String render() {
    json_.begin_object();
    json_.key("environment");
    if (interface_.environment) {
      json_.string(interface_.environment->name);
    } else {
      json_.null();
    }
    write_services();
    write_routes();
    write_models();
    write_stores();
    write_signing();
    write_shapes();  // last: everything above may add some
    json_.end_object();
    return concat({",", out_.view().substr(1)});
  }

 private:
  void write_injection(std::string_view name, std::string_view inject, const cidl::Model* model) {
    json_.key("name").string(name);
    json_.key("inject").string(inject);
    json_.key("binding");
    const std::string* binding = platform_binding(interface_, model, inject);
    if (binding != nullptr) {
      json_.string(*binding);
    } else {
      json_.null();
    }
  }

  void write_services() {
    json_.key("services").begin_array();
    for (const cidl::Service& service : interface_.services) {
      json_.begin_object();
      json_.key("name").string(service.name);
      json_.key("attributes").begin_array();
      for (const cidl::Attribute& attribute : service.attributes) {
        json_.begin_object();
        write_injection(attribute.name, attribute.inject, nullptr);
        json_.end_object();
      }
      json_.end_array();
      json_.key("initializer");
      if (service.initializer) {
        json_.begin_array();
        for (const cidl::Parameter& parameter : *service.initializer) {
          json_.begin_object();
          write_injection(parameter.name, parameter.type.name, nullptr);
          json_.end_object();
        }
        json_.end_array();
      } else {
        json_.null();
      }
      json_.end_object();
    }
    json_.end_array();
  }

  void write_parameter(const cidl::Parameter& parameter, const cidl::Model* model) {
    json_.begin_object();
    if (parameter.type.kind == TypeKind::kInject) {
      write_injection(parameter.name, parameter.type.name, model);
      json_.key("shape").integer(kPlainShape);
    } else {
      json_.key("name").string(parameter.name);
      json_.key("inject").null();
      json_.key("binding").null();
      json_.key("shape").integer(shapes_.shape_of(parameter.type));
      if (parameter.presence == cidl::Presence::kOptional) json_.key("optional").boolean(true);
      if (holds_parts(parameter.type)) json_.key("partial").boolean(true);
    }
    json_.end_object();
  }

  void write_routes() {
    json_.key("routes").begin_array();
    for (const RouteSource& route : routes_) {
      const cidl::Method& method = *route.method;
      const cidl::Model* model = route.model;
      const bool fixed = method.scope == cidl::MethodScope::kStatic;
      const bool instance = model != nullptr && !fixed;
      json_.begin_object();
      json_.key("namespace").string(route.namespace_name());
      json_.key("method").string(method.name);
      json_.key("scope").string(fixed ? "static" : instance ? "instance" : "service");
      json_.key("self").integer(instance ? shapes_.shape_of_object(model->name) : kPlainShape);
      json_.key("parameters").begin_array();
      for (const cidl::Parameter& parameter : method.parameters) write_parameter(parameter, model);
      json_.end_array();
      json_.key("returns").begin_object();
      json_.key("media").string(media_name(method.returns_media));
      json_.key("shape").integer(shapes_.shape_of(payload(method.returns)));
      json_.key("kind").string(result_kind(method.returns));
      json_.end_object();
      json_.end_object();
    }
    json_.end_array();
  }

  void write_models() {
    json_.key("models").begin_object();
    for (const cidl::Model& model : interface_.models) {
      json_.key(model.name).integer(shapes_.shape_of_object(model.name));
    }
    json_.end_object();
  }

  void write_stores() {
    json_.key("stores").begin_object();
    for (const cidl::Model& model : interface_.models) {
      const cidl::StoreRules& store = cidl::store_of(model);
      if (!store.keyed) continue;
      json_.key(model.name).begin_object();
      json_.key("binding").string(model.binding);
      std::string_view bucket;
      if (interface_.environment) {
        for (const cidl::Binding& binding : interface_.environment->bindings) {
          if (binding.name == model.binding) bucket = binding.bucket;
        }
      }
      json_.key("bucket").string(bucket);
      json_.key("value");
      if (store.values) {
        json_.string(value_form(model.value.kind));
      } else {
        json_.null();
      }
      json_.key("expirationTtl");
      if (model.kv.expiration_ttl != 0) {
        json_.integer(model.kv.expiration_ttl);
      } else {
        json_.null();
      }
      json_.end_object();
    }
    json_.end_object();
  }

  // The names of the variables that signed URLs need.
  void write_signing() {
    using cidl::VariableKind;
    json_.key("signing").begin_object();
    for (const auto& [name, kind] :
         {std::pair("endpoint", VariableKind::kR2Endpoint),
          std::pair("accessKeyId", VariableKind::kR2AccessKeyId),
          std::pair("secretAccessKey", VariableKind::kR2SecretAccessKey)}) {
      json_.key(name);
      const std::string* found = nullptr;
      if (interface_.environment) {
        for (const cidl::Variable& variable : interface_.environment->variables) {
          if (variable.kind == kind) found = &variable.name;
        }
      }
      if (found != nullptr) {
        json_.string(*found);
      } else {
        json_.null();
      }
    }
    json_.end_object();
  }

  void write_shapes() {
    shapes_.mark_concealing();
    json_.key("shapes").begin_array();
    for (const Shape& shape : shapes_.shapes()) {
      json_.begin_object();
      switch (shape.kind) {
        case Shape::Kind::kDate:
          json_.key("kind").string("date");
          break;
        case Shape::Kind::kBlob:
          json_.key("kind").string("blob");
          json_.key("as").string(shape.class_name.empty() ? "Uint8Array" : shape.class_name);
          break;
        case Shape::Kind::kStream:
          json_.key("kind").string("stream");
          break;
        case Shape::Kind::kR2Object:
          json_.key("kind").string("r2Object");
          break;
        case Shape::Kind::kArray:
          json_.key("kind").string("array");
          json_.key("of").integer(shape.of);
          break;
        case Shape::Kind::kObject:
          json_.key("kind").string("object");
          json_.key("class").string(shape.class_name);
          json_.key("fields").begin_array();
          for (const auto& [name, inner] : shape.fields) {
            json_.begin_array().string(name).integer(inner).end_array();
          }
          json_.end_array();
          write_keys(shape.class_name);
          write_names("lists", shape.lists);
          write_names("stored", shape.stored);
          break;
      }
      if (shape.conceals) {
        json_.key("hidden").begin_array();
        for (const std::string_view name : shape.hidden) json_.string(name);
        json_.end_array();
      }
      json_.end_object();
    }
    json_.end_array();
  }

  // Left out where there are none.
  void write_names(std::string_view member, const List<std::string_view>& names) {
    if (names.empty()) return;
    json_.key(member).begin_array();
    for (const std::string_view name : names) json_.string(name);
    json_.end_array();
  }

  // What hooks know the key in the URL by.
  void write_keys(std::string_view class_name) {
    const auto model =
        std::find_if(interface_.models.begin(), interface_.models.end(),
                     [&](const cidl::Model& known) { return known.name == class_name; });
    if (model == interface_.models.end()) return;
    json_.key("keys").begin_array();
    for (const UrlKey& key : url_keys(*model)) json_.string(key.name);
    json_.end_array();
  }

  const cidl::Interface& interface_;
  const std::vector<RouteSource>& routes_;
  ShapeTable& shapes_;
  Arena arena_;
  ByteBuffer out_{arena_, 4096};
  json::Writer json_{out_};
};

}  // namespace

ShapeTable::ShapeTable(const cidl::Interface& interface, const cidl::NameIndex& names)
    : interface_(&interface), names_(&names) {
  // Models come first and in order, so that their shapes are known before anything refers to them.
  for (const cidl::Model& model : interface.models) (void)shape_of_object(model.name);
}

std::int32_t ShapeTable::shape_of(const cidl::Type& type) {
  switch (type.kind) {
    case TypeKind::kDateIso:
      return find_or_add({.kind = Shape::Kind::kDate, .class_name = {}, .fields = {}, .lists = {}});
    case TypeKind::kBlob:
      return find_or_add(
          {.kind = Shape::Kind::kBlob, .class_name = type.name, .fields = {}, .lists = {}});
    case TypeKind::kStream:
      return find_or_add(
          {.kind = Shape::Kind::kStream, .class_name = {}, .fields = {}, .lists = {}});
    case TypeKind::kR2Object:
    case TypeKind::kR2Download:
      return find_or_add(
          {.kind = Shape::Kind::kR2Object, .class_name = {}, .fields = {}, .lists = {}});
    case TypeKind::kKvValue:
      return shape_of_member("value", shape_of(type.inner[0]));
    case TypeKind::kPage:
      return shape_of_member("items", shape_of_list(shape_of(type.inner[0])));
    case TypeKind::kObject:
    case TypeKind::kPartial:
      return shape_of_object(type.name);
    case TypeKind::kNullable:
    case TypeKind::kHttpResult:
      return shape_of(type.inner[0]);
    case TypeKind::kArray:
      return shape_of_list(shape_of(type.inner[0]));
    default:
      return kPlainShape;
  }
}

std::int32_t ShapeTable::shape_of_list(std::int32_t of) {
  if (of == kPlainShape) return kPlainShape;
  return find_or_add(
      {.kind = Shape::Kind::kArray, .of = of, .class_name = {}, .fields = {}, .lists = {}});
}

std::int32_t ShapeTable::shape_of_member(std::string_view name, std::int32_t of) {
  if (of == kPlainShape) return kPlainShape;
  for (std::size_t number = 0; number < shapes_.size(); ++number) {
    const Shape& known = shapes_[number];
    if (known.kind == Shape::Kind::kObject && known.class_name.empty() &&
        known.fields.front() == std::pair(name, of)) {
      return static_cast<std::int32_t>(number);
    }
  }
  shapes_.push_back(
      {.kind = Shape::Kind::kObject, .class_name = {}, .fields = {{name, of}}, .lists = {}});
  return static_cast<std::int32_t>(shapes_.size() - 1);
}

std::int32_t ShapeTable::shape_of_stored(const cidl::StoredField& field) {
  // Shapes hold views of names: those of the field itself, not of a copy.
  const std::int32_t one = field.value.kind != TypeKind::kVoid
                               ? shape_of_member("value", shape_of(field.value))
                               : shape_of(cidl::plain_type(TypeKind::kR2Object));
  switch (field.form) {
    case cidl::StoredForm::kList:
      return shape_of_list(one);
    case cidl::StoredForm::kPage:
      return shape_of_member("items", shape_of_list(one));
    default:
      return one;
  }
}

std::int32_t ShapeTable::find_or_add(const Shape& shape) {
  std::size_t number = 0;
  for (; number < shapes_.size(); ++number) {
    const Shape& known = shapes_[number];
    if (known.kind == shape.kind && known.of == shape.of && known.class_name == shape.class_name) {
      return static_cast<std::int32_t>(number);
    }
  }
  shapes_.push_back(shape);
  return static_cast<std::int32_t>(number);
}

std::int32_t ShapeTable::shape_of_object(std::string_view class_name) {
  const std::size_t known = shapes_.size();
  const std::int32_t number = find_or_add(
      {.kind = Shape::Kind::kObject, .class_name = class_name, .fields = {}, .lists = {}});
  if (shapes_.size() == known) return number;
  // Members are looked at after the number is taken: classes may contain themselves.
  decltype(Shape::fields) fields;
  decltype(Shape::hidden) hidden;
  decltype(Shape::lists) lists;
  decltype(Shape::stored) stored;
  const auto add = [&](std::string_view name, std::int32_t shape) {
    if (shape != kPlainShape) fields.emplace_back(name, shape);
  };
  const auto add_member = [&](const auto& member, std::int32_t shape) {
    add(member.name, shape);
    if (member.access == cidl::Access::kHidden) hidden.push_back(member.name);
  };
  const cidl::ObjectReference reference = names_->object(class_name);
  if (reference.kind == cidl::ObjectReference::Kind::kModel) {
    const cidl::Model& model = interface_->models[reference.index];
    for (const cidl::Column& column : model.columns) {
      add_member(column, shape_of(column.type));
    }
    for (const cidl::Navigation& navigation : model.navigations) {
      const std::int32_t target = shape_of_object(navigation.model);
      const bool one = navigation.kind == cidl::NavigationKind::kOneToOne;
      add_member(navigation, one ? target : shape_of_list(target));
      if (!one) lists.push_back(navigation.name);
    }
    for (const cidl::StoredField& field : model.stored) {
      add_member(field, shape_of_stored(field));
      stored.push_back(field.name);
    }
    for (const cidl::StoreMember& member : cidl::store_of(model).members) {
      // Not of a copy: shapes hold views of names.
      add(member.name, member.kind == TypeKind::kVoid ? shape_of(model.value)
                                                      : shape_of(cidl::plain_type(member.kind)));
    }
  } else if (reference.kind == cidl::ObjectReference::Kind::kPlainObject) {
    for (const cidl::Field& field : interface_->plain_objects[reference.index].fields) {
      add_member(field, shape_of(field.type));
      if (field.type.kind == TypeKind::kArray) lists.push_back(field.name);
    }
  }
  shapes_[static_cast<std::size_t>(number)].fields = std::move(fields);
  shapes_[static_cast<std::size_t>(number)].hidden = std::move(hidden);
  shapes_[static_cast<std::size_t>(number)].stored = std::move(stored);
  shapes_[static_cast<std::size_t>(number)].lists = std::move(lists);
  return number;
}

void ShapeTable::mark_concealing() {
  const auto conceals = [this](std::int32_t number) {
    return number != kPlainShape && shapes_[static_cast<std::size_t>(number)].conceals;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (Shape& shape : shapes_) {
      if (shape.conceals) continue;
      shape.conceals = !shape.hidden.empty() || conceals(shape.of) ||
                       std::any_of(shape.fields.begin(), shape.fields.end(),
                                   [&](const auto& field) { return conceals(field.second); });
      changed = changed || shape.conceals;
    }
  }
}

String render_manifest(const cidl::Interface& interface, const std::vector<RouteSource>& routes,
                       ShapeTable& shapes) {
  return ManifestWriter(interface, routes, shapes).render();
}

}  // namespace cloesce::image
