// Foreign keys as dependencies between tables.
#include "compile/sema/tables.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <string>
#include <unordered_map>
#include <utility>

#include "cidl/store_rules.h"
#include "compile/sema/foreign_keys.h"
#include "compile/sema/names.h"
#include "compile/sema/order.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

void check_names(const Context& context, const std::vector<ModelDraft>& drafts) {
  std::unordered_map<std::string, const ModelDraft*> tables;
  for (const ModelDraft& draft : drafts) {
    if (!cidl::has_rows(draft.model)) continue;
    const auto [place, is_new] =
        tables.emplace(draft.model.binding + '/' + lower(draft.model.table), &draft);
    if (is_new) continue;
    context.reporter.report(Code::kTableRepeated, draft.node().span,
                            fmt::format(FMT_COMPILE("the tables `{}` and `{}` differ only in case"),
                                        draft.model.table, place->second->model.table),
                            "rename one: SQLite takes them for the same table",
                            {{"the other one is here", place->second->node().span}});
  }
}

// The note for the foreign key that leads from `draft` to `target`.
DiagnosticNote step_note(const ModelDraft& draft, const std::string& target) {
  for (const ForeignKey& key : draft.foreign_keys) {
    if (key.target != target || is_optional(draft, key)) continue;
    const std::size_t column = key.columns.front();
    return {fmt::format(FMT_COMPILE("`{}` references `{}`"),
                        member_text(draft.model.name, draft.model.columns[column].name), target),
            draft.column_nodes[column]->span};
  }
  return {fmt::format(FMT_COMPILE("`{}` references `{}`"), draft.model.name, target),
          draft.node().span};
}

}  // namespace

std::vector<std::size_t> order_tables(const Context& context,
                                      const std::vector<ModelDraft>& drafts) {
  check_names(context, drafts);
  std::vector<std::string> names;
  std::unordered_map<std::string_view, std::size_t> indices;
  for (std::size_t index = 0; index < drafts.size(); ++index) {
    names.push_back(drafts[index].model.name);
    indices.emplace(drafts[index].model.name, index);
  }
  std::vector<Dependency> dependencies;
  for (std::size_t index = 0; index < drafts.size(); ++index) {
    for (const ForeignKey& key : drafts[index].foreign_keys) {
      const auto target = indices.find(key.target);
      if (target == indices.end()) continue;
      dependencies.push_back(
          {index, target->second,
           is_optional(drafts[index], key) ? Strength::kOptional : Strength::kRequired});
    }
  }
  for (const auto& cycle : find_cycles(names, dependencies)) {
    std::vector<DiagnosticNote> notes;
    for (std::size_t place = 0; place < cycle.size(); ++place) {
      notes.push_back(step_note(drafts[cycle[place]], names[cycle[(place + 1) % cycle.size()]]));
    }
    const Span span = notes.front().span.value_or(drafts[cycle.front()].node().span);
    context.reporter.report(
        Code::kForeignKeyCycle, span,
        fmt::format(FMT_COMPILE("these foreign keys need each other, so no first row can be "
                                "written: {}"),
                    cycle_text(names, cycle)),
        "let one of them be null: `Integer | null`", std::move(notes));
  }
  return order_by_dependency(names, dependencies);
}

}  // namespace cloesce::sema
