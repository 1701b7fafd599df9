// The SQL of a query, from its code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/list.h"
#include "base/string.h"
#include "orm/detail/join_sql.h"
#include "orm/schema.h"
#include "orm/scopes.h"
#include "sql/statement.h"

namespace cloesce::orm::detail {

/// A column that rows are ordered by.
struct OrderColumn {
  static constexpr bool kRelocatable = true;

  String alias;
  const ColumnSchema* column = nullptr;
  bool own = false;  // of the rows themselves, not of one that they lead to
};

/// The parts of a SELECT from the model's table as `alias`.
struct QuerySql {
  sql::Statement joins;
  std::size_t joined = 0;
  bool nested = false;       // whether the condition has a SELECT of its own
  sql::Statement condition;  // empty: all rows
  sql::Statement order;      // ` order by …`
  List<OrderColumn> order_columns;
  std::uint32_t limit = 0;  // the number of a parameter; 0: none
  std::uint32_t offset = 0;
  std::uint32_t parameters = 0;  // how many it has
  ColumnSet own;                 // columns of the rows themselves that the conditions look at
};

/// Where the values of a query are.
struct QueryValues {
  std::uint32_t list = 0;  // the number of a parameter with a JSON array; 0: they are parameters
  std::size_t first = 0;   // how many come before them
};

[[nodiscard]] QuerySql query_sql(const ModelSchema& model, std::string_view code,
                                 std::string_view alias, Aliases& aliases,
                                 const Narrowing& narrowing, QueryValues values = {});

/// ` limit … offset …`: the rows of the page and `more` behind them. Nothing without either.
void append_page(sql::Statement& out, const QuerySql& query, std::uint32_t more);

}  // namespace cloesce::orm::detail
