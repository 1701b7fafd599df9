// Reading of query strings (application/x-www-form-urlencoded).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"

namespace cloesce::text {

/// More pairs than any method has parameters.
inline constexpr std::size_t kMaximumQueryPairs = 256;

/// Decoded, borrowed from the query or the arena.
struct QueryPair {
  std::string_view name;
  std::string_view value;  // empty when there is no `=`
};

/// Walks the pairs of a query in order, without its `?`. `+` and `%20` are spaces; empty pairs
/// (`a=1&&b=2`) are passed over. Nothing is allocated for a pair without escapes.
class QueryReader {
 public:
  QueryReader(Arena& arena, std::string_view query, std::size_t maximum = kMaximumQueryPairs)
      : arena_(&arena), rest_(query), left_(maximum) {}

  /// The next pair, or nothing at the end. Fails with kMalformedUrl for what percent_decode refuses
  /// and with kLimitExceeded when there are more pairs than allowed.
  [[nodiscard]] Result<std::optional<QueryPair>> next();

 private:
  Arena* arena_;
  std::string_view rest_;
  std::size_t left_;
};

}  // namespace cloesce::text
