// A path that is no path makes json_extract fail, with that path in its message.
#include "orm/detail/scope_guard_sql.h"

#include "orm/detail/column_sql.h"
#include "orm/detail/scope_sql.h"

namespace cloesce::orm::detail {
namespace {

constexpr std::string_view kRow = "r";
constexpr std::string_view kGuarded = "s";

sql::Statement& append_place(sql::Statement& out, std::size_t index) {
  return out.column(kRow, "value").text("->>").number(static_cast<std::uint32_t>(index));
}

// `exists (select 1 from … where` the key is that of the row `)`.
template <class AppendKey>
void append_exists(sql::Statement& out, const ModelSchema& model, const Narrowing& narrowing,
                   Aliases& aliases, const AppendKey& append_key) {
  out.text("exists (select 1 from ");
  append_rows_of(out, narrowing, model, aliases);
  out.text(" ").identifier(kGuarded).text(" where ");
  for (std::size_t index = 0; index < model.primary_key.size(); ++index) {
    if (index > 0) out.text(" and ");
    out.column(kGuarded, model.key(index).name).text(" = ");
    append_key(index);
  }
  out.text(")");
}

}  // namespace

String present_guard_sql(const ModelSchema& model, const Narrowing& narrowing) {
  Aliases aliases;
  sql::Statement out;
  const auto append_key = [&](std::size_t index) {
    const bool blob = model.key(index).kind == ColumnKind::kBlob;
    if (blob) out.text("unhex(");
    append_place(out, index + 2);
    if (blob) out.text(")");
  };
  append_place(out.text("select json_extract('{}','CLO1219:'||("), 0);
  out.text(")) from json_each(").parameter(1).text(") ").identifier(kRow).text(" where (");
  append_place(out, 1).text(" or ");
  append_exists(out, model, {}, aliases, append_key);
  append_exists(out.text(") and not "), model, narrowing, aliases, append_key);
  return render_narrowed(out, narrowing);
}

String written_guard_sql(const ModelSchema& model, const Narrowing& narrowing, SaveValues values) {
  Aliases aliases;
  sql::Statement out;
  append_place(out.text("select json_extract('{}','CLO1218:'||("), values.size());
  out.text(")) from json_each(").parameter(1).text(") ").identifier(kRow).text(" where not ");
  append_exists(out, model, narrowing, aliases,
                [&](std::size_t index) { append_row_value(out, values, index, kScopesParameter); });
  return render_narrowed(out, narrowing);
}

}  // namespace cloesce::orm::detail
