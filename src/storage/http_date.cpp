#include "storage/http_date.h"

#include <array>
#include <cstdint>
#include <vector>

#include "base/ascii.h"

namespace cloesce::storage {
namespace {

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" ,-");
    if (begin == std::string_view::npos) return found;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" ,-"), text.size());
    found.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<int> number(std::string_view text, std::size_t longest) {
  if (text.empty() || text.size() > longest) return std::nullopt;
  int value = 0;
  for (const char digit : text) {
    if (!is_digit(digit)) return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  return value;
}

std::optional<int> month(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t index = 0; index < kNames.size(); ++index)
    if (same_but_for_case(name, kNames[index])) return static_cast<int>(index) + 1;
  return std::nullopt;
}

/// Days from the epoch to a day of the Gregorian calendar.
std::int64_t days(int year, int month_number, int day) {
  const int shifted = month_number <= 2 ? year - 1 : year;
  const int era = shifted / 400;
  const int year_of_era = shifted - era * 400;
  const int day_of_year = (153 * (month_number + (month_number > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int64_t>(era) * 146097 + day_of_era - 719468;
}

int days_in(int month_number, int year) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month_number == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month_number - 1)];
}

}  // namespace

std::optional<double> parse_http_date(std::string_view text) {
  const std::vector<std::string_view> parts = words(text);
  std::string_view day_text;
  std::string_view month_text;
  std::string_view year_text;
  std::string_view time;
  if (parts.size() == 6 && parts[5] == "GMT") {  // day-name day month year time GMT
    day_text = parts[1];
    month_text = parts[2];
    year_text = parts[3];
    time = parts[4];
  } else if (parts.size() == 5) {  // day-name month day time year
    month_text = parts[1];
    day_text = parts[2];
    time = parts[3];
    year_text = parts[4];
  } else {
    return std::nullopt;
  }
  const auto day = number(day_text, 2);
  const auto month_number = month(month_text);
  auto year = number(year_text, 4);
  if (!day || !month_number || !year) return std::nullopt;
  if (year_text.size() == 2) *year += *year < 70 ? 2000 : 1900;
  if (time.size() != 8 || time[2] != ':' || time[5] != ':') return std::nullopt;
  const auto hour = number(time.substr(0, 2), 2);
  const auto minute = number(time.substr(3, 2), 2);
  const auto second = number(time.substr(6, 2), 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  if (*day < 1 || *day > days_in(*month_number, *year)) return std::nullopt;
  const std::int64_t seconds =
      days(*year, *month_number, *day) * 86400 + *hour * 3600 + *minute * 60 + *second;
  return static_cast<double>(seconds) * 1000;
}

}  // namespace cloesce::storage
