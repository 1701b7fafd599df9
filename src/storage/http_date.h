// Dates in HTTP headers.
#pragma once

#include <optional>
#include <string_view>

namespace cloesce::storage {

/// Milliseconds since the epoch of `Wed, 21 Oct 2015 07:28:00 GMT` or of one of the two older forms
/// (RFC 9110 §5.6.7); nothing when it is none of them. The name of the day is not compared.
[[nodiscard]] std::optional<double> parse_http_date(std::string_view text);

}  // namespace cloesce::storage
