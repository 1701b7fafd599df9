// The types of an interface compiled for validating: flat arrays, indices instead of names.
#pragma once

#include <cstddef>  // size_t
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/list.h"
#include "base/string.h"
#include "cidl/find.h"
#include "cidl/model.h"

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

enum class Need : std::uint8_t { kRequired, kOptional };

struct Member {
  std::string_view name;
  TypeId type{};
  Need need = Need::kRequired;
  std::uint32_t source_index = 0;  // of a parameter: its index in the method's list
};

enum class ShapeKind : std::uint8_t { kObject, kParameters };

/// The members of an object, and where its hash slots and its bit set of required members are.
struct Shape {
  ShapeKind kind = ShapeKind::kObject;
  std::string_view name;
  std::uint32_t first_member = 0;
  std::uint32_t member_count = 0;
  std::uint32_t first_slot = 0;
  std::uint32_t slot_mask = 0;
  std::uint32_t first_required_word = 0;

  /// 64-bit words that hold one bit for each member.
  [[nodiscard]] std::uint32_t words() const { return (member_count + 63) / 64; }
};

/// Every type that a request can carry. Immutable; borrows the interface, which must outlive it and
/// not change.
class TypeTable {
 public:
  static constexpr std::uint32_t kNoMember = UINT32_MAX;

  explicit TypeTable(const cidl::Interface& interface);

  [[nodiscard]] const CompiledType& type(TypeId id) const {
    return types_[static_cast<std::uint32_t>(id)];
  }
  [[nodiscard]] const Shape& shape(ShapeId id) const {
    return shapes_[static_cast<std::uint32_t>(id)];
  }
  [[nodiscard]] std::span<const Member> members(const Shape& shape) const {
    return {members_.data() + shape.first_member, shape.member_count};
  }
  [[nodiscard]] std::span<const std::uint64_t> required(const Shape& shape) const {
    return {required_.data() + shape.first_required_word, shape.words()};
  }

  /// Index of the member called `name` within the shape, or kNoMember. `guess` is tried first:
  /// members mostly arrive in declaration order.
  [[nodiscard]] std::uint32_t find(const Shape& shape, std::string_view name,
                                   std::uint32_t guess) const {
    const Member* const members = members_.data() + shape.first_member;
    if (guess < shape.member_count && members[guess].name == name) return guess;
    return look_up(shape, name);
  }

  [[nodiscard]] ShapeId model_shape(std::uint32_t model) const { return ShapeId{model}; }
  [[nodiscard]] ShapeId plain_object_shape(std::uint32_t plain_object) const;
  [[nodiscard]] ShapeId parameters_of_model(std::uint32_t model, std::uint32_t method) const;
  [[nodiscard]] ShapeId parameters_of_service(std::uint32_t service, std::uint32_t method) const;
  /// The shape without members, for methods that take nothing.
  [[nodiscard]] ShapeId no_parameters() const;

  /// The whole object, and the object with every member optional at every depth.
  [[nodiscard]] TypeId object_type(ShapeId shape) const;
  [[nodiscard]] TypeId partial_type(ShapeId shape) const;

  [[nodiscard]] const cidl::Interface& interface() const { return *interface_; }

  /// What a message calls the type: `Integer`, `Horse object`, `array or null`.
  [[nodiscard]] String describe(TypeId id) const;

 private:
  [[nodiscard]] std::uint32_t look_up(const Shape& shape, std::string_view name) const;
  [[nodiscard]] TypeId add_type(const cidl::Type& type);
  [[nodiscard]] TypeId add_compiled(CompiledType type);
  [[nodiscard]] CompiledType compile(const cidl::Type& type);
  [[nodiscard]] CompiledType compile_named(const cidl::Type& type);
  [[nodiscard]] Member navigation_member(const cidl::Navigation& navigation);
  void add_model_members(const cidl::Model& model, List<Member>& members);
  void add_parameters(const std::vector<cidl::Method>& methods);
  // A shape of the language itself, made when all others are.
  [[nodiscard]] CompiledType add_language_shape(const cidl::Type& type);
  void finish_language_shape(const cidl::Type& type);
  [[nodiscard]] TypeId stored_type(const cidl::StoredField& field);
  void finish_shape(ShapeKind kind, std::string_view name, const List<Member>& members);

  const cidl::Interface* interface_;
  cidl::NameIndex names_;
  List<CompiledType> types_;
  List<Shape> shapes_;  // models, plain objects, parameters, the empty one, the language's
  std::vector<cidl::Type> language_shapes_;  // by index behind the empty one
  std::uint32_t empty_shape_ = 0;
  List<Member> members_;
  List<std::uint32_t> slots_;  // hash tables: index within the shape, or kNoMember
  List<std::uint64_t> required_;
  List<std::uint32_t> model_parameters_;    // first parameter shape of each model
  List<std::uint32_t> service_parameters_;  // the same of each service
};

}  // namespace cloesce::validate
