// Validation of UTF-8.
#pragma once

#include <string_view>

namespace cloesce::text {

/// True when all of `text` is UTF-8: shortest forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace cloesce::text
