// Object literals as include trees.
#include "compile/sema/data_sources.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "cidl/find.h"
#include "compile/sema/include_options.h"
#include "compile/sema/include_query.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"
#include "compile/sema/stored_fields.h"

namespace cloesce::sema {
namespace {

// What the ORM can plan in one batch (orm/include_tree.h), which this room may not include.
constexpr std::size_t kMaximumSourceDepth = 8;

// What a tree is for.
enum class Purpose : std::uint8_t { kReading, kWriting };

class SourceResolver {
 public:
  SourceResolver(const Context& context, std::vector<ModelDraft>& drafts, ModelDraft& draft)
      : context_(context), drafts_(drafts), draft_(draft) {}

  cidl::IncludeTree grants(const pre::ValueNode& value) {
    purpose_ = Purpose::kWriting;
    subject_ = member_text(draft_.model.name, "writes");
    return read(value, draft_, 0);
  }

  void run() {
    std::unordered_set<std::string_view> names;
    for (const pre::PropertyNode& property : draft_.node().properties) {
      if (property.placement != pre::Placement::kStatic) continue;
      if (!has_mark(property.decorators, Mark::kDataSource)) continue;
      subject_ = member_text(draft_.model.name, property.name);
      if (!check_name(property, names)) continue;
      check_type(property);
      if (!property.initializer || property.initializer->form != pre::ValueForm::kObject) {
        report(Code::kDataSourceForm,
               property.initializer ? property.initializer->span : property.span,
               fmt::format(FMT_COMPILE("the data source `{}` is not written out"), subject_),
               "write an object: names of relations as keys, objects as values, nothing computed "
               "or spread");
        continue;
      }
      if (is_queried(property)) {
        draft_.model.data_sources.push_back(queried(property.name, *property.initializer));
        continue;
      }
      draft_.model.data_sources.push_back({property.name, read(*property.initializer, draft_, 0)});
    }
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint));
  }

  // `{ include, where, orderBy, limit }`.
  cidl::DataSource queried(const std::string& name, const pre::ValueNode& value) {
    cidl::DataSource source{name, {}};
    std::unordered_set<std::string_view> seen;
    for (const pre::ObjectEntry& entry : value.entries) {
      if (!seen.insert(entry.key).second) {
        report(Code::kNameRepeated, entry.span,
               fmt::format(FMT_COMPILE("`{}` says `{}` twice"), subject_, entry.key),
               "merge the two");
      } else if (entry.key == "include") {
        if (entry.value.form == pre::ValueForm::kObject) {
          source.tree = read(entry.value, draft_, 0);
          continue;
        }
        report(Code::kIncludeValue, entry.value.span,
               fmt::format(FMT_COMPILE("`{}`: what to include is not an object"), subject_),
               "write `include: {}`");
      } else if (!is_query(entry.key)) {
        report(Code::kIncludeUnknown, entry.span,
               fmt::format(FMT_COMPILE("`{}` says `{}`, which no data source has"), subject_,
                           entry.key),
               "a DataSource has `include`, `where`, `orderBy` and `limit`; relations stand in "
               "`include`");
      } else if (entry.key != "orderBy" || check_order(entry.value)) {
        auto option = query_option(context_.reporter, entry, subject_);
        if (!option) continue;
        if (entry.key == "where") source.where = option->value;
        if (entry.key == "orderBy") source.order_by = option->value;
        if (entry.key != "limit") continue;
        for (const char digit : option->value) {
          source.limit = source.limit * 10 + static_cast<std::uint32_t>(digit - '0');
        }
      }
    }
    return source;
  }

