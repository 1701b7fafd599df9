// Types of an interface as they are put together by those who describe one.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "cidl/model.h"

namespace cloesce::cidl {

/// A type that needs no name and holds none: `Integer`, `Stream`.
[[nodiscard]] inline Type plain_type(TypeKind kind) { return {kind, {}, {}}; }

/// One that names a class.
[[nodiscard]] inline Type named_type(TypeKind kind, std::string_view name) {
  return {kind, std::string(name), {}};
}

/// One around another: `Integer[]`, `Page<Note>`, `string | null`.
[[nodiscard]] inline Type type_around(TypeKind kind, Type inner) {
  Type type = plain_type(kind);
  type.inner.push_back(std::move(inner));
  return type;
}

}  // namespace cloesce::cidl
