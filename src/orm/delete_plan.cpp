// `returning` tells whether there was a row.
#include "orm/delete_plan.h"

#include "orm/detail/column_sql.h"
#include "orm/detail/scope_sql.h"
#include "sql/statement.h"

namespace cloesce::orm {

String plan_delete(const ModelSchema& model, const Narrowing& narrowing) {
  sql::Statement statement;
  statement.text("delete from ").identifier(model.table).text(" where ");
  for (std::size_t index = 0; index < model.primary_key.size(); ++index) {
    if (index > 0) statement.text(" and ");
    statement.identifier(model.key(index).name).text(" = ");
    detail::append_bound_key(statement, model.key(index).kind,
                             static_cast<std::uint32_t>(index + 1));
  }
  if (detail::narrows(narrowing, model)) {
    detail::Aliases aliases;
    statement.text(" and ");
    detail::append_tuple(statement, model.table, detail::names_of(model, model.primary_key));
    detail::append_in_scope(statement, narrowing, model, aliases);
  }
  statement.text(" returning '1' as \"j\"");
  return detail::render_narrowed(statement, narrowing);
}

namespace {

Failure nonsense() {
  return Failure{ErrorCode::kOutcomeUnexpected,
                 "the answer to a deletion does not have the form that was asked for"};
}

}  // namespace

Result<Deletion> map_deletion(simdjson::padded_string_view answer, json::Reader& reader) {
  auto document = reader.open(answer);
  if (!document.ok()) return std::move(document).failure();
  json::Array lists;
  json::Array rows;
  json::Value list;
  json::Value row;
  if ((*document)->get_array(lists) || !lists.next(list) || list.get_array(rows)) return nonsense();
  if (!rows.next(row)) {
    if (rows.error()) return nonsense();
    return Deletion::kNoSuchRow;
  }
  if (row.token() != "1") return nonsense();
  return Deletion::kDeleted;
}

}  // namespace cloesce::orm
