// The text of a SELECT over a model and its relations, for people who write the rest of the query
// themselves.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/string.h"
#include "orm/include_tree.h"

namespace cloesce::orm {

/// Columns a result may have on D1.
inline constexpr std::size_t kMaximumResultColumns = 100;

struct QueryOptions {
  /// A SELECT that takes the place of the model's table, under the joins; empty for the table
  /// itself.
  std::string_view from = {};
  /// When not empty, the query becomes a common table expression of that name, and the text selects
  /// all of it.
  std::string_view tag_cte = {};
};

/// One joined row per combination of related rows. The model's columns are called by their names,
/// those of a relation by its path: `"id"`, `"likes.id"`, `"likes.horse.name"`. The text can be
/// followed by conditions and an order over just these names, `WHERE "name" = ?`: the joins are
/// wrapped, so that no table below has a second column of that name.
/// kLimitExceeded above 100 columns or the length of a statement.
[[nodiscard]] Result<String> list_query(const IncludeTree& tree, const QueryOptions& options);

/// The same with a condition on the primary key, whose columns are the parameters `?1`, `?2`, ….
[[nodiscard]] Result<String> get_query(const IncludeTree& tree);

}  // namespace cloesce::orm
