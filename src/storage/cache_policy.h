// Which responses the Cache API stores, and until when they are fresh.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/refusal.h"

namespace cloesce::storage {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct CacheEntry {
  bool stored = false;
  double expires = 0;  // milliseconds
  Headers headers;     // what is kept of them
};

/// The value of the first header of that name, compared without case; null when there is none.
[[nodiscard]] const std::string* find_header(const Headers& headers, std::string_view name);

/// A TypeError for what `put` never takes; `stored` is false for what it drops without a word: an
/// uncacheable status, `no-store`, `private`, `no-cache`, cookies that are not excepted by
/// `private=set-cookie`, what answers a request with `Authorization` unless it says that all may
/// have it. What could be stored but is not fresh expires at once: it takes the place
/// of an older response. `now` is in milliseconds.
[[nodiscard]] Ruled<CacheEntry> plan_cache_put(std::string_view method, int status,
                                               const Headers& headers, bool authorized, double now);

}  // namespace cloesce::storage
