// The dates that travel as text.
#pragma once

#include <string_view>

namespace cloesce::text {

/// True for `YYYY-MM-DD` and `YYYY-MM-DDTHH:MM[:SS[.f…]](Z|+HH:MM|-HH:MM)`, with up to 9 digits of
/// a fraction, a day that the calendar has, hours to 23, minutes and seconds to 59. Expanded years,
/// lower-case letters and local times without an offset are refused: JavaScript's Date reads all
/// that is accepted, and everyone reads it alike.
[[nodiscard]] bool is_date_iso(std::string_view text);

}  // namespace cloesce::text
