// @OneToOne and @OneToMany over foreign keys of either side; many-to-many as junctions.cpp found
// it.
#include "compile/sema/navigations.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "cidl/find.h"
#include "compile/sema/junctions.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/relations.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

class NavigationResolver {
 public:
  NavigationResolver(const Context& context, std::vector<ModelDraft>& drafts, ModelDraft& draft,
                     const JunctionPlan& junctions)
      : context_(context), drafts_(drafts), draft_(draft), junctions_(junctions) {}

  void run() {
    for (const pre::PropertyNode* property : draft_.relation_nodes) {
      std::optional<cidl::Navigation> navigation = resolve(*property);
      if (navigation) {
        draft_.model.navigations.push_back(std::move(*navigation));
      } else {
        draft_.broken.push_back(property->name);
      }
    }
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint,
              std::vector<DiagnosticNote> notes = {}) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint), std::move(notes));
  }

  [[nodiscard]] std::string text(const pre::PropertyNode& property) const {
    return member_text(draft_.model.name, property.name);
  }

  std::optional<cidl::Navigation> resolve(const pre::PropertyNode& property) {
    const Relation relation = relation_of(property);
    if (relation.mark == Mark::kManyToMany) {
      const auto found = junctions_.junction_of.find(&property);
      if (found == junctions_.junction_of.end()) return std::nullopt;
      cidl::Navigation navigation;
      navigation.name = property.name;
      navigation.kind = cidl::NavigationKind::kManyToMany;
      navigation.model = context_.types.class_of(*property.type).name;
      navigation.junction = found->second;
      return navigation;
    }
    ModelDraft* const target =
        relation_target(context_, drafts_, draft_, property, *relation.decorator);
    if (target == nullptr) return std::nullopt;
    const std::vector<std::string_view> names = named_members(*relation.decorator);
    if (names.empty()) {
      report_unnamed(property, *relation.decorator, *target);
      return std::nullopt;
    }
    if (relation.mark == Mark::kOneToOne) {
      if (const ForeignKey* key = find_key(draft_, *target, names)) {
        return navigation_over(property, *relation.decorator, draft_, *target, *key);
      }
    }
    if (const ForeignKey* key = find_key(*target, draft_, names)) {
      if (relation.mark == Mark::kOneToOne) check_unique(property, *target, *key);
      return navigation_over(property, *relation.decorator, *target, draft_, *key);
    }
    report_no_key(property, *relation.decorator, *target, names.front(), relation.mark);
    return std::nullopt;
  }

  // The foreign key from `owner` to `referenced` that has all these columns.
  static const ForeignKey* find_key(const ModelDraft& owner, const ModelDraft& referenced,
                                    const std::vector<std::string_view>& names) {
    for (const ForeignKey& key : owner.foreign_keys) {
      if (key.target != referenced.model.name) continue;
      const auto is_in_key = [&](std::string_view name) {
        return std::any_of(key.columns.begin(), key.columns.end(), [&](std::size_t column) {
          return owner.model.columns[column].name == name;
        });
      };
      if (std::all_of(names.begin(), names.end(), is_in_key)) return &key;
    }
    return nullptr;
  }

  // Columns in the order of the primary key that they reference.
  std::optional<cidl::Navigation> navigation_over(const pre::PropertyNode& property,
                                                  const pre::DecoratorNode& decorator,
                                                  const ModelDraft& owner,
                                                  const ModelDraft& referenced,
                                                  const ForeignKey& key) const {
    cidl::Navigation navigation;
    navigation.name = property.name;
    const bool many = relation_of(property).mark == Mark::kOneToMany;
    navigation.kind = many ? cidl::NavigationKind::kOneToMany : cidl::NavigationKind::kOneToOne;
    navigation.key_owner =
        &owner == &draft_ && !many ? cidl::KeyOwner::kSelf : cidl::KeyOwner::kTarget;
    navigation.model = context_.types.class_of(*property.type).name;
    for (const cidl::Column* part : cidl::primary_key(referenced.model)) {
      for (std::size_t index = 0; index < key.columns.size(); ++index) {
        if (key.parts[index] != part->name) continue;
        navigation.columns.push_back(owner.model.columns[key.columns[index]].name);
      }
    }
    const std::size_t keys = cidl::primary_key(referenced.model).size();
    if (navigation.columns.size() == keys && keys > 0) return navigation;
    const cidl::Column& first = owner.model.columns[key.columns.front()];
    if (!owner.is_broken(first.name)) {
      report(Code::kNavigationColumn, decorator.span,
             fmt::format(FMT_COMPILE("`{}` is over `{}`, which does not reference the primary key "
                                     "of `{}`"),
                         text(property), member_text(owner.model.name, first.name),
                         referenced.model.name),
             fmt::format(FMT_COMPILE("a relation follows the primary key: reference it with "
                                     "`@ForeignKey({})`"),
                         referenced.model.name));
    }
    return std::nullopt;
  }

  void check_unique(const pre::PropertyNode& property, const ModelDraft& owner,
                    const ForeignKey& key) const {
    const cidl::Column& column = owner.model.columns[key.columns.front()];
    const bool unique = key.columns.size() == 1 && column.uniqueness == cidl::Uniqueness::kUnique;
    std::vector<std::string_view> own;
    for (const std::size_t index : key.columns) own.push_back(owner.model.columns[index].name);
    const auto primary = cidl::primary_key(owner.model);
    const bool whole = std::all_of(primary.begin(), primary.end(), [&own](const auto* part) {
      return std::find(own.begin(), own.end(), part->name) != own.end();
    });
    const auto is_own = [&own](const std::string& name) {
      return std::find(own.begin(), own.end(), name) != own.end();
    };
    const auto& indexes = owner.model.indexes;
    const bool together = std::any_of(indexes.begin(), indexes.end(), [&](const cidl::Index& one) {
      return one.uniqueness == cidl::Uniqueness::kUnique &&
             std::all_of(one.columns.begin(), one.columns.end(), is_own);
    });
    if (unique || whole || together) return;
    report(Code::kNavigationNotUnique, property.span,
           fmt::format(FMT_COMPILE("`{}` leads to one `{}`, but several can have the same `{}`"),
                       text(property), owner.model.name, column.name),
           fmt::format(FMT_COMPILE("put @Unique in front of `{}`, or make this a @OneToMany"),
                       member_text(owner.model.name, column.name)));
  }

  void report_unnamed(const pre::PropertyNode& property, const pre::DecoratorNode& decorator,
                      const ModelDraft& target) const {
    const ModelDraft& owner = mark_of(decorator.name) == Mark::kOneToOne ? draft_ : target;
    const ModelDraft& referenced = &owner == &draft_ ? target : draft_;
    std::string_view example = "foreignKey";
    for (const ForeignKey& key : owner.foreign_keys) {
      if (key.target != referenced.model.name) continue;
      example = owner.model.columns[key.columns.front()].name;
      break;
    }
    report(Code::kDecoratorArgument, decorator.span,
           fmt::format(FMT_COMPILE("@{} of `{}` does not name a foreign key"), decorator.name,
                       text(property)),
           fmt::format(FMT_COMPILE("write `@{}(\"{}\")`"), decorator.name, example));
  }

  void report_no_key(const pre::PropertyNode& property, const pre::DecoratorNode& decorator,
                     const ModelDraft& target, std::string_view name, Mark mark) const {
    const bool own_side = mark == Mark::kOneToOne;
    const ModelDraft& owner = own_side ? draft_ : target;
    const ModelDraft& referenced = own_side ? target : draft_;
    if (owner.is_broken(name) || target.is_broken(name)) return;
    const Span span = decorator.arguments.front().span;
    if (const auto index = owner.column_index(name)) {
      const cidl::Column& column = owner.model.columns[*index];
      const std::string place = member_text(owner.model.name, column.name);
      report(Code::kNavigationColumn, span,
             column.references
                 ? fmt::format(FMT_COMPILE("`{}` leads to `{}`, but `{}` references `{}`"),
                               text(property), target.model.name, place, column.references->model)
                 : fmt::format(FMT_COMPILE("`{}` is over `{}`, which is no foreign key"),
                               text(property), place),
             fmt::format(FMT_COMPILE("put `@ForeignKey({})` in front of `{}`"),
                         referenced.model.name, place),
             {{"the column is here", owner.column_nodes[*index]->span}});
      return;
    }
    // A key that is itself wrong is still what is meant.
    std::vector<std::string_view> candidates;
    for (std::size_t index = 0; index < owner.column_nodes.size(); ++index) {
      if (!has_mark(owner.column_nodes[index]->decorators, Mark::kForeignKey)) continue;
      const auto& references = owner.model.columns[index].references;
      if (references && references->model != referenced.model.name) continue;
      candidates.push_back(owner.model.columns[index].name);
    }
    std::string otherwise = fmt::format(FMT_COMPILE("add the column `@ForeignKey({}) {}` to `{}`"),
                                        referenced.model.name, name, owner.model.name);
    if (!candidates.empty()) {
      otherwise = fmt::format(FMT_COMPILE("name the foreign key `{}`"), candidates.front());
    }
    report(Code::kNavigationColumn, span,
           fmt::format(FMT_COMPILE("`{}` is over `{}`, which is no column"), text(property),
                       member_text(owner.model.name, name)),
           did_you_mean(candidates, name, otherwise));
  }

  const Context& context_;
  std::vector<ModelDraft>& drafts_;
  ModelDraft& draft_;
  const JunctionPlan& junctions_;
};

}  // namespace

std::vector<cidl::Junction> resolve_navigations(const Context& context,
                                                std::vector<ModelDraft>& drafts) {
  JunctionPlan junctions = plan_junctions(context, drafts);
  for (ModelDraft& draft : drafts) NavigationResolver(context, drafts, draft, junctions).run();
  return std::move(junctions.junctions);
}

}  // namespace cloesce::sema
