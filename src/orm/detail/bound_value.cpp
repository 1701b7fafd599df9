// One canonical form for each type.
#include "orm/detail/bound_value.h"

#include "base/ascii.h"
#include "json/number.h"
#include "json/writer.h"
#include "orm/detail/binary.h"
#include "text/date_iso.h"

namespace cloesce::orm::detail {
namespace {

bool is_canonical_integer(std::string_view text) {
  return json::integer_form(text) == json::IntegerForm::kSafe && text != "-0";
}

bool is_plain_real(std::string_view text) {
  if (text.empty() || text.size() > 32) return false;
  bool digit = false;
  for (const char character : text) {
    digit = digit || is_digit(character);
    if (!is_digit(character) &&
        std::string_view("+-.eE").find(character) == std::string_view::npos) {
      return false;
    }
  }
  return digit;
}

}  // namespace

bool append_bound_value(ByteBuffer& out, ColumnKind kind, std::string_view text) {
  char date[text::kDateBytes];
  switch (kind) {
    case ColumnKind::kInteger:
      if (!is_canonical_integer(text)) return false;
      break;
    case ColumnKind::kReal:
      if (!is_plain_real(text)) return false;
      break;
    case ColumnKind::kBoolean:
      if (text == "true") {
        text = "1";
      } else if (text == "false") {
        text = "0";
      } else if (text != "0" && text != "1") {
        return false;
      }
      break;
    case ColumnKind::kBlob:
      out.push('"');
      if (!append_hex_of_base64(out, text)) return false;
      out.push('"');
      return true;
    case ColumnKind::kDate:
      if (!text::write_date(text, text::DateSource::kCaller, date)) return false;
      text = {date, text::kDateBytes};
      break;
    case ColumnKind::kText:
      break;
  }
  json::append_string(out, text);
  return true;
}

std::string_view expected_value(ColumnKind kind) {
  constexpr std::string_view kExpected[] = {"an Integer",    "a number",         "a text",
                                            "true or false", "an ISO-8601 date", "base64"};
  return kExpected[static_cast<std::size_t>(kind)];
}

}  // namespace cloesce::orm::detail
