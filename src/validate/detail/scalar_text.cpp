// Strict reading of scalars from URLs.
#include "validate/detail/scalar_text.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>  // all_of
#include <cstdint>

#include "base/arena.h"
#include "json/reader.h"
#include "json/writer.h"
#include "text/date_iso.h"
#include "text/utf8.h"
#include "validate/detail/path.h"

namespace cloesce::validate::detail {
namespace {

constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

Failure mismatch(std::string_view expected, std::string_view text) {
  return Failure{
      make_error(ErrorCode::kTypeMismatch,
                 fmt::format(FMT_COMPILE("expected {}, got {}"), expected, quote_excerpt(text)))};
}

Result<void> append_integer(ByteBuffer& out, std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const std::string_view digits = text.substr(negative ? 1 : 0);
  const bool is_integer = !digits.empty() && (digits.front() != '0' || digits.size() == 1) &&
                          std::all_of(digits.begin(), digits.end(), is_digit);
  if (!is_integer) return mismatch("Integer", text);
  std::int64_t magnitude = 0;
  for (const char digit : digits.substr(0, 17)) magnitude = magnitude * 10 + (digit - '0');
  if (digits.size() > 16 || magnitude > kLargestInteger) {
    return Failure{make_error(
        ErrorCode::kIntegerOutOfRange,
        fmt::format(FMT_COMPILE("expected an Integer between -(2^53 - 1) and 2^53 - 1, got {}"),
                    quote_excerpt(text)))};
  }
  json::append_integer(out, negative ? -magnitude : magnitude);
  return {};
}

/// True when the double that a JSON number stands for is not infinite.
bool is_finite(std::string_view number) {
  const std::size_t exponent = number.find_first_of("eE");
  const std::size_t exponent_size =
      exponent == std::string_view::npos ? 0 : number.size() - exponent;
  // Two hundred digits and a power of 99 stay far below the largest double.
  if (number.size() <= 200 && exponent_size <= 3) return true;
  Arena arena;
  json::Reader reader;
  const auto document = reader.open(json::pad(arena, number));
  double value = 0;
  return document.ok() && (*document)->get_double().get(value) == simdjson::SUCCESS;
}

}  // namespace

bool is_number(std::string_view text) {
  std::size_t at = 0;
  const auto take_digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool leading_zero = at < text.size() && text[at] == '0';
  const std::size_t whole = take_digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (take_digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (take_digits() == 0) return false;
  }
  return at == text.size();
}

Result<void> append_scalar(ByteBuffer& out, cidl::TypeKind kind, std::string_view text) {
  switch (kind) {
    case cidl::TypeKind::kInteger:
      return append_integer(out, text);
    case cidl::TypeKind::kReal:
      if (!is_number(text) || !is_finite(text)) return mismatch("Real", text);
      out.append(text);
      return {};
    case cidl::TypeKind::kBoolean:
      if (text != "true" && text != "false") return mismatch("Boolean", text);
      out.append(text);
      return {};
    case cidl::TypeKind::kText:
      if (!text::is_valid_utf8(text)) {
        return mismatch("Text in UTF-8", text);
      }
      json::append_string(out, text);
      return {};
    case cidl::TypeKind::kDateIso:
      if (!text::is_date_iso(text)) {
        return Failure{make_error(
            ErrorCode::kDateInvalid,
            fmt::format(FMT_COMPILE("expected an ISO-8601 date, got {}"), quote_excerpt(text)))};
      }
      json::append_string(out, text);
      return {};
    default:
      return mismatch("a scalar", text);
  }
}

}  // namespace cloesce::validate::detail
