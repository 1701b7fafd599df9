#include "storage/cache_match.h"

#include <algorithm>
#include <optional>

#include "storage/http_date.h"
#include "storage/r2_condition.h"

namespace cloesce::storage {
namespace {

/// The caller has what is stored, by its tag or by its date.
bool is_known(const Headers& request, const Headers& stored) {
  const std::string* etag = find_header(stored, "etag");
  const std::string* none_match = find_header(request, "if-none-match");
  if (none_match != nullptr && etag != nullptr) {
    const auto own = parse_etags(*etag);
    const auto asked = parse_etags(*none_match);
    if (own && asked) {
      for (const Etag& tag : *asked)
        if (tag.text == "*" || tag.text == own->front().text) return true;
    }
  }
  const std::string* modified = find_header(stored, "last-modified");
  const std::string* since = find_header(request, "if-modified-since");
  if (modified == nullptr || since == nullptr) return false;
  const auto changed = parse_http_date(*modified);
  const auto seen = parse_http_date(*since);
  return changed && seen && *changed <= *seen;
}

}  // namespace

CacheMatch match_cached(const Headers& request, const Headers& stored, int status,
                        std::uint64_t size) {
  Ranges ranges;
  if (const std::string* header = find_header(request, "range"))
    ranges = parse_range(*header, size);
  if (ranges.kind == RangeKind::kUnsatisfiable) return {416, {}};
  if (is_known(request, stored)) return {304, {}};
  if (ranges.kind == RangeKind::kSome) return {206, std::move(ranges.ranges)};
  return {status, {}};
}

}  // namespace cloesce::storage
