// Statements that fail where a save would reach past a scope. Their first parameter is a list of
// rows; a failure says the number of a guard, which each row has.
#pragma once

#include <cstdint>

#include "base/string.h"
#include "orm/detail/save_sql.h"
#include "orm/schema.h"
#include "orm/scopes.h"

namespace cloesce::orm::detail {

/// The parameter that holds the values of scopes. Floors of generated keys (save_sql.h) are behind.
inline constexpr std::uint32_t kScopesParameter = 2;

/// Fails with `CLO1219:n` where a row is outside of the scope. A row of the list: n, whether it
/// must be there at all, the key.
[[nodiscard]] String present_guard_sql(const ModelSchema& model, const Narrowing& narrowing);

/// Fails with `CLO1218:n` where a row is outside of the scope. A row of the list: `values`, which
/// are the key, and n.
[[nodiscard]] String written_guard_sql(const ModelSchema& model, const Narrowing& narrowing,
                                       SaveValues values);

}  // namespace cloesce::orm::detail
