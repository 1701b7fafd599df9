// Scopes: which rows of a model there are for the caller of a request or an ORM call. A row outside
// of its model's scope is in no answer, no relation, no filter and no order, and cannot be written.
//
// In a statement, what stands for the table of a model with a scope is a SELECT of the rows in it;
// so nothing that a plan makes of a table can look past a scope. The conditions of a scope see all
// rows: scopes of other models do not narrow them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/engine.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/schema.h"

namespace cloesce::orm {

/// The scopes that are known. Views.
struct Scopes {
  /// For each model in the order in which they became known, two bytes each: its index, how many
  /// values come before its own, how many it has, the length of its condition; then the condition
  /// (orm/detail/query_code.h), empty where all rows are in it. The same code is the same SQL.
  std::string_view code;
  /// Of all conditions: texts, with commas between them.
  std::string_view values;

  /// An engine that serves no scopes knows no other answer.
  [[nodiscard]] bool empty() const { return !serves_scopes() || code.empty(); }
  /// Whether it is known which rows of a model are in its scope.
  [[nodiscard]] bool know(const ModelSchema& model) const;
};

/// How statements are narrowed: the code of scopes, and the number of the parameter that holds
/// their values, and behind them those of the queries in an include tree, as a JSON array. 0: there
/// is no such parameter.
struct Narrowing {
  std::string_view scopes = {};
  std::uint32_t parameter = 0;

  friend bool operator==(const Narrowing&, const Narrowing&) = default;
};

/// By `scopes`, of statements that have `parameters` of their own and a tree with such values.
[[nodiscard]] Narrowing narrowing(const Scopes& scopes, std::size_t parameters,
                                  std::string_view tree_values = {});

/// `parameters`, a JSON array, and behind them that of the scopes and the tree, when it is needed.
[[nodiscard]] std::string_view scoped_parameters(std::string_view parameters, const Scopes& scopes,
                                                 Arena& arena, std::string_view tree_values = {});

/// `scopes` and the condition of one more model: JSON as for `where` (orm/query.h), or null for all
/// rows. In the arena. Fails as parse_query does.
[[nodiscard]] Result<Scopes> with_scope(const Scopes& scopes, const ModelSchema& model,
                                        std::string_view where, json::Reader& reader, Arena& arena);

}  // namespace cloesce::orm
