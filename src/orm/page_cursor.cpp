// Base64 with the alphabet of URLs around a JSON array: the number of the order, then its values.
#include "orm/page_cursor.h"

#include "base/concat.h"
#include "base/hash.h"
#include "json/number.h"
#include "json/writer.h"
#include "orm/detail/query_code.h"
#include "text/base64.h"

namespace cloesce::orm {
namespace {

using detail::After;
using detail::CodeReader;
using detail::OrderTerm;

Failure invalid() {
  return Failure{ErrorCode::kCursorInvalid, "expected the cursor of a page in this order", "after"};
}

// Which order a code has: rows after a value of one are not rows after that of another.
std::uint32_t order_number(const ModelSchema& model, std::string_view code) {
  CodeReader reader(code);
  std::uint64_t number = hash_text(model.name);
  for (std::size_t left = reader.byte(); left > 0; --left) {
    const OrderTerm term = reader.term();
    for (std::size_t step = 0; step < term.step_count; ++step) {
      number = hash_text({}, number ^ (term.steps[step] + 1U));
    }
    const char end[] = {static_cast<char>(term.column), term.direction};
    number = hash_text({end, sizeof end}, number);
  }
  return static_cast<std::uint32_t>(number);
}

// The column and whether it may be null in the row that a term looks at.
const ColumnSchema& column_of(const ModelSchema& model, const OrderTerm& term) {
  const ModelSchema* at = &model;
  for (std::size_t step = 0; step < term.step_count; ++step) {
    at = at->navigations[term.steps[step]].target.get();
  }
  return at->columns[term.column];
}

// As the database printed it (orm/detail/column_sql.h): a value that it can be compared with.
bool append_value(ByteBuffer& out, ColumnKind kind, const json::Value& value) {
  std::string_view text = value.token();
  const bool string = text.starts_with('"');
  if (string && value.get_string(text)) return false;
  switch (kind) {
    case ColumnKind::kInteger:
    case ColumnKind::kBoolean:
      if (json::integer_form(text) == json::IntegerForm::kMalformed) return false;
      break;
    case ColumnKind::kReal:
      if (text == "Inf") text = "9e999";
      if (text == "-Inf") text = "-9e999";
      if (json::number_form(text) == json::NumberForm::kMalformed) return false;
      break;
    case ColumnKind::kBlob:
      if (text.find_first_not_of("0123456789ABCDEF") != std::string_view::npos) return false;
      break;
    default:
      if (!string) return false;
  }
  json::append_string(out, text);
  return true;
}

}  // namespace

Result<std::string_view> write_cursor(const ModelSchema& model, std::string_view code,
                                      std::string_view values, Arena& arena) {
  ByteBuffer plain(arena, values.size() + 16);
  plain.push('[');
  plain.append(decimal(order_number(model, code)));
  plain.push(',');
  plain.append(values);
  plain.push(']');
  ByteBuffer out(arena);
  if (text::base64_encoded_size(plain.size()) <= kMaximumCursorBytes) {
    text::append_base64(out, plain.view());
  } else {
    return Failure{ErrorCode::kLimitExceeded,
                   "the values that this page ends with are too long for a cursor: order by "
                   "shorter ones",
                   "orderBy"};
  }
  std::size_t size = 0;
  for (char* at = out.data(); size < out.size() && *at != '='; ++at, ++size) {
    if (*at == '+') *at = '-';
    if (*at == '/') *at = '_';
  }
  return out.view().substr(0, size);
}

Result<std::size_t> read_cursor(const ModelSchema& model, std::string_view cursor, ByteBuffer& code,
                                ByteBuffer& parameters, json::Reader& reader) {
  if (cursor.size() > kMaximumCursorBytes) return invalid();
  Arena& arena = code.arena();
  ByteBuffer base64(arena, cursor.size() + 4);
  for (const char character : cursor) {
    if (character == '+' || character == '/') return invalid();
    base64.push(character == '-' ? '+' : character == '_' ? '/' : character);
  }
  while (base64.size() % 4 != 0) base64.push('=');
  auto decoded = text::base64_decode(arena, base64.view());
  if (!decoded.ok()) return invalid();
  auto document = reader.open(json::pad(arena, *decoded));
  json::Array values;
  json::Value value;
  if (!document.ok() || (*document)->get_array(values) || !values.next(value) ||
      value.token() != std::string_view(decimal(order_number(model, code.view())))) {
    return invalid();
  }
  CodeReader terms(code.view());
  std::size_t at = 1;
  std::size_t count = 0;
  for (std::size_t left = terms.byte(); left > 0; --left) {
    const OrderTerm term = terms.term();
    at += 4 + 2U * term.step_count;
    const ColumnSchema& column = column_of(model, term);
    if (!values.next(value)) return invalid();
    const bool null = value.is_null();
    code.data()[at - 1] = static_cast<char>(null ? After::kNull : After::kValue);
    if (null) {
      if (term.step_count == 0 && column.nullability == Nullability::kRequired) return invalid();
      continue;
    }
    if (count++ > 0) parameters.push(',');
    if (!append_value(parameters, column.kind, value)) return invalid();
  }
  if (values.next(value) || values.error() || !json::expect_end(**document).ok()) return invalid();
  return count;
}

}  // namespace cloesce::orm
