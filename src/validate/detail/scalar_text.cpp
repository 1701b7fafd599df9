// Strict reading of scalars from URLs.
#include "validate/detail/scalar_text.h"

#include "base/concat.h"
#include "json/number.h"
#include "json/writer.h"
#include "text/date_iso.h"
#include "text/utf8.h"
#include "validate/detail/path.h"

namespace cloesce::validate::detail {
namespace {

Failure mismatch(std::string_view expected, std::string_view text) {
  return Failure{ErrorCode::kTypeMismatch,
                 filled("expected %, got %", {expected, quote_excerpt(text)})};
}

Result<void> append_integer(ByteBuffer& out, std::string_view text) {
  const json::IntegerForm form = json::integer_form(text);
  if (form == json::IntegerForm::kMalformed) return mismatch("Integer", text);
  if (form == json::IntegerForm::kUnsafe) {
    return Failure{ErrorCode::kIntegerOutOfRange,
                   filled("expected an Integer between -(2^53 - 1) and 2^53 - 1, got %",
                          {quote_excerpt(text)})};
  }
  out.append(text == "-0" ? "0" : text);
  return {};
}

}  // namespace

Result<void> append_scalar(ByteBuffer& out, cidl::TypeKind kind, std::string_view text) {
  switch (kind) {
    case cidl::TypeKind::kInteger:
      return append_integer(out, text);
    case cidl::TypeKind::kReal:
      if (json::number_form(text) != json::NumberForm::kFinite) return mismatch("Real", text);
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
    case cidl::TypeKind::kDateIso: {
      char date[text::kDateBytes];
      if (!text::write_date(text, text::DateSource::kCaller, date)) {
        return Failure{ErrorCode::kDateInvalid,
                       filled("expected an ISO-8601 date, got %", {quote_excerpt(text)})};
      }
      json::append_string(out, {date, text::kDateBytes});
      return {};
    }
    default:
      return mismatch("a scalar", text);
  }
}

}  // namespace cloesce::validate::detail
