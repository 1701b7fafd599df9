// JSON types by the kind of a column.
#include "orm/detail/query_value.h"

#include "base/concat.h"
#include "json/number.h"
#include "orm/detail/bound_value.h"

namespace cloesce::orm::detail {

Failure unexpected_value(std::string_view path, std::string_view expected,
                         const json::Value& value) {
  return Failure{ErrorCode::kQueryInvalid,
                 filled("expected %, got %", {expected, json::describe(value)}), path};
}

Result<void> append_query_value(ByteBuffer& out, ColumnKind kind, const json::Value& json,
                                std::string_view path) {
  const bool textual =
      kind == ColumnKind::kText || kind == ColumnKind::kDate || kind == ColumnKind::kBlob;
  const json::Type type = json.type();
  const json::Type expected = textual                        ? json::Type::kString
                              : kind == ColumnKind::kBoolean ? json::Type::kBoolean
                                                             : json::Type::kNumber;
  std::string_view text = json.token();
  const bool fits =
      type == expected && (!textual || !json.get_string(text)) &&
      (kind != ColumnKind::kReal || json::number_form(text) != json::NumberForm::kMalformed);
  if (!fits || !append_bound_value(out, kind, text)) {
    return unexpected_value(path, expected_value(kind), json);
  }
  if (!textual) json.pass();
  return {};
}

}  // namespace cloesce::orm::detail
