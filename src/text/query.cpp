// Splitting of a query at `&` and `=`.
#include "text/query.h"

#include "text/percent.h"

namespace cloesce::text {

Result<std::optional<QueryPair>> QueryReader::next() {
  while (!rest_.empty()) {
    const std::size_t end = rest_.find('&');
    const std::string_view pair = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    if (pair.empty()) continue;
    if (left_ == 0) {
      return Failure{ErrorCode::kLimitExceeded, "the query has too many parameters"};
    }
    --left_;

    const std::size_t equals = pair.find('=');
    auto name = percent_decode(*arena_, pair.substr(0, equals), Plus::kSpace);
    if (!name.ok()) return std::move(name).failure();
    if (equals == std::string_view::npos) return std::optional(QueryPair{*name, {}});
    auto value = percent_decode(*arena_, pair.substr(equals + 1), Plus::kSpace);
    if (!value.ok()) return std::move(value).failure();
    return std::optional(QueryPair{*name, *value});
  }
  return std::optional<QueryPair>();
}

}  // namespace cloesce::text
