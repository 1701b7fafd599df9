// The type names that mean something to the compiler: Cloesce's own, and those of the platform.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace cloesce::sema {

enum class BuiltinType : std::uint8_t {
  kInteger,
  kReal,
  kText,
  kBoolean,
  kDate,
  kBlob,
  kStream,
  kJson,
  kR2Object,
  kR2Download,
  kKvValue,      // KValue<T>
  kPage,         // Page<T>
  kHttpResult,   // HttpResult<T>
  kPromise,      // Promise<T>
  kTransparent,  // Readonly<T>
  kPartial,      // DeepPartial<T>, Partial<T>
  kDataSource,   // DataSourceOf<T>
  kIncludeTree,  // IncludeTree<T>
  kVoid,
  kNull,      // null and undefined
  kPlatform,  // D1Database, Request: injected, never on the wire
  kVariable,  // R2Endpoint and its like: only in the environment
};

/// What `name` stands for; nothing for other names.
[[nodiscard]] std::optional<BuiltinType> builtin_type(std::string_view name);

/// Whether TypeScript or the Workers platform declares `name` for every file; other names of this
/// table are imported from cloesce/backend.
[[nodiscard]] bool is_platform_type(std::string_view name);

/// Names that take part in suggestions for a value's type.
[[nodiscard]] std::span<const std::string_view> value_type_names();

/// Platform types that are injected wherever a parameter or an attribute has them.
[[nodiscard]] std::span<const std::string_view> platform_type_names();

/// What to write instead of a type that is often tried and cannot be carried; empty for others.
[[nodiscard]] std::string_view instead_of_type(std::string_view name);

}  // namespace cloesce::sema
