// One statement whatever the number of rows, and one that counts them.
#include "orm/bulk_plan.h"

#include <span>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "orm/detail/column_sql.h"
#include "orm/detail/query_sql.h"
#include "orm/detail/query_value.h"
#include "orm/detail/scope_sql.h"
#include "sql/statement.h"

namespace cloesce::orm {
namespace {

struct Rows {
  const ModelSchema& model;
  const Narrowing narrowing;
  detail::Aliases aliases;
  String alias = aliases.next('t');
  String chosen = aliases.next('t');
  detail::QuerySql query;

  Rows(const ModelSchema& of, const Query& asked, const Scopes& scopes)
      : model(of),
        narrowing(orm::narrowing(scopes, asked.count)),
        query(detail::query_sql(of, asked.code, chosen, aliases, narrowing)) {
    // The conditions are on the rows themselves then.
    if (!chosen_first()) alias = chosen;
  }

  // Whether rows are to be chosen before the first of them is touched: neither an UPDATE nor a
  // DELETE can join, and SQLite 3.40 deletes rows while a SELECT of the condition is still to be
  // read.
  [[nodiscard]] bool chosen_first() const {
    return query.joined > 0 || query.nested || detail::narrows(narrowing, model);
  }

  // ` where …` for the rows of the table as `alias`. Those that are chosen first are named by their
  // key.
  void append(sql::Statement& out) {
    if (!chosen_first()) {
      if (!query.condition.empty()) out.text(" where ").append(query.condition);
      return;
    }
    const detail::Names key = detail::names_of(model, model.primary_key);
    detail::append_tuple(out.text(" where "), alias, key);
    detail::append_list(out.text(" in (select "), chosen, key);
    detail::append_rows_of(out.text(" from "), narrowing, model, aliases);
    out.text(" ").identifier(chosen).append(query.joins);
    if (!query.condition.empty()) out.text(" where ").append(query.condition);
    out.text(")");
  }
};

Batch counted(const sql::Statement& statement, const Narrowing& narrowing,
              std::string_view parameters, Arena& arena) {
  const std::span<Statement> batch = arena.make_span<Statement>(2);
  batch[0] = {arena.copy(detail::render_narrowed(statement, narrowing)), parameters};
  batch[1] = {"select json_array(changes()) as \"j\"", "[]"};
  return batch;
}

// The columns that decide which rows are in the scope of their model.
ColumnSet deciding(const Rows& rows) {
  if (!serves_scopes()) return {};
  const detail::ScopeEntry scope = detail::find_scope(rows.narrowing.scopes, rows.model);
  if (scope.condition.empty()) return {};
  detail::Aliases aliases;
  return detail::query_sql(rows.model, scope.condition, "s", aliases, {}).own;
}

Failure invalid_value(std::string_view path, std::string_view detail) {
  return Failure{ErrorCode::kQueryInvalid, detail, path};
}

}  // namespace

Batch plan_delete_many(const ModelSchema& model, const Query& query, const Scopes& scopes,
                       Arena& arena) {
  Rows rows(model, query, scopes);
  sql::Statement out;
  out.text("delete from ").identifier(model.table).text(" as ").identifier(rows.alias);
  rows.append(out);
  return counted(out, rows.narrowing, scoped_parameters(query.parameters, scopes, arena), arena);
}

Result<Batch> plan_update_many(const ModelSchema& model, const Query& query,
                               const json::Value& values, const Scopes& scopes, Arena& arena) {
  Rows rows(model, query, scopes);
  const ColumnSet scoped = deciding(rows);
  sql::Statement out;
  out.text("update ").identifier(model.table).text(" as ").identifier(rows.alias);
  const std::string_view asked = scoped_parameters(query.parameters, scopes, arena);
  ByteBuffer parameters(arena, asked.size() + 128);
  parameters.append(asked.substr(0, asked.size() - 1));
  std::size_t count = query.count + (scopes.empty() ? 0 : 1);
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
    if (scoped.test(member.index)) {
      return invalid_value(path, "it decides which rows are in the scope: save them one by one");
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
  rows.append(out);
  return counted(out, rows.narrowing, parameters.view(), arena);
}

}  // namespace cloesce::orm
