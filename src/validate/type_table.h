// The types of an interface compiled for validating: flat arrays of an app image, indices instead
// of names. Made by compile/image/types.h.
#pragma once

#include <cstddef>  // size_t
#include <cstdint>
#include <span>
#include <string_view>

#include "base/string.h"
#include "cidl/kinds.h"
#include "image/reference.h"

namespace cloesce::validate {

/// Index of a compiled type.
enum class TypeId : std::uint32_t {};

/// Index of a shape: a model, a plain object, or the parameters of one method.
enum class ShapeId : std::uint32_t {};

enum class Null : std::uint8_t { kRefused, kAllowed };

/// A type. Nullable and HttpResult are folded away.
/// kKvValue is any object here. `target` is a TypeId for kArray, a ShapeId for kObject and
/// kPartial, a model's index for kDataSource.
struct CompiledType {
  cidl::TypeKind kind = cidl::TypeKind::kVoid;
  Null null = Null::kRefused;
  std::uint32_t target = 0;
};

/// kLeftOut: like kOptional, and absent it stays absent instead of becoming null.
enum class Need : std::uint8_t { kRequired, kOptional, kLeftOut };

/// `need` is what is asked of callers: what they may not give they need not give.
struct Member {
  image::Text name;
  TypeId type;
  Need need;
  cidl::Access access;
};

enum class ShapeKind : std::uint8_t { kObject, kParameters };

/// The members of an object.
struct Shape {
  ShapeKind kind;
  image::Text name;
  image::Array<Member> members;
  image::Array<std::uint32_t> slots;     // hash table: index of a member, or kNoMember
  image::Array<std::uint64_t> required;  // a bit for each member

  /// 64-bit words that hold one bit for each member.
  [[nodiscard]] std::size_t words() const { return required.size(); }
};

/// A key segment of a URL.
struct KeySegment {
  image::Text name;
  cidl::TypeKind kind;
};

/// What a request can say of a model beside its members.
struct ModelNames {
  image::Array<KeySegment> keys;  // in the order of the URL
  image::Array<image::Text> data_sources;
};

/// Every type that a request can carry. Part of an app image.
struct TypeTable {
  static constexpr std::uint32_t kNoMember = UINT32_MAX;

  image::Array<CompiledType> types;  // first two for each model: itself, and its partial
  image::Array<Shape> shapes;        // models, plain objects, parameters, the empty one, others
  image::Array<ModelNames> models;
  std::uint32_t empty_shape;

  [[nodiscard]] const CompiledType& type(TypeId id) const {
    return types[static_cast<std::uint32_t>(id)];
  }
  [[nodiscard]] const Shape& shape(ShapeId id) const {
    return shapes[static_cast<std::uint32_t>(id)];
  }

  /// Index of the member called `name` within the shape, or kNoMember.
  [[nodiscard]] std::uint32_t find(const Shape& shape, std::string_view name) const;

  /// The same for the name of a member of a JSON document, which has padding. `guess` is tried
  /// first: members mostly arrive in declaration order.
  [[nodiscard]] std::uint32_t find_padded(const Shape& shape, std::string_view name,
                                          std::uint32_t guess) const {
    const bool guessed =
        guess < shape.members.size() && shape.members[guess].name.equals_padded(name);
    return guessed ? guess : find(shape, name);
  }

  [[nodiscard]] ShapeId model_shape(std::uint32_t model) const { return ShapeId{model}; }
  /// The shape without members, for methods that take nothing.
  [[nodiscard]] ShapeId no_parameters() const { return ShapeId{empty_shape}; }

  /// The whole object, and the object with every member optional at every depth. Of models and
  /// plain objects.
  [[nodiscard]] TypeId object_type(ShapeId shape) const {
    return TypeId{static_cast<std::uint32_t>(shape) * 2};
  }
  [[nodiscard]] TypeId partial_type(ShapeId shape) const {
    return TypeId{static_cast<std::uint32_t>(shape) * 2 + 1};
  }

  /// True when `name` is a data source of the model, or `none`.
  [[nodiscard]] bool names_data_source(std::uint32_t model, std::string_view name) const;

  /// What a message calls the type: `Integer`, `Horse object`, `array or null`.
  [[nodiscard]] String describe(TypeId id) const;
};

}  // namespace cloesce::validate
