// Looks at the rows that a plan was made of.
#include "orm/nested_rows.h"

#include <utility>

#include "base/byte_buffer.h"
#include "json/writer.h"
#include "orm/detail/save_graph.h"

namespace cloesce::orm {
namespace {

using detail::SaveRow;

bool is_written(const SaveRow& row) {
  return row.relation != nullptr && row.relation->right == cidl::WriteRight::kFree &&
         (row.deep || row.action != detail::SaveAction::kNothing);
}

}  // namespace

NestedRow next_nested(const UpsertPlan& plan, NestedRow after) {
  const SaveRow* row = after.row == nullptr ? plan.rows : after.row->next;
  while (row != nullptr && !is_written(*row)) row = row->next;
  return {row == nullptr ? nullptr : row->model, row};
}

String nested_json(NestedRow nested) {
  const SaveRow& row = *nested.row;
  Arena arena;
  ByteBuffer json(arena, row.json.size() + 64);
  json.append(row.json.substr(0, row.json.size() - 1));
  // What stands last counts where a member is there twice.
  bool first = row.json.find('"') == std::string_view::npos;
  for (std::size_t position = 0; position < row.cells.size(); ++position) {
    const detail::SaveCell& cell = row.cells[position];
    if (!row.given.test(position)) continue;
    if (cell.source == nullptr && !row.model->key_columns.test(position)) continue;
    const std::string_view token = detail::resolve(cell).token;
    if (token.empty()) continue;
    if (!std::exchange(first, false)) json.push(',');
    json::append_string(json, row.model->columns[position].name);
    json.push(':');
    json.append(token);
  }
  json.push('}');
  return json.view();
}

}  // namespace cloesce::orm
