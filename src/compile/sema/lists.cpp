// Paths are followed from model to model; what callers never see is nothing they can ask by.
#include "compile/sema/lists.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "cidl/list_path.h"
#include "cidl/store_rules.h"
#include "compile/sema/marks.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

constexpr std::uint32_t kLargestMaximum = 100'000;

class Lists {
 public:
  Lists(const Context& context, std::vector<ModelDraft>& drafts)
      : context_(context), drafts_(drafts) {}

  void run() {
    for (ModelDraft& draft : drafts_) {
      const pre::DecoratorNode* crud = find_mark(draft.node().decorators, Mark::kCrud);
      if (crud == nullptr) continue;
      for (std::size_t index = 1; index < crud->arguments.size(); ++index) {
        for (const pre::ObjectEntry& entry : crud->arguments[index].entries) {
          if (entry.key == kListOption) list(draft, *crud, entry);
        }
      }
    }
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint));
  }

  static bool has_list(const pre::DecoratorNode& crud) {
    if (crud.arguments.empty()) return true;
    const pre::ValueNode& kinds = crud.arguments.front();
    return std::any_of(kinds.items.begin(), kinds.items.end(), [](const pre::ValueNode& kind) {
      return same_but_for_case(kind.text, "LIST");
    });
  }

  void list(ModelDraft& draft, const pre::DecoratorNode& crud, const pre::ObjectEntry& entry) {
    if (draft.model.list.has_value()) {
      report(Code::kNameRepeated, entry.span,
             fmt::format(FMT_COMPILE("@CRUD of `{}` says `list` twice"), draft.model.name),
             "merge the two");
      return;
    }
    if (!cidl::has_rows(draft.model) || !has_list(crud)) {
      report(Code::kListWithoutList, entry.span,
             fmt::format(FMT_COMPILE("`{}` says what its LIST may be asked, and has no LIST of "
                                     "rows"),
                         draft.model.name),
             "add \"LIST\" to the kinds of @CRUD, or remove `list`");
      return;
    }
    cidl::ListRules rules;
    bool limited = false;
    rules.maximum = cidl::kListRows;
    if (entry.value.form != pre::ValueForm::kObject) return report_form(draft, entry.value.span);
    for (const pre::ObjectEntry& option : entry.value.entries) {
      if (option.key == "where") {
        paths(draft, option, rules.where);
      } else if (option.key == "orderBy") {
        paths(draft, option, rules.order_by);
      } else if (option.key == "maximum") {
        number(option, rules.maximum);
      } else if (option.key == "limit") {
        limited = true;
        const bool whole =
            option.value.form == pre::ValueForm::kBoolean && option.value.text == "false";
        if (!whole) number(option, rules.limit);
      } else {
        const std::string_view known[] = {"where", "orderBy", "limit", "maximum"};
        report(Code::kDecoratorArgument, option.span,
               fmt::format(FMT_COMPILE("`list` of `{}` has no option `{}`"), draft.model.name,
                           option.key),
               did_you_mean(known, option.key,
                            "the options are `where`, `orderBy`, `limit` and `maximum`"));
      }
    }
    if (!limited) rules.limit = std::min(cidl::kPageRows, rules.maximum);
    if (rules.limit > rules.maximum) {
      report(Code::kListNumber, entry.span,
             fmt::format(FMT_COMPILE("the limit of `{}`, {}, is beyond its maximum, {}"),
                         draft.model.name, rules.limit, rules.maximum),
             "write a larger `maximum`, or a smaller `limit`");
      return;
    }
    draft.model.list = std::move(rules);
  }

  void report_form(const ModelDraft& draft, Span span) const {
    report(Code::kDecoratorArgument, span,
           fmt::format(FMT_COMPILE("`list` of `{}` is not an object that is written out"),
                       draft.model.name),
           "write `{ list: { where: [\"title\"], orderBy: [\"title\"], limit: 50 } }`");
  }

  void number(const pre::ObjectEntry& option, std::uint32_t& into) const {
    const std::string& text = option.value.text;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (option.value.form == pre::ValueForm::kNumber && error == std::errc() &&
        end == text.data() + text.size() && value > 0 && value <= kLargestMaximum) {
      into = value;
      return;
    }
    report(Code::kListNumber, option.value.span,
           fmt::format(FMT_COMPILE("`{}` of a list is a whole number from 1 to {}"), option.key,
                       kLargestMaximum),
           option.key == "limit" ? "`limit: false` answers whole tables"
                                 : "write how many rows a caller may ask for");
  }

  void paths(const ModelDraft& draft, const pre::ObjectEntry& option,
             std::vector<std::string>& into) const {
    if (option.value.form != pre::ValueForm::kArray) {
      return report_form(draft, option.value.span);
    }
    for (const pre::ValueNode& item : option.value.items) {
      if (item.form != pre::ValueForm::kString) {
        report_form(draft, item.span);
        continue;
      }
      if (std::find(into.begin(), into.end(), item.text) != into.end()) {
        report(Code::kNameRepeated, item.span,
               fmt::format(FMT_COMPILE("`{}` opens `{}` twice"), option.key, item.text),
               "remove one");
        continue;
      }
      if (check(draft, option.key == "orderBy", item)) into.push_back(item.text);
    }
  }

  bool check(const ModelDraft& draft, bool orders, const pre::ValueNode& item) const {
    const auto find = [&](std::string_view name) -> const cidl::Model* {
      const ModelDraft* found = find_draft(drafts_, name);
      return found == nullptr ? nullptr : &found->model;
    };
    const cidl::PathTarget target = cidl::follow_path(draft.model, item.text, find);
    bool hidden = target.column != nullptr && target.column->access == cidl::Access::kHidden;
    bool many = false;
    for (const cidl::Navigation* navigation : target.through) {
      hidden = hidden || navigation->access == cidl::Access::kHidden;
      many = many || navigation->kind != cidl::NavigationKind::kOneToOne;
    }
    if (target.column == nullptr) {
      report_unknown(target, item);
    } else if (hidden) {
      report(Code::kListHidden, item.span,
             fmt::format(FMT_COMPILE("`{}` leads to what is hidden: to ask by it is to learn it"),
                         item.text),
             "leave it out, or remove @Hidden");
    } else if (orders && many) {
      report(Code::kListPath, item.span,
             fmt::format(FMT_COMPILE("rows cannot be ordered by `{}`, which is many values"),
                         item.text),
             "name a column of the model, or of one that a relation to one row leads to");
    } else {
      return true;
    }
    return false;
  }

  void report_unknown(const cidl::PathTarget& target, const pre::ValueNode& item) const {
    const ModelDraft* at = find_draft(drafts_, target.model->name);
    if (at != nullptr && at->is_broken(target.name)) return;
    std::vector<std::string_view> names;
    for (const cidl::Column& column : target.model->columns) names.emplace_back(column.name);
    for (const cidl::Navigation& navigation : target.model->navigations) {
      names.emplace_back(navigation.name);
    }
    report(Code::kListPath, item.span,
           fmt::format(FMT_COMPILE("`{}` leads to no column: `{}` has none called `{}`"), item.text,
                       target.model->name, target.name),
           did_you_mean(names, target.name,
                        "write the names of relations and the column, with dots between them"));
  }

  const Context& context_;
  std::vector<ModelDraft>& drafts_;
};

}  // namespace

void resolve_lists(const Context& context, std::vector<ModelDraft>& drafts) {
  Lists(context, drafts).run();
}

}  // namespace cloesce::sema
