// Pairs of properties as junction tables.
#include "compile/sema/junctions.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "cidl/find.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/relations.h"

namespace cloesce::sema {
namespace {

struct Side {
  const ModelDraft* draft;
  const ModelDraft* target;
  const pre::PropertyNode* property;
  const pre::DecoratorNode* decorator;
};

using SidesByName = std::map<std::string_view, std::vector<Side>>;

std::string text(const Side& side) {
  return member_text(side.draft->model.name, side.property->name);
}

Span name_span(const Side& side) { return side.decorator->arguments.front().span; }

SidesByName collect_sides(const Context& context, std::vector<ModelDraft>& drafts) {
  SidesByName sides;
  for (const ModelDraft& draft : drafts) {
    for (const pre::PropertyNode* property : draft.relation_nodes) {
      const Relation relation = relation_of(*property);
      if (relation.mark != Mark::kManyToMany) continue;
      const ModelDraft* target =
          relation_target(context, drafts, draft, *property, *relation.decorator);
      if (target == nullptr) continue;
      const std::vector<std::string_view> names = named_members(*relation.decorator);
      if (names.size() != 1 ||
          relation.decorator->arguments.front().form != pre::ValueForm::kString) {
        context.reporter.report(
            Code::kDecoratorArgument, relation.decorator->span,
            fmt::format(FMT_COMPILE("@{} of `{}` does not name its junction table"),
                        relation.decorator->name, member_text(draft.model.name, property->name)),
            fmt::format(FMT_COMPILE("write `@{}(\"{}{}\")`, the same on both sides"),
                        relation.decorator->name, std::min(draft.model.name, target->model.name),
                        std::max(draft.model.name, target->model.name)));
        continue;
      }
      sides[names.front()].push_back({&draft, target, property, relation.decorator});
    }
  }
  return sides;
}

cidl::JunctionSide junction_side(const ModelDraft& draft, std::string_view prefix) {
  cidl::JunctionSide side;
  side.model = draft.model.name;
  for (const cidl::Column* key : cidl::primary_key(draft.model)) {
    side.columns.push_back(fmt::format(FMT_COMPILE("{}_{}"), prefix, key->name));
  }
  return side;
}

class Planner {
 public:
  Planner(const Context& context, std::vector<ModelDraft>& drafts)
      : context_(context), drafts_(drafts), sides_(collect_sides(context, drafts)) {}

  JunctionPlan run() {
    for (const auto& [name, sides] : sides_) {
      if (is_paired(name, sides) && is_free(name, sides.front())) add(name, sides);
    }
    return std::move(plan_);
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint,
              std::vector<DiagnosticNote> notes = {}) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint), std::move(notes));
  }

  bool is_paired(std::string_view name, const std::vector<Side>& sides) const {
    const Side& first = sides.front();
    const bool reflexive = first.draft == first.target;
    const std::size_t wanted = reflexive ? 1 : 2;
    if (sides.size() > wanted) {
      for (std::size_t index = wanted; index < sides.size(); ++index) {
        report(Code::kManyToManyRepeated, name_span(sides[index]),
               fmt::format(FMT_COMPILE("`{}` uses the junction `{}`, which is complete"),
                           text(sides[index]), name),
               reflexive ? "a model that relates to itself has one property for it; give this one "
                           "another junction"
                         : "give this relation another junction",
               {{"it is used here first", name_span(first)}});
      }
      return false;
    }
    if (reflexive) return true;
    if (sides.size() == 1) {
      report(Code::kManyToManyUnpaired, name_span(first),
             fmt::format(FMT_COMPILE("`{}` has no other side: no property of `{}` names the "
                                     "junction `{}`"),
                         text(first), first.target->model.name, name),
             other_side_hint(name, first));
      return false;
    }
    const Side& second = sides.back();
    if (second.draft == first.target && second.target == first.draft) return true;
    report(Code::kManyToManyUnpaired, name_span(second),
           fmt::format(FMT_COMPILE("`{}` and `{}` name the same junction `{}`, but do not lead to "
                                   "each other"),
                       text(first), text(second), name),
           "give each relation its own junction", {{"the other one is here", name_span(first)}});
    return false;
  }

  // A lone side that leads back may only be misspelled.
  [[nodiscard]] std::string other_side_hint(std::string_view name, const Side& side) const {
    std::vector<std::string_view> candidates;
    for (const auto& [other_name, others] : sides_) {
      if (others.size() == 1 && others.front().draft == side.target &&
          others.front().target == side.draft) {
        candidates.push_back(other_name);
      }
    }
    if (!candidates.empty()) {
      return fmt::format(FMT_COMPILE("both sides name the same junction: `{}` or `{}`?"), name,
                         candidates.front());
    }
    return fmt::format(FMT_COMPILE("add `@ManyToMany(\"{}\")` with the type `{}[]` to `{}`"), name,
                       side.draft->model.name, side.target->model.name);
  }

  bool is_free(std::string_view name, const Side& side) const {
    if (!check_table_name(context_.reporter, name, name_span(side))) return false;
    const auto taken = [&](Span other) {
      report(Code::kTableRepeated, name_span(side),
             fmt::format(FMT_COMPILE("the junction `{}` of `{}` has the name of another table"),
                         name, text(side)),
             "rename one: SQLite does not tell upper case from lower case in names",
             {{"the other one is here", other}});
      return false;
    };
    for (const ModelDraft& draft : drafts_) {
      if (draft.model.binding == side.draft->model.binding &&
          same_but_for_case(draft.model.table, name)) {
        return taken(draft.node().span);
      }
    }
    for (const auto& [other_name, others] : sides_) {
      if (other_name < name && same_but_for_case(other_name, name)) {
        return taken(name_span(others.front()));
      }
    }
    return true;
  }

  // Left is the model whose name comes first, so that moving files changes no table.
  void add(std::string_view name, const std::vector<Side>& sides) {
    cidl::Junction junction;
    junction.name = name;
    junction.binding = sides.front().draft->model.binding;
    const ModelDraft* left = sides.front().draft;
    const ModelDraft* right = sides.front().target;
    if (left == right) {
      junction.left = junction_side(*left, "left");
      junction.right = junction_side(*right, "right");
    } else {
      if (right->model.name < left->model.name) std::swap(left, right);
      junction.left = junction_side(*left, left->model.name);
      junction.right = junction_side(*right, right->model.name);
    }
    plan_.junctions.push_back(std::move(junction));
    for (const Side& side : sides) plan_.junction_of.emplace(side.property, std::string(name));
  }

  const Context& context_;
  const std::vector<ModelDraft>& drafts_;
  SidesByName sides_;
  JunctionPlan plan_;
};

}  // namespace

JunctionPlan plan_junctions(const Context& context, std::vector<ModelDraft>& drafts) {
  return Planner(context, drafts).run();
}

}  // namespace cloesce::sema
