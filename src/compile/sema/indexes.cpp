// Columns by name, each index once.
#include "compile/sema/indexes.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cidl/find.h"
#include "cidl/store_rules.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

using Columns = std::vector<std::string>;

bool is_permutation(const Columns& left, const Columns& right) {
  return left.size() == right.size() &&
         std::is_permutation(left.begin(), left.end(), right.begin());
}

class IndexResolver {
 public:
  IndexResolver(const Context& context, ModelDraft& draft) : context_(context), draft_(draft) {}

  void run() {
    // Unique ones first: they serve as indexes over the same columns.
    for (const Mark mark : {Mark::kUnique, Mark::kIndex}) {
      for (const pre::DecoratorNode& decorator : draft_.node().decorators) {
        if (mark_of(decorator.name) != mark) continue;
        std::optional<Columns> columns = read(decorator);
        if (columns && !is_repeated(decorator, mark, *columns)) add(decorator, mark, *columns);
      }
    }
    // As they stand in the source.
    std::stable_sort(found_.begin(), found_.end(), [](const Found& left, const Found& right) {
      return left.decorator < right.decorator;
    });
    for (Found& one : found_) draft_.model.indexes.push_back(std::move(one.index));
  }

 private:
  struct Found {
    const pre::DecoratorNode* decorator;
    cidl::Index index;
  };

