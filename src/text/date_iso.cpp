// A scanner over fixed-width numbers.
#include "text/date_iso.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/ascii.h"

namespace cloesce::text {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  // Takes `character` if it is next.
  bool take(char character) {
    if (rest_.empty() || rest_.front() != character) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Takes a number of exactly `digits` digits; -1 when there is none.
  int number(std::size_t digits) {
    if (rest_.size() < digits) return -1;
    int value = 0;
    for (std::size_t index = 0; index < digits; ++index) {
      if (!is_digit(rest_[index])) return -1;
      value = value * 10 + (rest_[index] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  // Takes a number of `digits` digits between `first` and `last`.
  bool within(std::size_t digits, int first, int last, int& value) {
    value = number(digits);
    return value >= first && value <= last;
  }

  // Takes 1 to `maximum` digits, of which three count.
  bool fraction(std::size_t maximum, int& thousandths) {
    std::size_t count = 0;
    int weight = 100;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count, weight /= 10) {
      thousandths += weight * (rest_[count] - '0');
    }
    if (count == 0 || count > maximum) return false;
    rest_.remove_prefix(count);
    return true;
  }

 private:
  std::string_view rest_;
};

// A moment in the fields that a text has for it; `offset` is in minutes east.
struct Fields {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int millisecond = 0;
  int offset = 0;
};

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool take_date(Scanner& scanner, Fields& fields) {
  if (!scanner.within(4, 0, 9999, fields.year) || !scanner.take('-')) return false;
  if (!scanner.within(2, 1, 12, fields.month) || !scanner.take('-')) return false;
  return scanner.within(2, 1, days_in(fields.year, fields.month), fields.day);
}

bool take_time(Scanner& scanner, Fields& fields) {
  if (!scanner.within(2, 0, 23, fields.hour) || !scanner.take(':')) return false;
  if (!scanner.within(2, 0, 59, fields.minute)) return false;
  if (!scanner.take(':')) return true;
  if (!scanner.within(2, 0, 59, fields.second)) return false;
  return !scanner.take('.') || scanner.fraction(9, fields.millisecond);
}

bool take_offset(Scanner& scanner, Fields& fields) {
  if (scanner.take('Z')) return true;
  const bool west = scanner.take('-');
  if (!west && !scanner.take('+')) return false;
  int hours = 0;
  int minutes = 0;
  if (!scanner.within(2, 0, 23, hours) || !scanner.take(':')) return false;
  if (!scanner.within(2, 0, 59, minutes)) return false;
  fields.offset = (west ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

bool take_moment(std::string_view text, DateSource source, Fields& fields) {
  Scanner scanner(text);
  if (!take_date(scanner, fields)) return false;
  if (scanner.at_end()) return true;
  const bool stored = source == DateSource::kStorage;
  if (!scanner.take('T') && !(stored && scanner.take(' '))) return false;
  if (!take_time(scanner, fields)) return false;
  return (stored && scanner.at_end()) || (take_offset(scanner, fields) && scanner.at_end());
}

// Days since 1970-01-01 of a day of the Gregorian calendar, whose years begin in March here.
std::int64_t days_of(int year, int month, int day) {
  const std::int64_t from_march = year - (month <= 2 ? 1 : 0) + 400;
  const std::int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  return from_march * 365 + from_march / 4 - from_march / 100 + from_march / 400 + day_of_year -
         719468 - 146097;
}

void take_days(std::int64_t days, Fields& fields) {
  days += 719468 + 146097;
  const std::int64_t era = days / 146097;
  const std::int64_t of_era = days % 146097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const auto of_year = static_cast<int>(of_era - (365 * year + year / 4 - year / 100));
  const int march_month = (5 * of_year + 2) / 153;
  fields.day = of_year - (153 * march_month + 2) / 5 + 1;
  fields.month = march_month < 10 ? march_month + 3 : march_month - 9;
  fields.year = static_cast<int>(year + (era - 1) * 400) + (fields.month <= 2 ? 1 : 0);
}

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kFirst = -62'167'219'200'000;  // 0000-01-01
constexpr std::int64_t kLast = 253'402'300'799'999;   // the end of 9999

bool fields_of(std::int64_t milliseconds, Fields& fields) {
  if (milliseconds < kFirst || milliseconds > kLast) return false;
  // The rest of a division is to be positive.
  const std::int64_t shifted = milliseconds - kFirst;
  take_days(shifted / kDay + kFirst / kDay, fields);
  const auto rest = static_cast<int>(shifted % kDay);
  fields.hour = rest / 3'600'000;
  fields.minute = rest / 60'000 % 60;
  fields.second = rest / 1000 % 60;
  fields.millisecond = rest % 1000;
  return true;
}

// Milliseconds since 1970 as SQL holds them: `1700000000000`, `-1.0`.
bool take_milliseconds(std::string_view text, Fields& fields) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits]) && digits < 16) {
    value = value * 10 + (text[digits++] - '0');
  }
  std::string_view rest = text.substr(digits);
  if (rest.starts_with('.')) {
    do {
      rest.remove_prefix(1);
    } while (!rest.empty() && is_digit(rest[0]));
  }
  return digits > 0 && rest.empty() && fields_of(negative ? -value : value, fields);
}

void print(char* out, std::size_t digits, int value) {
  for (; digits > 0; value /= 10) out[--digits] = static_cast<char>('0' + value % 10);
}

}  // namespace

bool is_date_iso(std::string_view text) {
  Fields fields;
  return take_moment(text, DateSource::kCaller, fields);
}

bool write_date(std::string_view text, DateSource source, char (&out)[kDateBytes]) {
  Fields fields;
  if (!take_moment(text, source, fields)) {
    if (source == DateSource::kCaller || !take_milliseconds(text, fields)) return false;
  } else if (fields.offset != 0) {
    const std::int64_t minutes = days_of(fields.year, fields.month, fields.day) * 1440 +
                                 fields.hour * 60 + fields.minute - fields.offset;
    const int below = fields.second * 1000 + fields.millisecond;
    if (!fields_of(minutes * 60'000 + below, fields)) return false;
  }
  std::memcpy(out, "0000-00-00T00:00:00.000Z", kDateBytes);
  print(out, 4, fields.year);
  print(out + 5, 2, fields.month);
  print(out + 8, 2, fields.day);
  print(out + 11, 2, fields.hour);
  print(out + 14, 2, fields.minute);
  print(out + 17, 2, fields.second);
  print(out + 20, 3, fields.millisecond);
  return true;
}

}  // namespace cloesce::text
