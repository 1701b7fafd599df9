// A scanner over fixed-width numbers.
#include "text/date_iso.h"

#include <cstddef>

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
  bool within(std::size_t digits, int first, int last) {
    const int value = number(digits);
    return value >= first && value <= last;
  }

  // Takes 1 to `maximum` digits.
  bool fraction(std::size_t maximum) {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    if (count == 0 || count > maximum) return false;
    rest_.remove_prefix(count);
    return true;
  }

 private:
  std::string_view rest_;
};

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool take_date(Scanner& scanner) {
  const int year = scanner.number(4);
  if (year < 0 || !scanner.take('-')) return false;
  const int month = scanner.number(2);
  if (month < 1 || month > 12 || !scanner.take('-')) return false;
  return scanner.within(2, 1, days_in(year, month));
}

bool take_time(Scanner& scanner) {
  if (!scanner.within(2, 0, 23) || !scanner.take(':') || !scanner.within(2, 0, 59)) return false;
  if (!scanner.take(':')) return true;
  if (!scanner.within(2, 0, 59)) return false;
  return !scanner.take('.') || scanner.fraction(9);
}

bool take_offset(Scanner& scanner) {
  if (scanner.take('Z')) return true;
  if (!scanner.take('+') && !scanner.take('-')) return false;
  return scanner.within(2, 0, 23) && scanner.take(':') && scanner.within(2, 0, 59);
}

}  // namespace

bool is_date_iso(std::string_view text) {
  Scanner scanner(text);
  if (!take_date(scanner)) return false;
  if (scanner.at_end()) return true;
  return scanner.take('T') && take_time(scanner) && take_offset(scanner) && scanner.at_end();
}

}  // namespace cloesce::text
