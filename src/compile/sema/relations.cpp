// The decorator and the type of a relation.
#include "compile/sema/relations.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "compile/sema/builtin_types.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

bool is_relation(Mark mark) {
  return mark == Mark::kOneToOne || mark == Mark::kOneToMany || mark == Mark::kManyToMany;
}

void add_names(const pre::ValueNode& value, std::vector<std::string_view>& names) {
  if (value.form == pre::ValueForm::kString) names.push_back(value.text);
  if (value.form == pre::ValueForm::kArrow && value.path.size() == 1) {
    names.push_back(value.path.front());
  }
}

}  // namespace

Relation relation_of(const pre::PropertyNode& property) {
  for (const pre::DecoratorNode& decorator : property.decorators) {
    const std::optional<Mark> mark = mark_of(decorator.name);
    if (mark && is_relation(*mark)) return {*mark, &decorator};
  }
  return {};
}

std::vector<std::string_view> named_members(const pre::DecoratorNode& decorator) {
  std::vector<std::string_view> names;
  for (const pre::ValueNode& argument : decorator.arguments) {
    if (argument.form == pre::ValueForm::kArray) {
      for (const pre::ValueNode& item : argument.items) add_names(item, names);
    } else {
      add_names(argument, names);
    }
  }
  return names;
}

ModelDraft* relation_target(const Context& context, std::vector<ModelDraft>& drafts,
                            const ModelDraft& draft, const pre::PropertyNode& property,
                            const pre::DecoratorNode& decorator) {
  const std::string subject = member_text(draft.model.name, property.name);
  const auto fail = [&](Code code, Span span, std::string message,
                        std::string hint) -> ModelDraft* {
    context.reporter.report(code, span, std::move(message), std::move(hint));
    return nullptr;
  };
  for (const pre::DecoratorNode& other : property.decorators) {
    const std::optional<Mark> mark = mark_of(other.name);
    if (!mark || !is_relation(*mark) || &other == &decorator) continue;
    return fail(
        Code::kDecoratorMisplaced, other.span,
        fmt::format(FMT_COMPILE("`{}` has both @{} and @{}"), subject, decorator.name, other.name),
        "keep the one that is meant");
  }
  if (!property.type) {
    return fail(Code::kTypeMissing, property.span,
                fmt::format(FMT_COMPILE("the relation `{}` has no type"), subject),
                fmt::format(FMT_COMPILE("write the model it leads to: `{}: Other | undefined`, or "
                                        "`Other[]`"),
                            property.name));
  }
  const TypeResolver::ClassUse use = context.types.class_of(*property.type);
  const Span span = property.type->span;
  if (use.entry == nullptr || use.entry->kind != ClassKind::kD1) {
    std::string hint = did_you_mean(context.classes.names(ClassKind::kD1), use.name,
                                    "a relation leads to a class with @D1");
    if (use.entry != nullptr) {
      return fail(Code::kNavigationType, span,
                  fmt::format(FMT_COMPILE("`{}` leads to `{}`, {}"), subject, use.name,
                              describe(use.entry->kind)),
                  "a relation leads to a class with @D1");
    }
    if (use.name.empty()) {
      return fail(Code::kNavigationType, span,
                  fmt::format(FMT_COMPILE("`{}` is a relation, but its type is no model"), subject),
                  "write `Other | undefined`, or `Other[]`");
    }
    return fail(
        Code::kNavigationType, span,
        fmt::format(FMT_COMPILE("`{}` leads to `{}`, which is no D1 model"), subject, use.name),
        std::move(hint));
  }
  const bool to_one = mark_of(decorator.name) == Mark::kOneToOne;
  if (to_one == use.array) {
    return fail(
        Code::kNavigationType, span,
        to_one ? fmt::format(FMT_COMPILE("`{}` is @{}, but its type is a list"), subject,
                             decorator.name)
               : fmt::format(FMT_COMPILE("`{}` is @{}, but its type is not a list"), subject,
                             decorator.name),
        to_one ? fmt::format(FMT_COMPILE("write `{}: {} | undefined`"), property.name, use.name)
               : fmt::format(FMT_COMPILE("write `{}: {}[]`"), property.name, use.name));
  }
  ModelDraft* const target = find_draft(drafts, use.name);
  if (target == nullptr) return nullptr;
  const std::string& own = draft.model.binding;
  if (!own.empty() && !target->model.binding.empty() && own != target->model.binding) {
    return fail(Code::kNavigationDatabase, span,
                fmt::format(FMT_COMPILE("`{}` is in the database `{}`, `{}` is in `{}`"), subject,
                            own, use.name, target->model.binding),
                "a relation stays in one database: read the other one in a method");
  }
  return target;
}

}  // namespace cloesce::sema
