// Reading a double exactly takes a table of powers that would be a fifth of what a Worker ships,
// and all that is asked of it is whether the number is one. The digits alone can say.
#include "json/number.h"

#include <cstddef>

#include "base/ascii.h"

namespace cloesce::json {
namespace {

// The first digits of 2^1024 - 2^970, from which on a number rounds to infinity, and its power of
// ten. The rest of its 309 digits are left out: no double's shortest text comes as close to it.
constexpr std::string_view kTooLarge = "17976931348623158079372897140530341507993413271003";
constexpr std::int64_t kLargestPower = 308;

// Two hundred characters and a power of 99 stay far below.
constexpr std::size_t kSmallSize = 200;
constexpr std::size_t kSmallExponentSize = 3;

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// The value of an exponent such as `-12` or `+007`, far out ones cut to a billion.
std::int64_t exponent_value(std::string_view text) {
  constexpr std::int64_t kBound = 1'000'000'000;
  const bool negative = text.front() == '-';
  std::int64_t value = 0;
  for (const char character : text) {
    if (is_digit(character) && value < kBound) value = value * 10 + (character - '0');
  }
  return negative ? -value : value;
}

// `digits` are those before the exponent, with or without a point.
bool rounds_to_infinity(std::string_view digits, std::int64_t exponent) {
  std::size_t point = digits.find('.');
  if (point == std::string_view::npos) point = digits.size();
  std::size_t at = digits.find_first_not_of("0.");
  if (at == std::string_view::npos) return false;
  const auto power = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(at) -
                     (at < point ? 1 : 0) + exponent;
  if (power != kLargestPower) return power > kLargestPower;
  for (const char limit : kTooLarge) {
    if (at < digits.size() && digits[at] == '.') ++at;
    const char digit = at < digits.size() ? digits[at++] : '0';
    if (digit != limit) return digit > limit;
  }
  return true;
}

}  // namespace

NumberForm number_form(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  std::size_t at = skip_digits(text, 0);
  if (at == 0 || (at > 1 && text.front() == '0')) return NumberForm::kMalformed;
  if (at < text.size() && text[at] == '.') {
    const std::size_t begin = at + 1;
    at = skip_digits(text, begin);
    if (at == begin) return NumberForm::kMalformed;
  }
  const std::string_view digits = text.substr(0, at);
  std::string_view exponent;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    exponent = text.substr(at + 1);
    std::size_t begin = at + 1;
    if (begin < text.size() && (text[begin] == '+' || text[begin] == '-')) ++begin;
    at = skip_digits(text, begin);
    if (at == begin) return NumberForm::kMalformed;
  }
  if (at != text.size()) return NumberForm::kMalformed;
  if (text.size() <= kSmallSize && exponent.size() < kSmallExponentSize) return NumberForm::kFinite;
  const std::int64_t power = exponent.empty() ? 0 : exponent_value(exponent);
  return rounds_to_infinity(digits, power) ? NumberForm::kTooLarge : NumberForm::kFinite;
}

IntegerForm integer_form(std::string_view text) {
  constexpr std::string_view kLargest = "9007199254740991";
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  if (text.empty() || skip_digits(text, 0) != text.size()) return IntegerForm::kMalformed;
  if (text.size() > 1 && text.front() == '0') return IntegerForm::kMalformed;
  const bool unsafe =
      text.size() > kLargest.size() || (text.size() == kLargest.size() && text > kLargest);
  return unsafe ? IntegerForm::kUnsafe : IntegerForm::kSafe;
}

}  // namespace cloesce::json