  // Cursors hold the values of an order, and callers hold cursors: no row beside those they read.
  bool check_order(const pre::ValueNode& order) const {
    bool good = true;
    for (const pre::ValueNode& item : order.items) good = check_order(item) && good;
    for (const pre::ObjectEntry& entry : order.entries) {
      if (entry.value.form != pre::ValueForm::kObject) continue;
      report(
          Code::kIncludeQuery, entry.span,
          fmt::format(FMT_COMPILE("`{}` is in the order of a column of another model"), subject_),
          "order by columns of the model itself: cursors hold their values, and go to callers");
      good = false;
    }
    return good;
  }

  bool check_name(const pre::PropertyNode& property,
                  std::unordered_set<std::string_view>& names) const {
    if (property.name == "none") {
      report(Code::kDataSourceName, property.span,
             fmt::format(FMT_COMPILE("the data source `{}` has the name that includes nothing"),
                         subject_),
             "rename it: every model has `none` already");
      return false;
    }
    if (!check_member_name(context_.reporter, draft_.model.name, property.name, property.span)) {
      return false;
    }
    if (names.insert(property.name).second) return true;
    report(Code::kNameRepeated, property.span,
           fmt::format(FMT_COMPILE("the data source `{}` is declared twice"), subject_),
           "remove one");
    return false;
  }

  // IncludeTree<Other> would offer the names of the wrong model in the editor.
  void check_type(const pre::PropertyNode& property) const {
    if (!property.type || property.type->form != pre::TypeForm::kName) return;
    const bool queried = is_queried(property);
    if (property.type->inner.size() != 1) return;
    if (property.type->text != "IncludeTree" && !queried) return;
    const pre::TypeNode& argument = property.type->inner.front();
    if (context_.types.class_of(argument).name == draft_.model.name) return;
    report(Code::kDataSourceType, argument.span,
           fmt::format(FMT_COMPILE("the data source `{}` has the include tree of `{}`"), subject_,
                       argument.text),
           fmt::format(FMT_COMPILE("write `{}<{}>`"), property.type->text, draft_.model.name));
  }

  // `rows` takes the query of a relation to many rows.
  cidl::IncludeTree read(const pre::ValueNode& value, const ModelDraft& model, std::size_t depth,
                         std::vector<cidl::IncludeOption>* rows = nullptr) {
    cidl::IncludeTree tree;
    std::unordered_set<std::string_view> seen;
    for (const pre::ObjectEntry& entry : value.entries) {
      if (!seen.insert(entry.key).second) {
        report(Code::kNameRepeated, entry.span,
               fmt::format(FMT_COMPILE("`{}` includes `{}` twice"), subject_, entry.key),
               "merge the two");
        continue;
      }
      const cidl::StoredField* stored = cidl::find_stored(model.model, entry.key);
      const cidl::Navigation* navigation = cidl::find_navigation(model.model, entry.key);
      if (rows != nullptr && navigation == nullptr && stored == nullptr && is_query(entry.key)) {
        if (auto option = query_option(context_.reporter, entry, subject_)) {
          rows->push_back(*std::move(option));
        }
        continue;
      }
      if (navigation == nullptr && stored == nullptr) {
        if (!model.is_broken(entry.key)) report_unknown(entry, model);
        continue;
      }
      if (entry.value.form != pre::ValueForm::kObject) {
        report(Code::kIncludeValue, entry.value.span,
               fmt::format(FMT_COMPILE("`{}`: what to include below `{}` is not an object"),
                           subject_, entry.key),
               fmt::format(FMT_COMPILE("write `{}: {{}}`"), entry.key));
        continue;
      }
      if (stored != nullptr && purpose_ == Purpose::kWriting) {
        report(Code::kWritesStored, entry.span,
               fmt::format(FMT_COMPILE("`{}` grants `{}`, which is no relation"), subject_,
                           member_text(model.model.name, entry.key)),
               "remove it: only relations can be granted");
        continue;
      }
      if (stored != nullptr) {
        if (depth > 0) check_key_parameter(entry, model, *stored);
        tree.nodes.push_back({entry.key,
                              {},
                              read_include_options(context_.reporter, *stored, entry.value,
                                                   member_text(subject_, entry.key))});
        continue;
      }
      if (depth == kMaximumSourceDepth) {
        report(Code::kIncludeTooDeep, entry.span,
               fmt::format(FMT_COMPILE("the include tree `{}` is nested too deep"), subject_),
               fmt::format(FMT_COMPILE("at most {} levels"), kMaximumSourceDepth));
        continue;
      }
      const ModelDraft* target = find_draft(drafts_, navigation->model);
      if (target == nullptr) continue;
      const bool many = navigation->kind != cidl::NavigationKind::kOneToOne;
      std::vector<cidl::IncludeOption> options;
      const bool asked = many && purpose_ == Purpose::kReading;
      cidl::IncludeTree below = read(entry.value, *target, depth + 1, asked ? &options : nullptr);
      tree.nodes.push_back({entry.key, std::move(below), std::move(options)});
    }
    return tree;
  }

