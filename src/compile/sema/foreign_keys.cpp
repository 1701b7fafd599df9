// @ForeignKey(Other), @ForeignKey("Other"), @ForeignKey<Other>(other => other.key).
#include "compile/sema/foreign_keys.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cidl/find.h"
#include "cidl/save.h"
#include "cidl/store_rules.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

// What the decorator says.
struct Target {
  std::string_view model;
  Span span;
  std::optional<std::string_view> column;
};

class ForeignKeyResolver {
 public:
  ForeignKeyResolver(const Context& context, std::vector<ModelDraft>& drafts, ModelDraft& draft)
      : context_(context), drafts_(drafts), draft_(draft) {}

  void run() {
    for (std::size_t index = 0; index < draft_.model.columns.size(); ++index) {
      const auto& decorators = draft_.column_nodes[index]->decorators;
      for (const pre::DecoratorNode& decorator : decorators) {
        if (mark_of(decorator.name) == Mark::kForeignKey) resolve(index, decorator);
      }
    }
    check_complete();
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint,
              std::vector<DiagnosticNote> notes = {}) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint), std::move(notes));
  }

  [[nodiscard]] std::string text(std::size_t column) const {
    return member_text(draft_.model.name, draft_.model.columns[column].name);
  }

  std::optional<Target> read(std::size_t column, const pre::DecoratorNode& decorator) const {
    const pre::TypeNode* type =
        decorator.type_arguments.empty() ? nullptr : &decorator.type_arguments.front();
    if (decorator.arguments.empty()) {
      if (type != nullptr) return Target{type->text, type->span, std::nullopt};
    } else {
      const pre::ValueNode& argument = decorator.arguments.front();
      switch (argument.form) {
        case pre::ValueForm::kName:
        case pre::ValueForm::kString:
          return Target{argument.text, argument.span, std::nullopt};
        case pre::ValueForm::kArrow:
          if (type != nullptr && argument.path.size() == 1) {
            return Target{type->text, argument.span, argument.path.front()};
          }
          break;
        default:
          break;
      }
    }
    report(Code::kDecoratorArgument, decorator.span,
           fmt::format(FMT_COMPILE("@{} of `{}` does not say which model it references"),
                       decorator.name, text(column)),
           "write `@ForeignKey(Other)`, or `@ForeignKey<Other>(other => other.key)`");
    return std::nullopt;
  }

  // A column that is no foreign key after all must not be reported again by a relation over it.
  void give_up(std::size_t column) { draft_.broken.push_back(draft_.column_nodes[column]->name); }

  void resolve(std::size_t column, const pre::DecoratorNode& decorator) {
    const std::optional<Target> target = read(column, decorator);
    if (!target) return give_up(column);
    ModelDraft* const referenced = find_target(column, *target);
    if (referenced == nullptr) return give_up(column);
    const std::optional<std::size_t> key = find_key(column, *target, *referenced);
    if (!key) return give_up(column);
    const cidl::Column& key_column = referenced->model.columns[*key];
    cidl::Column& own = draft_.model.columns[column];
    if (cidl::without_nullable(own.type).kind != cidl::without_nullable(key_column.type).kind) {
      report(Code::kForeignKeyType, draft_.column_nodes[column]->type->span,
             fmt::format(FMT_COMPILE("`{}` is {}, but `{}`, which it references, is {}"),
                         text(column), cidl::type_to_text(own.type),
                         member_text(referenced->model.name, key_column.name),
                         cidl::type_to_text(key_column.type)),
             "give both the same type",
             {{"it is declared here", referenced->column_nodes[*key]->span}});
      return give_up(column);
    }
    const cidl::Reference reference{referenced->model.name, key_column.name};
    add_to_foreign_keys(column, *referenced, reference);
    if (own.references) {
      own.further_references.push_back(reference);
    } else {
      own.references = reference;
    }
  }

  ModelDraft* find_target(std::size_t column, const Target& target) const {
    ModelDraft* const found = find_draft(drafts_, target.model);
    if (found == nullptr || !cidl::has_rows(found->model)) {
      const ClassEntry* entry = context_.classes.find(target.model);
      if (found != nullptr && entry != nullptr) {
        report(Code::kForeignKeyTarget, target.span,
               fmt::format(FMT_COMPILE("`{}` references `{}`, {}"), text(column), target.model,
                           describe(entry->kind)),
               "a foreign key leads to a D1 model");
        return nullptr;
      }
      report(Code::kForeignKeyTarget, target.span,
             fmt::format(FMT_COMPILE("`{}` references `{}`, which is no D1 model"), text(column),
                         target.model),
             did_you_mean(
                 context_.classes.names(ClassKind::kD1), target.model,
                 fmt::format(FMT_COMPILE("declare it: `@D1 export class {}`"), target.model)));
      return nullptr;
    }
    const std::string& own = draft_.model.binding;
    if (!own.empty() && !found->model.binding.empty() && own != found->model.binding) {
      report(Code::kForeignKeyDatabase, target.span,
             fmt::format(FMT_COMPILE("`{}` is in the database `{}`, `{}` is in `{}`"), text(column),
                         own, target.model, found->model.binding),
             "a foreign key stays in one database: keep a plain column, without @ForeignKey");
      return nullptr;
    }
    return found;
  }

  // The column that is referenced, as an index into the columns of `referenced`.
  std::optional<std::size_t> find_key(std::size_t column, const Target& target,
                                      const ModelDraft& referenced) const {
    const std::string& model = referenced.model.name;
    if (target.column) {
      const auto index = referenced.column_index(*target.column);
      if (!index) {
        if (!referenced.is_broken(*target.column)) {
          report(Code::kForeignKeyColumn, target.span,
                 fmt::format(FMT_COMPILE("`{}` references `{}`, which is no column"), text(column),
                             member_text(model, *target.column)),
                 did_you_mean(referenced.column_names(), *target.column));
        }
        return std::nullopt;
      }
      const cidl::Column& found = referenced.model.columns[*index];
      if (found.key == cidl::KeyRole::kPrimaryKey ||
          found.uniqueness == cidl::Uniqueness::kUnique) {
        return index;
      }
      report(Code::kForeignKeyColumn, target.span,
             fmt::format(FMT_COMPILE("`{}` references `{}`, which is neither a primary key nor "
                                     "unique"),
                         text(column), member_text(model, found.name)),
             "reference the primary key, or put @Unique in front of that column",
             {{"it is declared here", referenced.column_nodes[*index]->span}});
      return std::nullopt;
    }
    std::vector<std::size_t> keys;
    for (std::size_t index = 0; index < referenced.model.columns.size(); ++index) {
      if (referenced.model.columns[index].key == cidl::KeyRole::kPrimaryKey) keys.push_back(index);
    }
    if (keys.empty()) return std::nullopt;  // reported where the model is declared
    if (keys.size() == 1) return keys.front();
    const std::string& own = draft_.model.columns[column].name;
    for (const std::size_t index : keys) {
      if (referenced.model.columns[index].name == own) return index;
    }
    report(Code::kForeignKeyIncomplete, target.span,
           fmt::format(FMT_COMPILE("`{}` has a composite key, and `{}` does not say which part it "
                                   "references"),
                       model, text(column)),
           fmt::format(FMT_COMPILE("write `@ForeignKey<{}>(other => other.{})`"), model,
                       referenced.model.columns[keys.front()].name));
    return std::nullopt;
  }

  [[nodiscard]] static bool is_part_of_key(const ModelDraft& referenced, std::string_view name) {
    const auto key = cidl::primary_key(referenced.model);
    return key.size() > 1 && std::any_of(key.begin(), key.end(),
                                         [name](const auto* part) { return part->name == name; });
  }

  void add_to_foreign_keys(std::size_t column, const ModelDraft& referenced,
                           const cidl::Reference& reference) {
    if (is_part_of_key(referenced, reference.column)) {
      for (ForeignKey& key : draft_.foreign_keys) {
        if (key.target != reference.model) continue;
        const auto clashes = [&](const std::string& part) {
          return part == reference.column || !is_part_of_key(referenced, part);
        };
        if (std::any_of(key.parts.begin(), key.parts.end(), clashes)) continue;
        key.columns.push_back(column);
        key.parts.push_back(reference.column);
        return;
      }
    }
    draft_.foreign_keys.push_back({reference.model, {column}, {reference.column}});
  }

  // SQLite takes a foreign key only to a whole primary key or to a unique column.
  void check_complete() {
    for (const ForeignKey& key : draft_.foreign_keys) {
      const ModelDraft& referenced = *find_draft(drafts_, key.target);
      const std::size_t first = key.columns.front();
      if (!is_part_of_key(referenced, key.parts.front())) continue;
      const auto index = referenced.column_index(key.parts.front());
      const bool unique = referenced.model.columns[*index].uniqueness == cidl::Uniqueness::kUnique;
      std::string missing;
      for (const cidl::Column* part : cidl::primary_key(referenced.model)) {
        if (std::find(key.parts.begin(), key.parts.end(), part->name) != key.parts.end()) continue;
        if (!missing.empty()) missing.append("`, `");
        missing.append(part->name);
      }
      if (missing.empty() || (unique && key.columns.size() == 1)) continue;
      report(Code::kForeignKeyIncomplete, draft_.column_nodes[first]->span,
             fmt::format(FMT_COMPILE("the foreign key of `{}` to `{}` lacks `{}`"), text(first),
                         key.target, missing),
             fmt::format(FMT_COMPILE("reference every part of the composite key, each from its own "
                                     "column: `@ForeignKey<{}>(other => other.…)`"),
                         key.target));
      for (const std::size_t member : key.columns) give_up(member);
    }
  }

  const Context& context_;
  std::vector<ModelDraft>& drafts_;
  ModelDraft& draft_;
};

}  // namespace

void resolve_foreign_keys(const Context& context, std::vector<ModelDraft>& drafts) {
  for (ModelDraft& draft : drafts) ForeignKeyResolver(context, drafts, draft).run();
}

bool is_optional(const ModelDraft& draft, const ForeignKey& key) {
  return std::any_of(key.columns.begin(), key.columns.end(), [&draft](std::size_t column) {
    return cidl::is_nullable(draft.model.columns[column].type);
  });
}

}  // namespace cloesce::sema
