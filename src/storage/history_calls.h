// The rules of buckets with history as the host calls them; see calls.h.
#pragma once

#include <string_view>

#include "storage/calls.h"

namespace cloesce::storage {

/// `[name, history | null]` → `null`. Refusals are code 1 for the name, 2 for the history.
[[nodiscard]] Answer history_bucket(std::string_view input);
/// `[stream | null, subject | null]`, names of one's own choice → `null`.
[[nodiscard]] Answer history_names(std::string_view input);
/// `[[codec, …], [key, …], isFilter, last]` → the encoded keys. With `last` the outcome is checked
/// to be a key that is not reserved. A refusal's text begins with what is refused in quotes.
[[nodiscard]] Answer history_encode(std::string_view input);
/// `[[codec, …], [encoded, …]]`, codecs in the order of encoding → for each the key, or `null` when
/// it cannot have come of these codecs, is no UTF-8, or is reserved.
[[nodiscard]] Answer history_decode(std::string_view input);
/// `[filter, [encoded, …]]` → a boolean for each.
[[nodiscard]] Answer history_match(std::string_view input);

}  // namespace cloesce::storage
