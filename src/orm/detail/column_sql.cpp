// SQL of single columns.
#include "orm/detail/column_sql.h"

#include "base/assert.h"

namespace cloesce::orm::detail {

void append_json_value(sql::Statement& out, std::string_view alias, const ColumnSchema& column,
                       std::string_view column_name) {
  switch (column.kind) {
    case ColumnKind::kReal:
      // JSON functions print reals with 15 digits only. Where those do not read back as the same
      // number, 17 do; they and the infinite ones travel as a text.
      out.text("iif(typeof(").column(alias, column_name).text(")='real' and cast(printf('%!.15g',");
      out.column(alias, column_name).text(") as real)<>").column(alias, column_name);
      out.text(",printf('%!.17g',").column(alias, column_name).text("),");
      out.column(alias, column_name).text(")");
      return;
    case ColumnKind::kBlob:
      // hex() of NULL is an empty text.
      out.text("iif(").column(alias, column_name).text(" is null,null,hex(");
      out.column(alias, column_name).text("))");
      return;
    default:
      out.column(alias, column_name);
  }
}

void append_bound_key(sql::Statement& out, ColumnKind kind, std::uint32_t parameter) {
  // Other texts take the affinity of the column they meet. The sign changes no value: without it
  // SQLite may plan for the value of the parameter, and then again for each value.
  if (kind == ColumnKind::kBlob) {
    out.text("unhex(").parameter(parameter).text(")");
  } else {
    out.text("+").parameter(parameter);
  }
}

void append_generated_base(sql::Statement& out, const ModelSchema& model, std::uint32_t floor) {
  CLOESCE_ASSERT(model.generated_key != ModelSchema::kNone);
  out.text("(select max(coalesce(max(").identifier(model.columns[model.generated_key].name);
  out.text("),0),cast(").parameter(floor).text(" as integer)) from ").identifier(model.table);
  out.text(")");
}

void append_equal(sql::Statement& out, std::string_view left_alias, std::string_view left_name,
                  std::string_view right_alias, std::string_view right_name) {
  out.column(left_alias, left_name).text(" = ").column(right_alias, right_name);
}

}  // namespace cloesce::orm::detail
