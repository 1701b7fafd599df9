// Tokens are copied as they are wherever storage and JSON agree.
#include "orm/detail/column_value.h"

#include <algorithm>  // min

#include "base/ascii.h"
#include "base/concat.h"
#include "base/string.h"
#include "json/number.h"
#include "orm/detail/binary.h"
#include "text/date_iso.h"

namespace cloesce::orm::detail {
namespace {

constexpr std::size_t kSafeDigits = 15;  // every integer this short is within 2^53

bool is_number(std::string_view token) {
  return !token.empty() && (token.front() == '-' || is_digit(token.front()));
}

bool is_string(std::string_view token) { return token.size() >= 2 && token.front() == '"'; }

std::string_view content_of(std::string_view token) { return token.substr(1, token.size() - 2); }

ColumnFault append_integer(ByteBuffer& out, std::string_view token) {
  if (!is_number(token)) return ColumnFault::kType;
  if (token.size() > kSafeDigits && json::integer_form(token) != json::IntegerForm::kSafe) {
    return ColumnFault::kInteger;
  }
  out.append(token);
  return ColumnFault::kNone;
}

// Reals come as numbers, or as texts where a number of JSON would lose digits or does not exist.
ColumnFault append_real(ByteBuffer& out, std::string_view token) {
  if (is_string(token)) {
    token = content_of(token);
    if (token == "Inf" || token == "-Inf") {
      out.append("null");
      return ColumnFault::kNone;
    }
    if (json::number_form(token) != json::NumberForm::kFinite) return ColumnFault::kType;
  } else if (!is_number(token)) {
    return ColumnFault::kType;
  }
  // SQLite writes a digit behind the point also where there is nothing to say: 3.0, 1.0e+300.
  const std::size_t exponent = std::min(token.find('e'), token.size());
  const bool whole = token.substr(0, exponent).ends_with(".0");
  out.append(token.substr(0, exponent - (whole ? 2 : 0)));
  out.append(token.substr(exponent));
  return ColumnFault::kNone;
}

// Whoever wrote it: a stored date is answered in the one form.
ColumnFault append_date(ByteBuffer& out, std::string_view token) {
  char date[text::kDateBytes];
  const std::string_view written = is_string(token) ? content_of(token) : token;
  if (!text::write_date(written, text::DateSource::kStorage, date)) return ColumnFault::kDate;
  out.push('"');
  out.append({date, text::kDateBytes});
  out.push('"');
  return ColumnFault::kNone;
}

// D1 answers the bytes of a column as an array of numbers.
ColumnFault append_bytes(ByteBuffer& out, const json::Value& value) {
  json::Array elements;
  if (value.get_array(elements)) return ColumnFault::kType;
  ByteBuffer bytes(out.arena());
  for (json::Value element; elements.next(element);) {
    std::uint64_t byte = 0;
    if (element.get_uint64(byte) || byte > 0xFF) return ColumnFault::kType;
    bytes.push(static_cast<char>(byte));
  }
  if (elements.error()) return ColumnFault::kType;
  append_base64(out, bytes.view());
  return ColumnFault::kNone;
}

}  // namespace

ColumnFault append_column(ByteBuffer& out, ColumnKind kind, const json::Value& value,
                          std::string_view token, BlobForm blobs) {
  if (token.starts_with('n')) {
    out.append("null");
    return ColumnFault::kNone;
  }
  switch (kind) {
    case ColumnKind::kInteger:
      return append_integer(out, token);
    case ColumnKind::kReal:
      return append_real(out, token);
    case ColumnKind::kDate:
      return append_date(out, token);
    case ColumnKind::kText:
      if (!is_string(token)) return ColumnFault::kType;
      out.append(token);
      return ColumnFault::kNone;
    case ColumnKind::kBoolean:
      if (token == "0" || token == "false") {
        out.append("false");
      } else if (is_number(token) || token == "true") {
        out.append("true");
      } else {
        return ColumnFault::kType;
      }
      return ColumnFault::kNone;
    case ColumnKind::kBlob:
      if (blobs == BlobForm::kPlain) {
        if (!is_string(token)) return append_bytes(out, value);
        out.append(token);
        return ColumnFault::kNone;
      }
      if (!is_string(token) || !append_base64_of_hex(out, content_of(token))) {
        return ColumnFault::kType;
      }
      return ColumnFault::kNone;
  }
  return ColumnFault::kType;
}

Error column_error(ColumnFault fault, std::string_view model, std::string_view column,
                   std::string_view token, std::string_view key) {
  String path = filled("%.%", {model, column});
  if (fault == ColumnFault::kDate) {
    return make_error(ErrorCode::kStorageFailed,
                      filled("the stored value is no date%%",
                             {key.empty() ? "" : ", in the row ", key.substr(0, 100)}),
                      path);
  }
  if (fault == ColumnFault::kInteger) {
    return make_error(
        ErrorCode::kIntegerUnsafe,
        filled("% is beyond 2^53 and cannot be told exactly in JSON", {token.substr(0, 40)}), path);
  }
  return make_error(ErrorCode::kStorageFailed, "the stored value has another type than its column",
                    path);
}

}  // namespace cloesce::orm::detail
