// Rules of stores: what it means for the instances of a model to be in each of them. A store more
// is a row more.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "cidl/kinds.h"
#include "cidl/make_type.h"
#include "cidl/model.h"

namespace cloesce::cidl {

inline constexpr StorageKind kAllStores[] = {StorageKind::kD1, StorageKind::kKv, StorageKind::kR2,
                                             StorageKind::kKeys};

/// A member that the store gives each instance, beside what the class declares.
struct StoreMember {
  std::string_view name;
  TypeKind kind;  // kVoid: that of the model's values
  bool required;  // in every answer; otherwise it may be null
};

/// A row of rules.
struct StoreRules {
  std::string_view item;    // what one instance is called in messages
  std::string_view items;   // and where they are: `rows of db`
  std::string_view inside;  // the member of an instance that has its key; empty: the instance
  bool rows;                // of a table: columns, relations, migrations, statements
  bool keyed;               // each under one key, which URLs call `key`
  bool values;              // of a type that the model names
  bool trees;               // read by include trees, so data sources choose what of them is read
  StoredKind field;         // keyed: what a field of a row over the same store would be
  std::span<const StoreMember> members;
  std::span<const Builtin> crud;  // the kinds of @CRUD, in the order of the methods they make
};

namespace stores {

inline constexpr StoreMember kEntryMembers[] = {{"key", TypeKind::kText, true},
                                                {"value", TypeKind::kVoid, true},
                                                {"metadata", TypeKind::kJsonValue, false}};
inline constexpr StoreMember kObjectMembers[] = {{"head", TypeKind::kR2Object, true}};

inline constexpr Builtin kRowKinds[] = {Builtin::kSave, Builtin::kGet, Builtin::kList,
                                        Builtin::kDelete};
inline constexpr Builtin kObjectKinds[] = {Builtin::kHead, Builtin::kGet, Builtin::kPut,
                                           Builtin::kList, Builtin::kDelete};
inline constexpr Builtin kKeyKinds[] = {Builtin::kGet};

inline constexpr StoreRules kD1 = {.item = "row",
                                   .items = "rows of",
                                   .inside = {},
                                   .rows = true,
                                   .keyed = false,
                                   .values = false,
                                   .trees = true,
                                   .field = {},
                                   .members = {},
                                   .crud = kRowKinds};
inline constexpr StoreRules kKv = {.item = "entry",
                                   .items = "entries of",
                                   .inside = {},
                                   .rows = false,
                                   .keyed = true,
                                   .values = true,
                                   .trees = false,
                                   .field = StoredKind::kKv,
                                   .members = kEntryMembers,
                                   .crud = kRowKinds};
inline constexpr StoreRules kR2 = {.item = "object",
                                   .items = "objects of",
                                   .inside = "head",
                                   .rows = false,
                                   .keyed = true,
                                   .values = false,
                                   .trees = false,
                                   .field = StoredKind::kR2,
                                   .members = kObjectMembers,
                                   .crud = kObjectKinds};
// No store: key parameters and stored fields alone.
inline constexpr StoreRules kKeys = {.item = "row",
                                     .items = "keys",
                                     .inside = {},
                                     .rows = false,
                                     .keyed = false,
                                     .values = false,
                                     .trees = true,
                                     .field = {},
                                     .members = {},
                                     .crud = kKeyKinds};

}  // namespace stores

constexpr const StoreRules& store_of(StorageKind kind) {
  switch (kind) {
    case StorageKind::kD1:
      return stores::kD1;
    case StorageKind::kKv:
      return stores::kKv;
    case StorageKind::kR2:
      return stores::kR2;
    case StorageKind::kKeys:
      return stores::kKeys;
  }
  return stores::kKeys;
}

[[nodiscard]] inline const StoreRules& store_of(const Model& model) {
  return store_of(model.storage);
}

[[nodiscard]] inline bool has_rows(const Model& model) { return store_of(model).rows; }

/// What a field of a row is filled with.
constexpr TypeKind filled_with(StoredKind kind) {
  switch (kind) {
    case StoredKind::kKv:
      return TypeKind::kKvValue;
    case StoredKind::kR2:
      return TypeKind::kR2Object;
    case StoredKind::kR2Download:
      return TypeKind::kR2Download;
  }
  return TypeKind::kVoid;
}

/// The type of a field that a store fills: one of it, a list or a page. Where there is none, one is
/// null.
[[nodiscard]] inline Type filled_type(const StoredField& field) {
  Type one = plain_type(filled_with(field.kind));
  if (field.value.kind != TypeKind::kVoid) one.inner.push_back(field.value);
  switch (field.form) {
    case StoredForm::kOne:
      break;
    case StoredForm::kList:
      return type_around(TypeKind::kArray, std::move(one));
    case StoredForm::kPage:
      return type_around(TypeKind::kPage, std::move(one));
  }
  return one;
}

/// The type of a member that the store of `model` gives.
[[nodiscard]] inline Type type_of(const StoreMember& member, const Model& model) {
  return member.kind == TypeKind::kVoid ? model.value : plain_type(member.kind);
}

}  // namespace cloesce::cidl
