// Where nothing else is asked of the SELECT, SQLite reads the table itself, by its indexes.
#include "orm/detail/scope_sql.h"

#include "orm/detail/query_code.h"
#include "orm/detail/query_sql.h"

namespace cloesce::orm::detail {
namespace {

// Goes over the models of scopes until `use` answers true.
template <class Use>
void for_each_scope(std::string_view scopes, const Use& use) {
  constexpr std::size_t kHead = 8;
  while (!scopes.empty()) {
    CodeReader head(scopes);
    const std::size_t model = head.number();
    const std::size_t first_value = head.number();
    const std::size_t values = head.number();
    const std::size_t length = head.number();
    if (use(model, values, ScopeEntry{true, first_value, scopes.substr(kHead, length)})) return;
    scopes.remove_prefix(kHead + length);
  }
}

}  // namespace

ScopeEntry find_scope(std::string_view scopes, const ModelSchema& model) {
  ScopeEntry found;
  if (!serves_scopes()) return found;
  for_each_scope(scopes, [&](std::size_t index, std::size_t, const ScopeEntry& entry) {
    if (index != model.index) return false;
    found = entry;
    return true;
  });
  return found;
}

std::size_t count_values(std::string_view scopes) {
  std::size_t count = 0;
  for_each_scope(scopes, [&](std::size_t, std::size_t values, const ScopeEntry&) {
    count += values;
    return false;
  });
  return count;
}

bool narrows(const Narrowing& narrowing, const ModelSchema& model) {
  return serves_scopes() && !find_scope(narrowing.scopes, model).condition.empty();
}

void append_rows_of(sql::Statement& out, const Narrowing& narrowing, const ModelSchema& model,
                    const sql::Statement& source, Aliases& aliases) {
  const ScopeEntry scope = find_scope(narrowing.scopes, model);
  if (!serves_scopes() || scope.condition.empty()) {
    out.append(source);
    return;
  }
  const String row = aliases.next('s');
  const QuerySql query =
      query_sql(model, scope.condition, row, aliases, {}, {narrowing.parameter, scope.first_value});
  out.text("(select ").identifier(row).text(".* from ").append(source).text(" ").identifier(row);
  out.append(query.joins);
  if (!query.condition.empty()) out.text(" where ").append(query.condition);
  out.text(")");
}

void append_rows_of(sql::Statement& out, const Narrowing& narrowing, const ModelSchema& model,
                    Aliases& aliases) {
  sql::Statement table;
  append_rows_of(out, narrowing, model, table.identifier(model.table), aliases);
}

void append_in_scope(sql::Statement& out, const Narrowing& narrowing, const ModelSchema& model,
                     Aliases& aliases) {
  const String row = aliases.next('s');
  out.text(" in (select ");
  append_list(out, row, names_of(model, model.primary_key));
  out.text(" from ");
  append_rows_of(out, narrowing, model, aliases);
  out.text(" ").identifier(row).text(")");
}

void append_unused(sql::Statement& out, const Narrowing& narrowing) {
  out.text("\"cloesce:scopes\" as (select ").parameter(narrowing.parameter).text(")");
}

String render_narrowed(const sql::Statement& statement, const Narrowing& narrowing) {
  if (statement.largest_parameter() >= narrowing.parameter) return statement.render();
  sql::Statement whole;
  append_unused(whole.text("with "), narrowing);
  return whole.text(" ").append(statement).render();
}

}  // namespace cloesce::orm::detail
