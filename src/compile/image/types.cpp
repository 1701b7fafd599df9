// Names become numbers here, and members hash tables.
#include "compile/image/types.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/hash.h"
#include "cidl/find.h"
#include "cidl/store_rules.h"

namespace cloesce::image {
namespace {

using cidl::TypeKind;
using validate::CompiledType;
using validate::Member;
using validate::Need;
using validate::Null;
using validate::ShapeKind;
using validate::TypeId;
using validate::TypeTable;

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

struct DraftMember {
  std::string_view name;
  TypeId type{};
  Need need = Need::kRequired;
  cidl::Access access = cidl::Access::kOpen;
};

Need need_of(const cidl::Type& type, cidl::Access access) {
  const bool optional = access != cidl::Access::kOpen || cidl::is_nullable(type);
  return optional ? Need::kOptional : Need::kRequired;
}

struct DraftShape {
  ShapeKind kind = ShapeKind::kObject;
  std::string_view name;
  std::vector<DraftMember> members;
};

/// The types and shapes of an interface, in the order of their numbers.
class Draft {
 public:
  explicit Draft(const cidl::Interface& interface) : interface_(interface), names_(interface) {
    compile_all(interface);
  }

  [[nodiscard]] const std::vector<CompiledType>& types() const { return types_; }
  [[nodiscard]] const std::vector<DraftShape>& shapes() const { return shapes_; }
  [[nodiscard]] const ParameterShapes& parameters() const { return parameters_; }
  [[nodiscard]] std::uint32_t empty_shape() const { return empty_shape_; }

 private:
  void compile_all(const cidl::Interface& interface) {
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

    std::vector<DraftMember> members;
    for (const cidl::Model& model : interface.models) {
      members.clear();
      add_model_members(model, members);
      finish_shape(ShapeKind::kObject, model.name, members);
    }
    for (const cidl::PlainObject& plain_object : interface.plain_objects) {
      members.clear();
      for (const cidl::Field& field : plain_object.fields) {
        // A list that is absent is empty: the host puts it there.
        const bool is_list = field.type.kind == TypeKind::kArray;
        members.push_back({field.name, add_type(field.type),
                           is_list ? Need::kOptional : need_of(field.type, field.access),
                           field.access});
      }
      finish_shape(ShapeKind::kObject, plain_object.name, members);
    }
    for (const cidl::Model& model : interface.models) {
      parameters_.of_models.push_back(static_cast<std::uint32_t>(shapes_.size()));
      add_parameters(model.methods);
    }
    for (const cidl::Service& service : interface.services) {
      parameters_.of_services.push_back(static_cast<std::uint32_t>(shapes_.size()));
      add_parameters(service.methods);
    }
    finish_shape(ShapeKind::kParameters, {}, {});
    for (std::size_t index = 0; index < language_shapes_.size(); ++index) {
      finish_language_shape(cidl::Type(language_shapes_[index]));
    }
  }

  CompiledType add_language_shape(const cidl::Type& type) {
    std::size_t index = 0;
    while (index < language_shapes_.size() && !(language_shapes_[index] == type)) ++index;
    if (index == language_shapes_.size()) language_shapes_.push_back(type);
    return {TypeKind::kObject, Null::kRefused,
            empty_shape_ + 1 + static_cast<std::uint32_t>(index)};
  }

