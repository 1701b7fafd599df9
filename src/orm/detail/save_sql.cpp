// All statements read their rows from json_each, so that their texts depend on neither values nor
// numbers of rows.
#include "orm/detail/save_sql.h"

#include "orm/detail/column_sql.h"
#include "sql/statement.h"

namespace cloesce::orm::detail {
namespace {

constexpr std::string_view kRows = "r";
constexpr std::string_view kSource = "s";

void append_insert(sql::Statement& out, std::string_view table, SaveValues values) {
  out.text("insert into ").identifier(table).text(" (");
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (index > 0) out.text(",");
    out.identifier(values[index].column);
  }
  out.text(") select ");
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (index > 0) out.text(",");
    append_row_value(out, values, index);
  }
  out.text(" from json_each(").parameter(1).text(") ").identifier(kRows);
}

// What a version is set to.
void append_raised(sql::Statement& out, std::string_view table, std::string_view version) {
  out.identifier(version).text(" = ").column(table, version).text("+1");
}

// The name of a value in the rows that an update reads.
void append_source_name(sql::Statement& out, std::size_t index) {
  out.text("v").number(static_cast<std::uint32_t>(index));
}

}  // namespace

std::uint32_t floor_parameter(SaveValues values, std::size_t index) {
  std::uint32_t number = 2;
  for (std::size_t before = 0; before < index; ++before) {
    const ModelSchema* const generator = values[before].generator;
    if (generator == nullptr) continue;
    if (generator == values[index].generator) return floor_parameter(values, before);
    bool first = true;
    for (std::size_t earlier = 0; earlier < before; ++earlier) {
      first = first && values[earlier].generator != generator;
    }
    if (first) ++number;
  }
  return number;
}

void append_row_value(sql::Statement& out, SaveValues values, std::size_t index,
                      std::uint32_t before) {
  const SaveValue& value = values[index];
  const auto position = static_cast<std::uint32_t>(index);
  if (value.generator != nullptr) {
    append_generated_base(out, *value.generator, floor_parameter(values, index) + before - 1);
    out.text("+(").column(kRows, "value").text("->>").number(position).text(")");
    return;
  }
  const bool blob = value.kind == ColumnKind::kBlob;
  if (blob) out.text("unhex(");
  out.column(kRows, "value").text("->>").number(position);
  if (blob) out.text(")");
}

String insert_sql(std::string_view table, SaveValues values) {
  sql::Statement out;
  append_insert(out, table, values);
  return out.render();
}

String write_sql(std::string_view table, SaveValues values) {
  sql::Statement out;
  append_insert(out, table, values);
  // Without a condition the parser would take the conflict clause for a join.
  out.text(" where true on conflict (");
  bool first = true;
  for (const SaveValue& value : values) {
    if (value.role != SaveRole::kKey) continue;
    if (!first) out.text(",");
    first = false;
    out.identifier(value.column);
  }
  first = true;
  std::string_view version;
  for (const SaveValue& value : values) {
    if (value.role == SaveRole::kVersion) version = value.column;
    if (value.role != SaveRole::kValue) continue;
    if (first) {
      out.text(") do update set ");
    } else {
      out.text(",");
    }
    first = false;
    out.identifier(value.column).text(" = excluded.").identifier(value.column);
  }
  if (first) {
    out.text(") do nothing");
  } else if (!version.empty()) {
    append_raised(out.text(","), table, version);
  }
  return out.render();
}

String change_sql(std::string_view table, SaveValues values) {
  sql::Statement out;
  out.text("update ").identifier(table).text(" set ");
  bool first = true;
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (values[index].role == SaveRole::kKey) continue;
    if (!first) out.text(",");
    first = false;
    if (values[index].role == SaveRole::kVersion) {
      append_raised(out, table, values[index].column);
      continue;
    }
    out.identifier(values[index].column).text(" = ").identifier(kSource).text(".");
    append_source_name(out, index);
  }
  out.text(" from (select ");
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (index > 0) out.text(",");
    append_row_value(out, values, index);
    out.text(" as ");
    append_source_name(out, index);
  }
  out.text(" from json_each(").parameter(1).text(") ").identifier(kRows);
  out.text(") ").identifier(kSource).text(" where ");
  first = true;
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (values[index].role != SaveRole::kKey) continue;
    if (!first) out.text(" and ");
    first = false;
    out.column(table, values[index].column).text(" = ").identifier(kSource).text(".");
    append_source_name(out, index);
  }
  return out.render();
}

String guard_sql(std::string_view table, SaveValues values) {
  sql::Statement out;
  append_insert(out, table, values);
  out.text(" where not exists (select 1 from ").identifier(table).text(" ").identifier(kSource);
  out.text(" where ");
  bool first = true;
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (values[index].role != SaveRole::kKey) continue;
    if (!first) out.text(" and ");
    first = false;
    out.column(kSource, values[index].column).text(" = ");
    append_row_value(out, values, index);
  }
  out.text(")");
  return out.render();
}

String link_sql(std::string_view table, SaveValues values) {
  sql::Statement out;
  append_insert(out, table, values);
  out.text(" where true on conflict do nothing");
  return out.render();
}

}  // namespace cloesce::orm::detail
