// What stands for the tables of models in a statement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "orm/detail/join_sql.h"
#include "orm/schema.h"
#include "orm/scopes.h"
#include "sql/statement.h"

namespace cloesce::orm::detail {

/// A model in the code of scopes.
struct ScopeEntry {
  bool known = false;
  std::size_t first_value = 0;
  std::string_view condition;  // the code of a query; empty: all rows
};

[[nodiscard]] ScopeEntry find_scope(std::string_view scopes, const ModelSchema& model);

/// How many values there are in the code of scopes.
[[nodiscard]] std::size_t count_values(std::string_view scopes);

/// Whether there may be rows of the model that are not in its scope.
[[nodiscard]] bool narrows(const Narrowing& narrowing, const ModelSchema& model);

/// The model's table, or a SELECT of those of its rows that are in its scope.
void append_rows_of(sql::Statement& out, const Narrowing& narrowing, const ModelSchema& model,
                    Aliases& aliases);

/// The same of rows that come from `source` in place of the table.
void append_rows_of(sql::Statement& out, const Narrowing& narrowing, const ModelSchema& model,
                    const sql::Statement& source, Aliases& aliases);

/// ` in (select` the keys of the rows that are in the scope `)`.
void append_in_scope(sql::Statement& out, const Narrowing& narrowing, const ModelSchema& model,
                     Aliases& aliases);

/// The text of `statement`, which takes the parameter of the scopes whether it has a use for it or
/// not: databases count parameters.
[[nodiscard]] String render_narrowed(const sql::Statement& statement, const Narrowing& narrowing);

/// A table of a WITH clause that takes that parameter and is not read.
void append_unused(sql::Statement& out, const Narrowing& narrowing);

}  // namespace cloesce::orm::detail
