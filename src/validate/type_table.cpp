// Compiles the types of an interface into flat arrays.
#include "validate/type_table.h"

#include <utility>

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

cidl::Type type_of(TypeKind kind, std::vector<cidl::Type> inner = {}) {
  cidl::Type type;
  type.kind = kind;
  type.inner = std::move(inner);
  return type;
}

struct LanguageMember {
  std::string_view name;
  TypeKind kind;
  Need need = Need::kRequired;
};

// Those of a download come first.
constexpr LanguageMember kObjectMembers[] = {
    {"url", TypeKind::kText},
    {"expires", TypeKind::kDateIso},
    {"key", TypeKind::kText},
    {"version", TypeKind::kText},
    {"size", TypeKind::kInteger},
    {"etag", TypeKind::kText},
    {"httpEtag", TypeKind::kText},
    {"uploaded", TypeKind::kDateIso},
    {"checksums", TypeKind::kKvValue, Need::kOptional},
    {"httpMetadata", TypeKind::kKvValue, Need::kOptional},
    {"customMetadata", TypeKind::kKvValue, Need::kOptional},
    {"storageClass", TypeKind::kText, Need::kOptional},
};

}  // namespace

TypeTable::TypeTable(const cidl::Interface& interface) : interface_(&interface), names_(interface) {
  // Two types for each named shape come first, so that object_type() is arithmetic.
  const std::size_t named = interface.models.size() + interface.plain_objects.size();
  for (std::uint32_t shape = 0; shape < named; ++shape) {
    types_.push_back({TypeKind::kObject, Null::kRefused, shape});
    types_.push_back({TypeKind::kPartial, Null::kRefused, shape});
  }
  empty_shape_ = static_cast<std::uint32_t>(named);
  for (const cidl::Model& model : interface.models) {
    empty_shape_ += static_cast<std::uint32_t>(model.methods.size());
  }
  for (const cidl::Service& service : interface.services) {
    empty_shape_ += static_cast<std::uint32_t>(service.methods.size());
  }

  List<Member> members;
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
  for (std::size_t index = 0; index < language_shapes_.size(); ++index) {
    finish_language_shape(cidl::Type(language_shapes_[index]));
  }
}

CompiledType TypeTable::add_language_shape(const cidl::Type& type) {
  std::size_t index = 0;
  while (index < language_shapes_.size() && !(language_shapes_[index] == type)) ++index;
  if (index == language_shapes_.size()) language_shapes_.push_back(type);
  return {TypeKind::kObject, Null::kRefused, empty_shape_ + 1 + static_cast<std::uint32_t>(index)};
}

void TypeTable::finish_language_shape(const cidl::Type& type) {
  List<Member> members;
  const auto add = [&](std::string_view name, TypeId id, Need need = Need::kRequired) {
    members.push_back({name, id, need, 0});
  };
  const auto plain = [&](TypeKind kind) { return add_compiled({kind, Null::kRefused, 0}); };
  if (type.kind == TypeKind::kPage) {
    add("items", add_type(type_of(TypeKind::kArray, type.inner)));
    add("cursor", add_compiled({TypeKind::kText, Null::kAllowed, 0}), Need::kOptional);
    return finish_shape(ShapeKind::kObject, "Page", members);
  }
  if (type.kind == TypeKind::kKvValue) {
    add("key", plain(TypeKind::kText));
    add("value", add_type(type.inner.front()));
    add("metadata", plain(TypeKind::kJsonValue), Need::kOptional);
    return finish_shape(ShapeKind::kObject, "KValue", members);
  }
  const bool download = type.kind == TypeKind::kR2Download;
  for (const LanguageMember& member : std::span(kObjectMembers).subspan(download ? 0 : 2)) {
    // A member that is there may be null: JSON has no other word for what is not.
    add(member.name,
        add_compiled(
            {member.kind, member.need == Need::kOptional ? Null::kAllowed : Null::kRefused, 0}),
        member.need);
  }
  finish_shape(ShapeKind::kObject, download ? "R2Download" : "R2Object", members);
}

TypeId TypeTable::stored_type(const cidl::StoredField& field) {
  cidl::Type type = type_of(field.kind == cidl::StoredKind::kKv   ? TypeKind::kKvValue
                            : field.kind == cidl::StoredKind::kR2 ? TypeKind::kR2Object
                                                                  : TypeKind::kR2Download);
  if (field.kind == cidl::StoredKind::kKv) type.inner = {field.value};
  if (field.form != cidl::StoredForm::kOne) {
    const bool page = field.form == cidl::StoredForm::kPage;
    type = type_of(page ? TypeKind::kPage : TypeKind::kArray, {type});
  }
  return add_compiled(with_null(compile(type)));
}

void TypeTable::add_model_members(const cidl::Model& model, List<Member>& members) {
  for (const cidl::Column& column : model.columns) {
    const Need need = cidl::is_nullable(column.type) ? Need::kOptional : Need::kRequired;
    members.push_back({column.name, add_type(column.type), need, 0});
  }
  for (const cidl::Navigation& navigation : model.navigations) {
    members.push_back(navigation_member(navigation));
  }
  for (const std::string& name : model.key_parameters) {
    members.push_back(
        {name, add_compiled({TypeKind::kText, Null::kRefused, 0}), Need::kOptional, 0});
  }
  for (const cidl::StoredField& field : model.stored) {
    members.push_back({field.name, stored_type(field), Need::kOptional, 0});
  }
  if (model.storage == cidl::StorageKind::kKv) {
    members.push_back(
        {"key", add_compiled({TypeKind::kText, Null::kRefused, 0}), Need::kRequired, 0});
    members.push_back({"value", add_type(model.value), Need::kRequired, 0});
    members.push_back(
        {"metadata", add_compiled({TypeKind::kJsonValue, Null::kRefused, 0}), Need::kOptional, 0});
  } else if (model.storage == cidl::StorageKind::kR2) {
    members.push_back({"head", add_type(type_of(TypeKind::kR2Object)), Need::kRequired, 0});
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
  List<Member> members;
  for (const cidl::Method& method : methods) {
    members.clear();
    for (std::uint32_t index = 0; index < method.parameters.size(); ++index) {
      const cidl::Parameter& parameter = method.parameters[index];
      const TypeKind kind = cidl::without_nullable(parameter.type).kind;
      if (kind == TypeKind::kInject) continue;
      // A ready-made upload is the body; its other parameters are in the query string.
      if (kind == TypeKind::kStream && method.builtin != cidl::Builtin::kNone) continue;
      // The caller may leave the choice of a data source to the default.
      const bool optional = kind == TypeKind::kDataSource || cidl::is_nullable(parameter.type);
      members.push_back({parameter.name, add_type(parameter.type),
                         optional ? Need::kOptional : Need::kRequired, index});
    }
    finish_shape(ShapeKind::kParameters, method.name, members);
  }
}

void TypeTable::finish_shape(ShapeKind kind, std::string_view name, const List<Member>& members) {
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
    case TypeKind::kInject:
      break;
    case TypeKind::kR2Object:
    case TypeKind::kR2Download:
    case TypeKind::kKvValue:
    case TypeKind::kPage:
      return add_language_shape(type);
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

ShapeId TypeTable::no_parameters() const { return ShapeId{empty_shape_}; }

TypeId TypeTable::object_type(ShapeId shape) const {
  return TypeId{static_cast<std::uint32_t>(shape) * 2};
}

TypeId TypeTable::partial_type(ShapeId shape) const {
  return TypeId{static_cast<std::uint32_t>(shape) * 2 + 1};
}

String TypeTable::describe(TypeId id) const {
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