  // The URL names the object that is asked for, not those below it.
  void check_key_parameter(const pre::ObjectEntry& entry, const ModelDraft& model,
                           const cidl::StoredField& field) const {
    const std::string_view parameter = key_parameter_of(model.model, field);
    if (parameter.empty()) return;
    report(Code::kIncludeKeyParameter, entry.span,
           fmt::format(FMT_COMPILE("`{}` includes `{}`, whose key needs the key parameter `{}`, "
                                   "which only the root has"),
                       subject_, member_text(model.model.name, entry.key), parameter),
           "build the key of columns, or read it in a method");
  }

  void report_unknown(const pre::ObjectEntry& entry, const ModelDraft& model) const {
    if (purpose_ == Purpose::kWriting && cidl::find_column(model.model, entry.key) != nullptr) {
      report(Code::kWritesStored, entry.span,
             fmt::format(FMT_COMPILE("`{}` grants `{}`, a column"), subject_,
                         member_text(model.model.name, entry.key)),
             "remove it: columns are written with their row");
      return;
    }
    if (cidl::find_column(model.model, entry.key) != nullptr) {
      report(Code::kIncludeUnknown, entry.span,
             fmt::format(FMT_COMPILE("`{}` includes `{}`, a column"), subject_,
                         member_text(model.model.name, entry.key)),
             "remove it: columns are always read");
      return;
    }
    std::vector<std::string_view> relations;
    for (const cidl::Navigation& navigation : model.model.navigations) {
      relations.push_back(navigation.name);
    }
    if (purpose_ == Purpose::kReading) {
      for (const cidl::StoredField& field : model.model.stored) relations.push_back(field.name);
    }
    std::string otherwise =
        relations.empty() ? fmt::format(FMT_COMPILE("`{}` has no relations"), model.model.name)
                          : fmt::format(FMT_COMPILE("the relations of `{}` are `{}`"),
                                        model.model.name, fmt::join(relations, "`, `"));
    report(Code::kIncludeUnknown, entry.span,
           fmt::format(FMT_COMPILE("`{}` includes `{}`, which does not exist"), subject_,
                       member_text(model.model.name, entry.key)),
           did_you_mean(relations, entry.key, otherwise));
  }

  const Context& context_;
  std::vector<ModelDraft>& drafts_;
  ModelDraft& draft_;
  std::string subject_;
  Purpose purpose_ = Purpose::kReading;
};

}  // namespace

bool is_queried(const pre::PropertyNode& property) {
  return property.type && property.type->form == pre::TypeForm::kName &&
         property.type->text == "DataSource";
}

void resolve_data_sources(const Context& context, std::vector<ModelDraft>& drafts) {
  for (ModelDraft& draft : drafts) SourceResolver(context, drafts, draft).run();
}

cidl::IncludeTree read_grants(const Context& context, std::vector<ModelDraft>& drafts,
                              ModelDraft& draft, const pre::ValueNode& value) {
  return SourceResolver(context, drafts, draft).grants(value);
}

}  // namespace cloesce::sema
