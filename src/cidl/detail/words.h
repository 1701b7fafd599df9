// The words that stand for enumerators in `cidl.json`, in the order of the enumerators.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "cidl/model.h"

namespace cloesce::cidl::detail {

template <class Enum>
struct Words;

template <>
struct Words<TypeKind> {
  static constexpr std::array<std::string_view, 20> kAll = {
      "Void",     "Integer",   "Real",     "Text",       "Boolean", "DateIso",   "Blob",
      "Stream",   "JsonValue", "R2Object", "R2Download", "Object",  "Partial",   "Array",
      "Nullable", "KvValue",   "Page",     "HttpResult", "Inject",  "DataSource"};
};
static_assert(Words<TypeKind>::kAll.size() == static_cast<std::size_t>(TypeKind::kDataSource) + 1);

template <>
struct Words<MediaType> {
  static constexpr std::array<std::string_view, 3> kAll = {"Json", "Octet", "FormData"};
};

template <>
struct Words<Verb> {
  static constexpr std::array<std::string_view, 6> kAll = {"GET", "HEAD",  "POST",
                                                           "PUT", "PATCH", "DELETE"};
};

// The absent member stands for kNone; its word is never written.
template <>
struct Words<Builtin> {
  static constexpr std::array<std::string_view, 7> kAll = {"None",   "Save", "Get", "List",
                                                           "Delete", "Head", "Put"};
};

template <>
struct Words<NavigationKind> {
  static constexpr std::array<std::string_view, 3> kAll = {"OneToOne", "OneToMany", "ManyToMany"};
};

template <>
struct Words<KeyOwner> {
  static constexpr std::array<std::string_view, 2> kAll = {"Self", "Target"};
};

template <>
struct Words<StorageKind> {
  static constexpr std::array<std::string_view, 4> kAll = {"D1", "KV", "R2", "Keys"};
};

template <>
struct Words<StoredKind> {
  static constexpr std::array<std::string_view, 3> kAll = {"KV", "R2", "R2Download"};
};

// The absent member stands for kOpen; its word is never written.
template <>
struct Words<Access> {
  static constexpr std::array<std::string_view, 3> kAll = {"Open", "ReadOnly", "Hidden"};
};

template <>
struct Words<StoredForm> {
  static constexpr std::array<std::string_view, 3> kAll = {"One", "List", "Page"};
};

template <>
struct Words<BindingKind> {
  static constexpr std::array<std::string_view, 3> kAll = {"D1", "KV", "R2"};
};

template <>
struct Words<VariableKind> {
  static constexpr std::array<std::string_view, 4> kAll = {"Text", "R2Endpoint", "R2AccessKeyId",
                                                           "R2SecretAccessKey"};
};

template <>
struct Words<NestedWrites> {
  static constexpr std::array<std::string_view, 2> kAll = {"granted", "dataSource"};
};

template <class Enum>
[[nodiscard]] constexpr std::string_view word(Enum value) {
  return Words<Enum>::kAll[static_cast<std::size_t>(value)];
}

/// How a type is built: alone, around a name, or around another type.
enum class TypeForm : std::uint8_t { kPlain, kNamed, kWrapping };

[[nodiscard]] constexpr TypeForm form_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kObject:
    case TypeKind::kPartial:
    case TypeKind::kInject:
    case TypeKind::kDataSource:
      return TypeForm::kNamed;
    case TypeKind::kArray:
    case TypeKind::kNullable:
    case TypeKind::kKvValue:
    case TypeKind::kPage:
    case TypeKind::kHttpResult:
      return TypeForm::kWrapping;
    default:
      return TypeForm::kPlain;
  }
}

}  // namespace cloesce::cidl::detail
