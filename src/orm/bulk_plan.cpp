// One statement whatever the number of rows, and one that counts them.
#include "orm/bulk_plan.h"

#include <span>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "orm/detail/column_sql.h"
#include "orm/detail/query_sql.h"
#include "orm/detail/query_value.h"
#include "sql/statement.h"

namespace cloesce::orm {
namespace {

// Whether rows are to be chosen before the first of them is touched: neither an UPDATE nor a DELETE
// can join, and SQLite 3.40 deletes rows while a SELECT of the condition is still to be read.
bool chosen_first(const detail::QuerySql& query) { return query.joined > 0 || query.nested; }

// ` where …` for the rows of the table as `alias`. Those that are chosen first are named by their
// key.
void append_rows(sql::Statement& out, const ModelSchema& model, const detail::QuerySql& query,
                 std::string_view alias, std::string_view chosen) {
  if (query.condition.empty()) return;
  out.text(" where ");
  if (!chosen_first(query)) {
    out.append(query.condition);
    return;
  }
  detail::append_tuple(out, alias, detail::names_of(model, model.primary_key));
  out.text(" in (select ");
  detail::append_list(out, chosen, detail::names_of(model, model.primary_key));
  out.text(" from ").identifier(model.table).text(" ").identifier(chosen).append(query.joins);
  out.text(" where ").append(query.condition).text(")");
}

struct Rows {
  detail::Aliases aliases;
  String alias = aliases.next('t');
  String chosen = aliases.next('t');
  detail::QuerySql query;

  Rows(const ModelSchema& model, std::string_view code)
      : query(detail::query_sql(model, code, chosen, aliases)) {
    // The conditions are on the rows themselves then.
    if (!chosen_first(query)) alias = chosen;
  }
};

Batch counted(const sql::Statement& statement, std::string_view parameters, Arena& arena) {
  const std::span<Statement> batch = arena.make_span<Statement>(2);
  batch[0] = {arena.copy(statement.render()), parameters};
  batch[1] = {"select json_array(changes()) as \"j\"", "[]"};
  return batch;
}

Failure invalid_value(std::string_view path, std::string_view detail) {
  return Failure{ErrorCode::kQueryInvalid, detail, path};
}

}  // namespace

Batch plan_delete_many(const ModelSchema& model, const Query& query, Arena& arena) {
  const Rows rows(model, query.code);
  sql::Statement out;
  out.text("delete from ").identifier(model.table).text(" as ").identifier(rows.alias);
  append_rows(out, model, rows.query, rows.alias, rows.chosen);
  return counted(out, query.parameters, arena);
}

Result<Batch> plan_update_many(const ModelSchema& model, const Query& query,
                               const json::Value& values, Arena& arena) {
  const Rows rows(model, query.code);
  sql::Statement out;
  out.text("update ").identifier(model.table).text(" as ").identifier(rows.alias);
  ByteBuffer parameters(arena, query.parameters.size() + 128);
  parameters.append(query.parameters.substr(0, query.parameters.size() - 1));
  std::size_t count = rows.query.parameters;
  ColumnSet known;
  json::Object members;
  if (values.get_object(members)) {
    return detail::unexpected_value("values", "an object of columns", values);
  }
  for (json::Field field; members.next(field);) {
    std::string_view name;
    if (field.unescaped_key(name)) return invalid_value("values", "expected a name");
    const std::string_view path = arena.copy(filled("values.%", {name}));
    const MemberReference member = model.member(name);
    if (member.kind != MemberReference::Kind::kColumn) {
      return invalid_value(path, filled("% has no column of that name", {model.name}));
    }
    if (model.key_columns.test(member.index)) {
      return invalid_value(path, "the key of a row stays what it is");
    }
    if (member.index == model.version) {
      return invalid_value(path, "the version of a row is raised by itself");
    }
    if (known.test(member.index)) return invalid_value(path, "it is there twice");
    known.none() ? out.text(" set ") : out.text(",");
    known.set(member.index);
    const ColumnSchema& column = model.columns[member.index];
    const json::Value value = field.value();
    if (++count > kMaximumParameters) {
      return Failure{ErrorCode::kLimitExceeded,
                     filled("conditions and values are at most %", {decimal(kMaximumParameters)}),
                     "values"};
    }
    if (count > 1) parameters.push(',');
    if (column.nullability == Nullability::kNullable && value.is_null()) {
      value.pass();
      parameters.append("null");
    } else {
      CLOESCE_TRY(detail::append_query_value(parameters, column.kind, value, path));
    }
    out.identifier(column.name).text(" = ");
    detail::append_bound_key(out, column.kind, static_cast<std::uint32_t>(count));
  }
  if (members.error()) return json::malformed(members.error(), "values");
  if (known.none()) return invalid_value("values", "there is nothing to change");
  if (model.version != ModelSchema::kNone) {
    // Whoever saves the row next has read another one.
    const std::string_view version = model.columns[model.version].name;
    out.text(",").identifier(version).text(" = ").column(rows.alias, version).text("+1");
  }
  parameters.push(']');
  append_rows(out, model, rows.query, rows.alias, rows.chosen);
  return counted(out, parameters.view(), arena);
}

}  // namespace cloesce::orm
