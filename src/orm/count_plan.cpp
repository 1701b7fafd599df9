// One statement with the joins and conditions of the query.
#include "orm/count_plan.h"

#include "orm/detail/query_sql.h"
#include "orm/detail/scope_sql.h"
#include "sql/statement.h"

namespace cloesce::orm {

String plan_count(const ModelSchema& model, std::string_view code, Counting counting,
                  const Narrowing& narrowing) {
  detail::Aliases aliases;
  const String alias = aliases.next('t');
  const detail::QuerySql query = detail::query_sql(model, code, alias, aliases, narrowing);
  const bool rows = counting == Counting::kRows;
  sql::Statement out;
  rows ? out.text("select json_array((select count(*)")
       : out.text("select json_array(json(iif(exists(select 1");
  out.text(" from ");
  detail::append_rows_of(out, narrowing, model, aliases);
  out.text(" ").identifier(alias).append(query.joins);
  if (!query.condition.empty()) out.text(" where ").append(query.condition);
  rows ? out.text(")) as \"j\"") : out.text("),'true','false'))) as \"j\"");
  return detail::render_narrowed(out, narrowing);
}

}  // namespace cloesce::orm
