// Compiles the types of an interface into flat arrays.
#include "validate/type_table.h"

#include "base/concat.h"
#include "base/hash.h"

namespace cloesce::validate {
namespace {

using cidl::TypeKind;

// Would set the prototype of the object that carries it in JavaScript.
constexpr std::string_view kForbiddenName = "__proto__";

CompiledType with_null(CompiledType type) {
  type.null = Null::kAllowed;
  return type;
}

/// Rows of a table are objects of known columns; instances of KV and R2 models are not.
bool has_known_members(const cidl::Model& model) {
  return model.storage == cidl::StorageKind::kD1 || model.storage == cidl::StorageKind::kKeys;
}

}  // namespace

TypeTable::TypeTable(const cidl::Interface& interface) : interface_(&interface), names_(interface) {
  // Two types for each named shape come first, so that object_type() is arithmetic.
  const std::size_t named = interface.models.size() + interface.plain_objects.size();
  for (std::uint32_t shape = 0; shape < named; ++shape) {
    const bool open =
        shape < interface.models.size() && !has_known_members(interface.models[shape]);
    types_.push_back({open ? TypeKind::kKvValue : TypeKind::kObject, Null::kRefused, shape});
    types_.push_back({open ? TypeKind::kKvValue : TypeKind::kPartial, Null::kRefused, shape});
  }

  std::vector<Member> members;
  for (const cidl::Model& model : interface.models) {
    members.clear();
    add_model_members(model, members);
    finish_shape(ShapeKind::kObject, model.name, members);
  }
  for (const cidl::PlainObject& plain_object : interface.plain_objects) {
    members.clear();
    for (const cidl::Field& field : plain_object.fields) {
      const Need need = cidl::is_nullable(field.type) ? Need::kOptional : Need::kRequired;
      members.push_back({field.name, add_type(field.type), need, 0});
    }
    finish_shape(ShapeKind::kObject, plain_object.name, members);
  }
  for (const cidl::Model& model : interface.models) {
    model_parameters_.push_back(static_cast<std::uint32_t>(shapes_.size()));
    add_parameters(model.methods);
  }
  for (const cidl::Service& service : interface.services) {
    service_parameters_.push_back(static_cast<std::uint32_t>(shapes_.size()));
    add_parameters(service.methods);
  }
  finish_shape(ShapeKind::kParameters, {}, {});
}

void TypeTable::add_model_members(const cidl::Model& model, std::vector<Member>& members) {
  for (const cidl::Column& column : model.columns) {
    const Need need = cidl::is_nullable(column.type) ? Need::kOptional : Need::kRequired;
    members.push_back({column.name, add_type(column.type), need, 0});
  }
  for (const cidl::Navigation& navigation : model.navigations) {
    members.push_back(navigation_member(navigation));
  }
}

Member TypeTable::navigation_member(const cidl::Navigation& navigation) {
  cidl::Type target;
  target.kind = TypeKind::kObject;
  target.name = navigation.model;
  const CompiledType object = compile(target);
  const TypeId type = navigation.kind == cidl::NavigationKind::kOneToOne
                          ? add_compiled(with_null(object))
                          : add_compiled({TypeKind::kArray, Null::kRefused,
                                          static_cast<std::uint32_t>(add_compiled(object))});
  return {navigation.name, type, Need::kOptional, 0};
}

void TypeTable::add_parameters(const std::vector<cidl::Method>& methods) {
  std::vector<Member> members;
  for (const cidl::Method& method : methods) {
    members.clear();
    for (std::uint32_t index = 0; index < method.parameters.size(); ++index) {
      const cidl::Parameter& parameter = method.parameters[index];
      const TypeKind kind = cidl::without_nullable(parameter.type).kind;
      if (kind == TypeKind::kInject) continue;
      // The caller may leave the choice of a data source to the default.
      const bool optional = kind == TypeKind::kDataSource || cidl::is_nullable(parameter.type);
      members.push_back({parameter.name, add_type(parameter.type),
                         optional ? Need::kOptional : Need::kRequired, index});
    }
    finish_shape(ShapeKind::kParameters, method.name, members);
  }
}

void TypeTable::finish_shape(ShapeKind kind, std::string_view name,
                             const std::vector<Member>& members) {
  Shape shape;
  shape.kind = kind;
  shape.name = name;
  shape.first_member = static_cast<std::uint32_t>(members_.size());
  shape.first_slot = static_cast<std::uint32_t>(slots_.size());
  shape.first_required_word = static_cast<std::uint32_t>(required_.size());
  for (const Member& member : members) {
    if (member.name != kForbiddenName) members_.push_back(member);
  }
  shape.member_count = static_cast<std::uint32_t>(members_.size()) - shape.first_member;

  std::uint32_t capacity = 4;
  while (capacity < shape.member_count * 2) capacity *= 2;
  shape.slot_mask = capacity - 1;
  slots_.resize(shape.first_slot + capacity, kNoMember);
  required_.resize(shape.first_required_word + shape.words(), 0);
  for (std::uint32_t index = 0; index < shape.member_count; ++index) {
    const Member& member = members_[shape.first_member + index];
    if (member.need == Need::kRequired) {
      required_[shape.first_required_word + index / 64] |= std::uint64_t{1} << (index % 64);
    }
    std::uint32_t slot = static_cast<std::uint32_t>(hash_text(member.name)) & shape.slot_mask;
    while (slots_[shape.first_slot + slot] != kNoMember) slot = (slot + 1) & shape.slot_mask;
    slots_[shape.first_slot + slot] = index;
  }
  shapes_.push_back(shape);
}

std::uint32_t TypeTable::look_up(const Shape& shape, std::string_view name) const {
  const std::uint32_t* const slots = slots_.data() + shape.first_slot;
  const Member* const members = members_.data() + shape.first_member;
  std::uint32_t slot = static_cast<std::uint32_t>(hash_text(name)) & shape.slot_mask;
  for (; slots[slot] != kNoMember; slot = (slot + 1) & shape.slot_mask) {
    if (members[slots[slot]].name == name) return slots[slot];
  }
  return kNoMember;
}

TypeId TypeTable::add_compiled(CompiledType type) {
  types_.push_back(type);
  return TypeId{static_cast<std::uint32_t>(types_.size() - 1)};
}

TypeId TypeTable::add_type(const cidl::Type& type) { return add_compiled(compile(type)); }

CompiledType TypeTable::compile(const cidl::Type& type) {
  switch (type.kind) {
    case TypeKind::kNullable:
      return with_null(compile(type.inner.front()));
    case TypeKind::kHttpResult:
      return compile(type.inner.front());
    case TypeKind::kArray:
      return {TypeKind::kArray, Null::kRefused,
              static_cast<std::uint32_t>(add_type(type.inner.front()))};
    case TypeKind::kObject:
    case TypeKind::kPartial:
    case TypeKind::kDataSource:
      return compile_named(type);
    case TypeKind::kVoid:
    case TypeKind::kInteger:
    case TypeKind::kReal:
    case TypeKind::kText:
    case TypeKind::kBoolean:
    case TypeKind::kDateIso:
    case TypeKind::kBlob:
    case TypeKind::kStream:
    case TypeKind::kJsonValue:
    case TypeKind::kR2Object:
    case TypeKind::kR2Download:
    case TypeKind::kKvValue:
    case TypeKind::kPage:
    case TypeKind::kInject:
      break;
  }
  return {type.kind, Null::kRefused, 0};
}

CompiledType TypeTable::compile_named(const cidl::Type& type) {
  const cidl::ObjectReference found = names_.object(type.name);
  if (found.kind == cidl::ObjectReference::Kind::kNone) return {};  // kVoid: nothing is accepted
  if (type.kind == TypeKind::kDataSource) {
    if (found.kind != cidl::ObjectReference::Kind::kModel) return {};
    return {TypeKind::kDataSource, Null::kRefused, found.index};
  }
  const ShapeId shape = found.kind == cidl::ObjectReference::Kind::kModel
                            ? model_shape(found.index)
                            : plain_object_shape(found.index);
  return this->type(type.kind == TypeKind::kObject ? object_type(shape) : partial_type(shape));
}

ShapeId TypeTable::plain_object_shape(std::uint32_t plain_object) const {
  return ShapeId{static_cast<std::uint32_t>(interface_->models.size()) + plain_object};
}

ShapeId TypeTable::parameters_of_model(std::uint32_t model, std::uint32_t method) const {
  return ShapeId{model_parameters_[model] + method};
}

ShapeId TypeTable::parameters_of_service(std::uint32_t service, std::uint32_t method) const {
  return ShapeId{service_parameters_[service] + method};
}

ShapeId TypeTable::no_parameters() const {
  return ShapeId{static_cast<std::uint32_t>(shapes_.size() - 1)};
}

TypeId TypeTable::object_type(ShapeId shape) const {
  return TypeId{static_cast<std::uint32_t>(shape) * 2};
}

TypeId TypeTable::partial_type(ShapeId shape) const {
  return TypeId{static_cast<std::uint32_t>(shape) * 2 + 1};
}

std::string TypeTable::describe(TypeId id) const {
  const CompiledType& compiled = type(id);
  const std::string_view null = compiled.null == Null::kAllowed ? " or null" : "";
  std::string_view name;
  switch (compiled.kind) {
    case TypeKind::kInteger:
      name = "Integer";
      break;
    case TypeKind::kReal:
      name = "Real";
      break;
    case TypeKind::kText:
      name = "Text";
      break;
    case TypeKind::kBoolean:
      name = "Boolean";
      break;
    case TypeKind::kDateIso:
      name = "an ISO-8601 date";
      break;
    case TypeKind::kBlob:
      name = "Blob";
      break;
    case TypeKind::kArray:
      name = "an array";
      break;
    case TypeKind::kJsonValue:
      name = "a JSON value";
      break;
    case TypeKind::kKvValue:
    case TypeKind::kPage:
    case TypeKind::kR2Object:
    case TypeKind::kR2Download:
      name = "an object";
      break;
    case TypeKind::kDataSource:
      return concat({"a data source of ", interface_->models[compiled.target].name, null});
    case TypeKind::kObject:
    case TypeKind::kPartial:
      return concat({shape(ShapeId{compiled.target}).name, " object", null});
    case TypeKind::kStream:
    case TypeKind::kVoid:
    case TypeKind::kNullable:
    case TypeKind::kHttpResult:
    case TypeKind::kInject:
      name = "nothing";
      break;
  }
  return concat({name, null});
}

}  // namespace cloesce::validate
