// One column of a model, of a kind that can be counted up and sent back.
#include "compile/sema/versions.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>

#include "cidl/find.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"

namespace cloesce::sema {
namespace {

// What makes the column unfit, and what to do about it; both empty when nothing does.
struct Unfitness {
  std::string why;
  std::string hint;
};

Unfitness unfitness(const cidl::Column& column, const pre::PropertyNode& property) {
  if (column.key == cidl::KeyRole::kPrimaryKey) {
    return {"is a primary key, which stays the same while its row changes",
            "use a column of its own: `@Version revision: Integer`"};
  }
  if (has_mark(property.decorators, Mark::kForeignKey)) {
    return {"is a foreign key, which says what the row refers to",
            "use a column of its own: `@Version revision: Integer`"};
  }
  if (cidl::is_nullable(column.type)) {
    return {"can be null, so there would be rows without one",
            fmt::format(FMT_COMPILE("write `@Version {}: Integer`: a new row begins with 1"),
                        column.name)};
  }
  if (column.type.kind != cidl::TypeKind::kInteger) {
    return {"is no Integer, so it cannot be counted up",
            fmt::format(FMT_COMPILE("write `@Version {}: Integer`"), column.name)};
  }
  if (column.access != cidl::Access::kOpen) {
    return {column.access == cidl::Access::kHidden
                ? "is hidden, so no caller could say what it read"
                : "is read-only, so no caller could send back what it read",
            "remove the decorator: a version is checked and never taken over from a caller"};
  }
  return {};
}

void resolve(const Context& context, ModelDraft& draft) {
  const pre::PropertyNode* first = nullptr;
  for (std::size_t index = 0; index < draft.model.columns.size(); ++index) {
    cidl::Column& column = draft.model.columns[index];
    const pre::PropertyNode& property = *draft.column_nodes[index];
    const pre::DecoratorNode* mark = find_mark(property.decorators, Mark::kVersion);
    if (mark == nullptr) continue;
    const std::string subject = member_text(draft.model.name, column.name);
    if (first != nullptr) {
      context.reporter.report(
          Code::kVersionRepeated, mark->span,
          fmt::format(FMT_COMPILE("`{}` is a second version of `{}`"), subject, draft.model.name),
          "keep one: it counts the saves of the whole row",
          {{"the other one is here", first->span}});
      continue;
    }
    first = &property;
    Unfitness found = unfitness(column, property);
    if (found.why.empty()) {
      column.versioning = cidl::Versioning::kVersion;
      continue;
    }
    context.reporter.report(Code::kVersionColumn, mark->span,
                            fmt::format(FMT_COMPILE("the version `{}` {}"), subject, found.why),
                            std::move(found.hint));
  }
}

}  // namespace

void resolve_versions(const Context& context, std::vector<ModelDraft>& drafts) {
  for (ModelDraft& draft : drafts) resolve(context, draft);
}

}  // namespace cloesce::sema