  void report(Code code, Span span, std::string message, std::string hint,
              std::vector<DiagnosticNote> notes = {}) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint), std::move(notes));
  }

  [[nodiscard]] std::string text(std::string_view member) const {
    return member_text(draft_.model.name, member);
  }

  // Nothing when a column was reported, here or before.
  std::optional<Columns> read(const pre::DecoratorNode& decorator) const {
    if (decorator.arguments.empty()) {
      report(Code::kDecoratorArgument, decorator.span,
             fmt::format(FMT_COMPILE("@{} of the class `{}` names no columns"), decorator.name,
                         draft_.model.name),
             fmt::format(FMT_COMPILE("write `@{}(\"{}\")`, or put @{} in front of one column"),
                         decorator.name, fmt::join(some_columns(), "\", \""), decorator.name));
      return std::nullopt;
    }
    Columns columns;
    bool whole = true;
    for (const pre::ValueNode& argument : decorator.arguments) {
      if (argument.form != pre::ValueForm::kString) {
        report(Code::kDecoratorArgument, argument.span,
               fmt::format(FMT_COMPILE("@{} of the class `{}` takes the names of columns as texts"),
                           decorator.name, draft_.model.name),
               fmt::format(FMT_COMPILE("write `@{}(\"{}\")`"), decorator.name,
                           fmt::join(some_columns(), "\", \"")));
        whole = false;
      } else if (std::find(columns.begin(), columns.end(), argument.text) != columns.end()) {
        report(Code::kIndexRepeated, argument.span,
               fmt::format(FMT_COMPILE("@{} of `{}` names the column `{}` twice"), decorator.name,
                           draft_.model.name, argument.text),
               "remove one");
        whole = false;
      } else if (!draft_.column_index(argument.text)) {
        report_no_column(decorator, argument);
        whole = false;
      } else {
        columns.push_back(argument.text);
      }
    }
    return whole ? std::optional(std::move(columns)) : std::nullopt;
  }

  // For examples: what a reader finds in the class.
  [[nodiscard]] std::vector<std::string_view> some_columns() const {
    std::vector<std::string_view> names;
    for (const cidl::Column& column : draft_.model.columns) {
      if (column.key == cidl::KeyRole::kNone && names.size() < 2) names.emplace_back(column.name);
    }
    if (names.empty()) names = {"a", "b"};
    return names;
  }

  void report_no_column(const pre::DecoratorNode& decorator, const pre::ValueNode& argument) const {
    if (draft_.is_broken(argument.text)) return;
    const pre::PropertyNode* property = draft_.property(argument.text);
    if (property == nullptr) {
      report(Code::kIndexColumn, argument.span,
             fmt::format(FMT_COMPILE("@{} of `{}` names `{}`, which is no column"), decorator.name,
                         draft_.model.name, argument.text),
             did_you_mean(draft_.column_names(), argument.text,
                          fmt::format(FMT_COMPILE("the columns of `{}` are {}"), draft_.model.name,
                                      fmt::join(draft_.column_names(), ", "))));
      return;
    }
    const bool relation = std::find(draft_.relation_nodes.begin(), draft_.relation_nodes.end(),
                                    property) != draft_.relation_nodes.end();
    report(Code::kIndexColumn, argument.span,
           relation ? fmt::format(FMT_COMPILE("@{} of `{}` names `{}`, which is a relation"),
                                  decorator.name, draft_.model.name, argument.text)
                    : fmt::format(FMT_COMPILE("@{} of `{}` names `{}`, which is not in its table"),
                                  decorator.name, draft_.model.name, argument.text),
           relation ? relation_hint(*property)
                    : "an index is over columns: what is in the URL, in KV or in R2 is none",
           {{"it is declared here", property->span}});
  }

  // The foreign key of `@OneToOne("ownerId")` may be what is meant.
  [[nodiscard]] std::string relation_hint(const pre::PropertyNode& property) const {
    const pre::DecoratorNode* one = find_mark(property.decorators, Mark::kOneToOne);
    if (one != nullptr && !one->arguments.empty() &&
        draft_.column_index(one->arguments.front().text)) {
      return fmt::format(FMT_COMPILE("name the column that holds its key: `{}`"),
                         one->arguments.front().text);
    }
    return "name columns: a relation to many rows has none in this table";
  }

  // What the primary key, a column's decorator or an earlier index says already.
  bool is_repeated(const pre::DecoratorNode& decorator, Mark mark, const Columns& columns) const {
    const bool unique = mark == Mark::kUnique;
    Columns key;
    for (const cidl::Column* part : cidl::primary_key(draft_.model)) key.push_back(part->name);
    if (unique ? is_permutation(key, columns) : key == columns) {
      const auto node = *draft_.column_index(key.front());
      report(Code::kIndexRepeated, decorator.span,
             fmt::format(FMT_COMPILE("@{}({}) of `{}` says what its primary key says"),
                         decorator.name, fmt::join(columns, ", "), draft_.model.name),
             unique ? "remove it: no two rows have the same primary key"
                    : "remove it: the primary key is an index",
             {{"the key is here", draft_.column_nodes[node]->span}});
      return true;
    }
    if (columns.size() == 1) {
      const std::size_t index = *draft_.column_index(columns.front());
      const auto& decorators = draft_.column_nodes[index]->decorators;
      const pre::DecoratorNode* first = find_mark(decorators, Mark::kUnique);
      if (first == nullptr && !unique) first = find_mark(decorators, Mark::kIndex);
      if (first != nullptr) return report_repeated(decorator, columns, first->span);
    }
    for (const Found& other : found_) {
      const bool other_unique = other.index.uniqueness == cidl::Uniqueness::kUnique;
      const bool same = unique && other_unique ? is_permutation(other.index.columns, columns)
                                               : other.index.columns == columns;
      if (same) return report_repeated(decorator, columns, other.decorator->span);
    }
    for (const auto& [single, column] : singles_) {
      if (columns == Columns{column}) return report_repeated(decorator, columns, single->span);
    }
    return false;
  }

  bool report_repeated(const pre::DecoratorNode& decorator, const Columns& columns,
                       Span first) const {
    report(Code::kIndexRepeated, decorator.span,
           fmt::format(FMT_COMPILE("@{}({}) of `{}` says what another decorator says"),
                       decorator.name, fmt::join(columns, ", "), draft_.model.name),
           "keep one: a unique key is an index too", {{"the other one is here", first}});
    return true;
  }

  void add(const pre::DecoratorNode& decorator, Mark mark, const Columns& columns) {
    const bool unique = mark == Mark::kUnique;
    if (columns.size() > 1) {
      found_.push_back(
          {&decorator, {columns, unique ? cidl::Uniqueness::kUnique : cidl::Uniqueness::kNone}});
      return;
    }
    cidl::Column& column = draft_.model.columns[*draft_.column_index(columns.front())];
    if (unique) {
      column.uniqueness = cidl::Uniqueness::kUnique;
    } else {
      column.indexing = cidl::Indexing::kIndexed;
    }
    singles_.emplace_back(&decorator, columns.front());
  }

  const Context& context_;
  ModelDraft& draft_;
  std::vector<Found> found_;
  std::vector<std::pair<const pre::DecoratorNode*, std::string>> singles_;
};

}  // namespace

void resolve_indexes(const Context& context, std::vector<ModelDraft>& drafts) {
  for (ModelDraft& draft : drafts) {
    if (cidl::has_rows(draft.model)) IndexResolver(context, draft).run();
  }
}

}  // namespace cloesce::sema
