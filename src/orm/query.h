// Queries: which rows of a model are asked for, in which order, from where on and how many.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/schema.h"

namespace cloesce::orm {

/// Bounds on one query. docs/limits.md describes them; they keep every statement within the depth
/// of expressions, the joins and the parameters that D1 allows.
inline constexpr std::size_t kMaximumConditions = 64;
inline constexpr std::size_t kMaximumQueryDepth = 8;
inline constexpr std::size_t kMaximumQueryRelations = 16;
inline constexpr std::size_t kMaximumOrderTerms = 8;
inline constexpr std::size_t kMaximumListBytes = 1'000'000;
inline constexpr std::size_t kMaximumParameters = 100;

/// A query as it is written; what is not given is empty, or 0.
struct QueryInput {
  std::string_view where;  // JSON
  std::string_view order;  // JSON
  std::string_view after;  // what a page before said comes next
  std::size_t limit = 0;   // 0: all
  std::size_t offset = 0;
  /// Its conditions hold as well, its order where none is written. What callers may ask does not
  /// bind it.
  const DataSource* source = nullptr;
};

/// A checked query.
struct Query {
  std::string_view code;        // orm/detail/query_code.h: the same for the same statements
  std::string_view parameters;  // a JSON array of texts
  std::size_t count = 0;        // of parameters
  /// The models that conditions and order lead to, as often as they do; in an engine that serves no
  /// scopes, which are what they are for, none.
  std::span<const ModelSchema* const> related = {};
};

/// What callers may ask of a model: nothing else is named in a message.
struct QueryLimits {
  const image::Array<image::Text>* where = nullptr;  // paths of columns
  const image::Array<image::Text>* order = nullptr;
};

/// Checks a query against the model; without `limits` all of it may be asked. In the arena.
/// kQueryInvalid names the place of what the model does not have or what does not fit its type;
/// kCursorInvalid an `after` that is not of this order; kLimitExceeded what is beyond the bounds.
[[nodiscard]] Result<Query> parse_query(const ModelSchema& model, const QueryInput& input,
                                        const QueryLimits* limits, json::Reader& reader,
                                        Arena& arena);

}  // namespace cloesce::orm
