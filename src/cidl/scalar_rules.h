// Rules of scalars: the types of one value, which may be columns. One more is a row more; what
// reads and writes its values is the validator's, the ORM's and the client's.
#pragma once

#include "cidl/kinds.h"
#include "cidl/model.h"

namespace cloesce::cidl {

/// A row of rules.
struct ScalarRules {
  bool in_keys;   // keys of KV and R2 are rendered with it (keys/template.h)
  bool in_query;  // stands in a query string as it is; what does not is JSON there
};

namespace scalars {

inline constexpr ScalarRules kInteger = {.in_keys = true, .in_query = true};
inline constexpr ScalarRules kReal = {.in_keys = false, .in_query = true};
inline constexpr ScalarRules kText = {.in_keys = true, .in_query = true};
inline constexpr ScalarRules kBoolean = {.in_keys = true, .in_query = true};
inline constexpr ScalarRules kDateIso = {.in_keys = true, .in_query = true};
inline constexpr ScalarRules kBlob = {.in_keys = false, .in_query = false};

}  // namespace scalars

/// nullptr for what is no scalar.
constexpr const ScalarRules* scalar_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kInteger:
      return &scalars::kInteger;
    case TypeKind::kReal:
      return &scalars::kReal;
    case TypeKind::kText:
      return &scalars::kText;
    case TypeKind::kBoolean:
      return &scalars::kBoolean;
    case TypeKind::kDateIso:
      return &scalars::kDateIso;
    case TypeKind::kBlob:
      return &scalars::kBlob;
    case TypeKind::kVoid:
    case TypeKind::kStream:
    case TypeKind::kJsonValue:
    case TypeKind::kR2Object:
    case TypeKind::kR2Download:
    case TypeKind::kObject:
    case TypeKind::kPartial:
    case TypeKind::kArray:
    case TypeKind::kNullable:
    case TypeKind::kKvValue:
    case TypeKind::kPage:
    case TypeKind::kHttpResult:
    case TypeKind::kInject:
    case TypeKind::kDataSource:
      break;
  }
  return nullptr;
}

[[nodiscard]] inline bool is_scalar(const Type& type) { return scalar_of(type.kind) != nullptr; }

/// Whether the column may be part of a key. One that is null has none.
[[nodiscard]] inline bool can_be_in_a_key(const Type& type) {
  const ScalarRules* const scalar = scalar_of(type.kind);
  return scalar != nullptr && scalar->in_keys;
}

}  // namespace cloesce::cidl
