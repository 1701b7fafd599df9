// The dates that travel as text.
#pragma once

#include <cstddef>  // size_t
#include <cstdint>
#include <string_view>

namespace cloesce::text {

/// True for `YYYY-MM-DD` and `YYYY-MM-DDTHH:MM[:SS[.f…]](Z|+HH:MM|-HH:MM)`, with up to 9 digits of
/// a fraction, a day that the calendar has, hours to 23, minutes and seconds to 59. Expanded years,
/// lower-case letters and local times without an offset are refused: JavaScript's Date reads all
/// that is accepted, and everyone reads it alike.
[[nodiscard]] bool is_date_iso(std::string_view text);

/// Who wrote a date.
enum class DateSource : std::uint8_t {
  kCaller,   // what is_date_iso takes
  kStorage,  // besides: what SQL writes by itself, which is in UTC: `YYYY-MM-DD HH:MM[:SS[.f…]]`,
             // the same with a T and no offset, and milliseconds since 1970
};

/// The one form in which dates are stored and sent, so that the order of texts is the order of
/// time: `YYYY-MM-DDTHH:MM:SS.mmmZ`. What is finer than a millisecond is cut off, as JavaScript
/// does; a date alone is its midnight in UTC.
inline constexpr std::size_t kDateBytes = 24;

/// Writes the moment that `text` names; false when it names none within the years 0 to 9999.
[[nodiscard]] bool write_date(std::string_view text, DateSource source, char (&out)[kDateBytes]);

}  // namespace cloesce::text