  void finish_language_shape(const cidl::Type& type) {
    std::vector<DraftMember> members;
    const auto add = [&](std::string_view name, TypeId id, Need need = Need::kRequired) {
      members.push_back({name, id, need});
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

  TypeId stored_type(const cidl::StoredField& field) {
    return add_compiled(with_null(compile(cidl::filled_type(field))));
  }

  void add_model_members(const cidl::Model& model, std::vector<DraftMember>& members) {
    for (const cidl::Column& column : model.columns) {
      members.push_back(
          {column.name, add_type(column.type), need_of(column.type, column.access), column.access});
    }
    for (const cidl::Navigation& navigation : model.navigations) {
      members.push_back(navigation_member(navigation));
    }
    for (const std::string& name : model.key_parameters) {
      members.push_back(
          {name, add_compiled({TypeKind::kText, Null::kRefused, 0}), Need::kOptional});
    }
    for (const cidl::StoredField& field : model.stored) {
      members.push_back({field.name, stored_type(field), Need::kOptional, field.access});
    }
    for (const cidl::StoreMember& member : cidl::store_of(model).members) {
      members.push_back({member.name, add_type(cidl::type_of(member, model)),
                         member.required ? Need::kRequired : Need::kOptional});
    }
  }

  DraftMember navigation_member(const cidl::Navigation& navigation) {
    cidl::Type target;
    target.kind = TypeKind::kObject;
    target.name = navigation.model;
    const CompiledType object = compile(target);
    const TypeId type = navigation.kind == cidl::NavigationKind::kOneToOne
                            ? add_compiled(with_null(object))
                            : add_compiled({TypeKind::kArray, Null::kRefused,
                                            static_cast<std::uint32_t>(add_compiled(object))});
    return {navigation.name, type, Need::kOptional, navigation.access};
  }

  void add_parameters(const std::vector<cidl::Method>& methods) {
    std::vector<DraftMember> members;
    for (const cidl::Method& method : methods) {
      members.clear();
      for (const cidl::Parameter& parameter : method.parameters) {
        const TypeKind kind = cidl::without_nullable(parameter.type).kind;
        if (kind == TypeKind::kInject) continue;
        // A ready-made upload is the body; its other parameters are in the query string.
        if (kind == TypeKind::kStream && !cidl::is_own(method.builtin)) continue;
        // The caller may leave the choice of a data source to the default.
        const bool optional = kind == TypeKind::kDataSource || cidl::is_nullable(parameter.type);
        const Need need = parameter.presence == cidl::Presence::kOptional ? Need::kLeftOut
                          : optional                                      ? Need::kOptional
                                                                          : Need::kRequired;
        members.push_back({parameter.name, add_type(parameter.type), need});
      }
      finish_shape(ShapeKind::kParameters, method.name, members);
    }
  }

  TypeId add_compiled(CompiledType type) {
    types_.push_back(type);
    return TypeId{static_cast<std::uint32_t>(types_.size() - 1)};
  }

  TypeId add_type(const cidl::Type& type) { return add_compiled(compile(type)); }

  CompiledType compile(const cidl::Type& type) {
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

  CompiledType compile_named(const cidl::Type& type) {
    const cidl::ObjectReference found = names_.object(type.name);
    if (found.kind == cidl::ObjectReference::Kind::kNone) return {};  // kVoid: nothing is accepted
    const bool model = found.kind == cidl::ObjectReference::Kind::kModel;
    if (type.kind == TypeKind::kDataSource) {
      if (!model) return {};
      return {TypeKind::kDataSource, Null::kRefused, found.index};
    }
    const auto models = static_cast<std::uint32_t>(interface_.models.size());
    const std::uint32_t shape = model ? found.index : models + found.index;
    return {type.kind, Null::kRefused, shape};
  }

  void finish_shape(ShapeKind kind, std::string_view name, std::vector<DraftMember> members) {
    std::erase_if(members, [](const DraftMember& member) { return member.name == kForbiddenName; });
    shapes_.push_back({kind, name, std::move(members)});
  }

  const cidl::Interface& interface_;
  cidl::NameIndex names_;
  std::vector<CompiledType> types_;
  std::vector<DraftShape>
      shapes_;  // models, plain objects, parameters, the empty one, the language's
  std::vector<cidl::Type> language_shapes_;  // by index behind the empty one
  std::uint32_t empty_shape_ = 0;
  ParameterShapes parameters_;
};

void write_shape(Writer& writer, Place<validate::Shape> place, const DraftShape& draft) {
  const std::size_t count = draft.members.size();
  writer[place].kind = draft.kind;
  writer.text(writer[place].name, draft.name);
  const Place<Member> members = writer.array(writer[place].members, count);
  for (std::size_t index = 0; index < count; ++index) {
    writer[members + index].type = draft.members[index].type;
    writer[members + index].need = draft.members[index].need;
    writer[members + index].access = draft.members[index].access;
    writer.text(writer[members + index].name, draft.members[index].name);
  }

  std::size_t capacity = 4;
  while (capacity < count * 2) capacity *= 2;
  std::vector<std::uint32_t> slots(capacity, TypeTable::kNoMember);
  std::vector<std::uint64_t> required((count + 63) / 64);
  for (std::uint32_t index = 0; index < count; ++index) {
    if (draft.members[index].need == Need::kRequired) {
      required[index / 64] |= std::uint64_t{1} << (index % 64);
    }
    std::size_t slot = hash_text(draft.members[index].name) & (capacity - 1);
    while (slots[slot] != TypeTable::kNoMember) slot = (slot + 1) & (capacity - 1);
    slots[slot] = index;
  }
  writer.copy(writer[place].slots, std::span<const std::uint32_t>(slots));
  writer.copy(writer[place].required, std::span<const std::uint64_t>(required));
}

void write_model_names(Writer& writer, Place<validate::ModelNames> place,
                       const cidl::Model& model) {
  const std::vector<UrlKey> keys = url_keys(model);
  const Place<validate::KeySegment> segments = writer.array(writer[place].keys, keys.size());
  for (std::size_t index = 0; index < keys.size(); ++index) {
    writer[segments + index].kind = keys[index].kind;
    writer.text(writer[segments + index].name, keys[index].name);
  }
  std::vector<std::string_view> sources;
  for (const cidl::DataSource& source : model.data_sources) sources.emplace_back(source.name);
  writer.texts(writer[place].data_sources, sources);
}

}  // namespace

ParameterShapes write_types(Writer& writer, Place<TypeTable> table,
                            const cidl::Interface& interface) {
  const Draft draft(interface);
  const Place<CompiledType> types = writer.array(writer[table].types, draft.types().size());
  for (std::size_t index = 0; index < draft.types().size(); ++index) {
    const CompiledType& from = draft.types()[index];
    CompiledType& type = writer[types + index];
    type.kind = from.kind;
    type.null = from.null;
    type.target = from.target;
  }
  const Place<validate::Shape> shapes = writer.array(writer[table].shapes, draft.shapes().size());
  for (std::size_t index = 0; index < draft.shapes().size(); ++index) {
    write_shape(writer, shapes + index, draft.shapes()[index]);
  }
  const auto models = writer.array(writer[table].models, interface.models.size());
  for (std::size_t index = 0; index < interface.models.size(); ++index) {
    write_model_names(writer, models + index, interface.models[index]);
  }
  writer[table].empty_shape = draft.empty_shape();
  return draft.parameters();
}

std::vector<UrlKey> url_keys(const cidl::Model& model) {
  if (cidl::store_of(model).keyed) {
    return {{"key", TypeKind::kText}};
  }
  std::vector<UrlKey> keys;
  for (const cidl::Column* column : cidl::primary_key(model)) {
    keys.push_back({column->name, cidl::without_nullable(column->type).kind});
  }
  for (const std::string& name : model.key_parameters) keys.push_back({name, TypeKind::kText});
  return keys;
}

}  // namespace cloesce::image
