// Decorators first, then what follows from keys and foreign keys.
#include "compile/sema/access.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "cidl/builtin_rules.h"
#include "cidl/find.h"
#include "cidl/store_rules.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "keys/template.h"

namespace cloesce::sema {
namespace {

using cidl::Access;

// The decorator that closes a member, nullptr when none does.
const pre::DecoratorNode* closing_mark(const pre::PropertyNode& property) {
  const pre::DecoratorNode* hidden = find_mark(property.decorators, Mark::kHidden);
  return hidden != nullptr ? hidden : find_mark(property.decorators, Mark::kReadOnly);
}

// Whether the whole key of `field` is what stands in `column`.
bool is_key_of(const cidl::Column& column, const cidl::StoredField& field) {
  if (!field.key_column.empty()) return field.key_column == column.name;
  const keys::Template parsed = keys::parse(field.key_template);
  return parsed.parts.size() == 1 && parsed.parts.front().kind == keys::PartKind::kPlaceholder &&
         parsed.parts.front().text == column.name;
}

// Whether `column` is in the key of `field`.
bool is_in_key_of(const cidl::Column& column, const cidl::StoredField& field) {
  if (!field.key_column.empty()) return field.key_column == column.name;
  const keys::Template parsed = keys::parse(field.key_template);
  return std::any_of(parsed.parts.begin(), parsed.parts.end(), [&](const keys::Part& part) {
    return part.kind == keys::PartKind::kPlaceholder && part.text == column.name;
  });
}

const cidl::StoredField* field_with_key(const cidl::Model& model, const cidl::Column& column) {
  for (const cidl::StoredField& field : model.stored) {
    if (is_key_of(column, field)) return &field;
  }
  return nullptr;
}

class AccessResolver {
 public:
  AccessResolver(const Context& context, std::vector<ModelDraft>& drafts)
      : context_(context), drafts_(drafts) {}

  void run() {
    for (ModelDraft& draft : drafts_) {
      check_key_parameters(draft);
      for (std::size_t index = 0; index < draft.model.stored.size(); ++index) {
        cidl::StoredField& field = draft.model.stored[index];
        field.access = access_of(draft, *draft.stored_nodes[index]);
        refuse_writable(draft, *draft.stored_nodes[index]);
      }
      for (std::size_t index = 0; index < draft.model.columns.size(); ++index) {
        resolve_column(draft, draft.model.columns[index], *draft.column_nodes[index]);
      }
    }
    for (ModelDraft& draft : drafts_) {
      for (cidl::Navigation& navigation : draft.model.navigations) {
        resolve_relation(draft, navigation, *draft.property(navigation.name));
      }
    }
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint,
              std::vector<DiagnosticNote> notes = {}) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint), std::move(notes));
  }

  [[nodiscard]] Access access_of(const ModelDraft& draft, const pre::PropertyNode& property) const {
    return declared_access(context_, property, member_text(draft.model.name, property.name));
  }

  void check_key_parameters(const ModelDraft& draft) const {
    for (const std::string& name : draft.model.key_parameters) {
      refuse_closed_key(draft, *draft.property(name));
      refuse_writable(draft, *draft.property(name));
    }
  }

  // What stands in URLs is seen and given by callers.
  void refuse_closed_key(const ModelDraft& draft, const pre::PropertyNode& property) const {
    const pre::DecoratorNode* mark = closing_mark(property);
    if (mark == nullptr) return;
    report(Code::kAccessOfKey, mark->span,
           fmt::format(FMT_COMPILE("`{}` is in the URL of each {}, so it cannot be @{}"),
                       member_text(draft.model.name, property.name), draft.model.name, mark->name),
           "remove it; what callers must not see or choose goes into a column of its own");
  }

  void refuse_writable(const ModelDraft& draft, const pre::PropertyNode& property) const {
    const pre::DecoratorNode* mark = find_mark(property.decorators, Mark::kWritable);
    // What should have a key there may be broken.
    if (mark == nullptr || !draft.broken.empty()) return;
    report(Code::kWritableNoKey, mark->span,
           fmt::format(FMT_COMPILE("`{}` holds no key of KV or R2, so @{} changes nothing"),
                       member_text(draft.model.name, property.name), mark->name),
           "remove it: what is not @ReadOnly or @Hidden is writable");
  }

  void resolve_column(const ModelDraft& draft, cidl::Column& column,
                      const pre::PropertyNode& property) const {
    const bool holds_key = field_with_key(draft.model, column) != nullptr;
    column.access = access_of(draft, property);
    if (!holds_key) refuse_writable(draft, property);
    if (column.key == cidl::KeyRole::kPrimaryKey) {
      refuse_closed_key(draft, property);
      column.access = Access::kOpen;
      return;
    }
    const bool writable = has_mark(property.decorators, Mark::kWritable);
    if (holds_key && !writable && column.access == Access::kOpen) column.access = Access::kReadOnly;
    if (column.access == Access::kHidden) check_told(draft, column, property);
  }

  // The key of an entry or object is a part of what is read, and of a signed URL.
  void check_told(const ModelDraft& draft, const cidl::Column& column,
                  const pre::PropertyNode& property) const {
    for (std::size_t index = 0; index < draft.model.stored.size(); ++index) {
      const cidl::StoredField& field = draft.model.stored[index];
      if (field.access == Access::kHidden || !is_in_key_of(column, field)) continue;
      report(Code::kHiddenKeyTold, find_mark(property.decorators, Mark::kHidden)->span,
             fmt::format(FMT_COMPILE("`{}` is hidden, but it is in the key of `{}`, which callers "
                                     "read"),
                         member_text(draft.model.name, column.name), field.name),
             is_key_of(column, field)
                 ? fmt::format(FMT_COMPILE("remove @Hidden, a key column is read-only by itself; "
                                           "or hide `{}` too"),
                               field.name)
                 : fmt::format(FMT_COMPILE("hide `{}` too, or build its key of other columns"),
                               field.name),
             {{"the field is here", draft.stored_nodes[index]->span}});
    }
  }

  void resolve_relation(const ModelDraft& draft, cidl::Navigation& navigation,
                        const pre::PropertyNode& property) const {
    refuse_writable(draft, property);
    navigation.access = access_of(draft, property);
    if (navigation.access == Access::kHidden) return;
    const bool own = navigation.kind == cidl::NavigationKind::kOneToOne &&
                     navigation.key_owner == cidl::KeyOwner::kSelf;
    const ModelDraft* owner = own ? &draft : find_draft(drafts_, navigation.model);
    if (owner == nullptr) return;
    for (const std::string& name : navigation.columns) {
      const cidl::Column* column = cidl::find_column(owner->model, name);
      if (column == nullptr || column->access == Access::kOpen) continue;
      navigation.access = Access::kReadOnly;
      if (!own || column->access != Access::kHidden) continue;
      report(Code::kHiddenKeyRelated, property.span,
             fmt::format(FMT_COMPILE("`{}` is hidden, but who reads `{}` sees the key it holds"),
                         member_text(draft.model.name, name), navigation.name),
             fmt::format(FMT_COMPILE("hide `{}` too, or let callers see both"), navigation.name),
             {{"the column is here", draft.property(name)->span}});
    }
  }

  const Context& context_;
  std::vector<ModelDraft>& drafts_;
};

class Checker {
 public:
  Checker(const Context& context, const std::vector<ModelDraft>& drafts,
          const std::vector<cidl::PlainObject>& plain_objects)
      : context_(context), drafts_(drafts), plain_objects_(plain_objects) {}

  void run() const {
    for (const ModelDraft& draft : drafts_) {
      check_value(draft.model.value, draft.node().span,
                  fmt::format(FMT_COMPILE("the values of `{}`"), draft.model.name),
                  Closed::kHiddenOrReadOnly);
      for (std::size_t index = 0; index < draft.model.stored.size(); ++index) {
        check_value(draft.model.stored[index].value, draft.stored_nodes[index]->span,
                    fmt::format(FMT_COMPILE("the value of `{}`"),
                                member_text(draft.model.name, draft.model.stored[index].name)),
                    Closed::kHidden);
      }
      if (cidl::has_rows(draft.model) && saves(draft.model)) check_save(draft);
    }
  }

 private:
  enum class Closed : std::uint8_t { kHidden, kHiddenOrReadOnly };

  static bool saves(const cidl::Model& model) {
    return std::any_of(model.methods.begin(), model.methods.end(),
                       [](const cidl::Method& method) { return cidl::rules_of(method).saves; });
  }

  void check_save(const ModelDraft& draft) const {
    const std::vector<DiagnosticNote> notes = {
        {"@CRUD is here", find_mark(draft.node().decorators, Mark::kCrud)->span}};
    for (std::size_t index = 0; index < draft.model.columns.size(); ++index) {
      const cidl::Column& column = draft.model.columns[index];
      const pre::PropertyNode& property = *draft.column_nodes[index];
      const std::string subject = member_text(draft.model.name, column.name);
      if (column.access != Access::kOpen) {
        if (cidl::is_nullable(column.type)) continue;
        context_.reporter.report(
            Code::kNeverInserted, property.span,
            fmt::format(FMT_COMPILE("`{}` must have a value that no caller can give, so SAVE "
                                    "changes rows of `{}` and never adds one"),
                        subject, draft.model.name),
            "let it be `null`, or add rows in a method of the model", notes);
      } else if (const cidl::StoredField* field = field_with_key(draft.model, column)) {
        const bool primary = column.key == cidl::KeyRole::kPrimaryKey;
        context_.reporter.report(
            Code::kKeyOfCallers, property.span,
            fmt::format(FMT_COMPILE("who calls SAVE chooses `{}`, and so reads any {} of `{}` as "
                                    "`{}`"),
                        subject, field->kind == cidl::StoredKind::kKv ? "entry" : "object",
                        field->binding, field->name),
            primary ? "keep the key in a column of its own, which is read-only for callers"
                    : "remove @Writable, and write the key in a method of the model",
            notes);
      }
    }
  }

  // The core passes values of KV on as the text that they are.
  void check_value(const cidl::Type& value, Span span, const std::string& subject,
                   Closed closed) const {
    std::vector<std::string_view> waiting;
    std::unordered_set<std::string_view> seen;
    const auto visit = [&](const cidl::Type& type) {
      const cidl::Type* at = &type;
      while (!at->inner.empty()) at = &at->inner.front();
      if (!at->name.empty() && seen.insert(at->name).second) waiting.push_back(at->name);
    };
    const auto refuse = [&](std::string_view owner, std::string_view name, Access access) {
      if (access == Access::kOpen) return;
      if (access == Access::kReadOnly && closed == Closed::kHidden) return;
      context_.reporter.report(
          Code::kValueConceals, span,
          fmt::format(FMT_COMPILE("{} would have the member `{}`, which is {}"), subject,
                      member_text(owner, name), access == Access::kHidden ? "hidden" : "read-only"),
          "values of KV are read and written whole: keep what callers must not see or give under "
          "another key");
    };
    visit(value);
    while (!waiting.empty()) {
      const std::string_view name = waiting.back();
      waiting.pop_back();
      for (const ModelDraft& draft : drafts_) {
        if (draft.model.name != name) continue;
        for (const auto& column : draft.model.columns) refuse(name, column.name, column.access);
        for (const auto& field : draft.model.stored) refuse(name, field.name, field.access);
        for (const auto& navigation : draft.model.navigations) {
          refuse(name, navigation.name, navigation.access);
          if (seen.insert(navigation.model).second) waiting.push_back(navigation.model);
        }
      }
      for (const cidl::PlainObject& object : plain_objects_) {
        if (object.name != name) continue;
        for (const cidl::Field& field : object.fields) {
          refuse(name, field.name, field.access);
          visit(field.type);
        }
      }
    }
  }

  const Context& context_;
  const std::vector<ModelDraft>& drafts_;
  const std::vector<cidl::PlainObject>& plain_objects_;
};

}  // namespace

Access declared_access(const Context& context, const pre::PropertyNode& property,
                       std::string_view subject) {
  const pre::DecoratorNode* closing = closing_mark(property);
  const pre::DecoratorNode* writable = find_mark(property.decorators, Mark::kWritable);
  if (closing != nullptr && writable != nullptr) {
    context.reporter.report(Code::kAccessConflict, writable->span,
                            fmt::format(FMT_COMPILE("`{}` is both @{} and @{}"), subject,
                                        closing->name, writable->name),
                            "keep the one that is meant",
                            {{"the other one is here", closing->span}});
  }
  if (closing == nullptr) return Access::kOpen;
  return has_mark(property.decorators, Mark::kHidden) ? Access::kHidden : Access::kReadOnly;
}

void resolve_access(const Context& context, std::vector<ModelDraft>& drafts) {
  AccessResolver(context, drafts).run();
}

void check_access(const Context& context, const std::vector<ModelDraft>& drafts,
                  const std::vector<cidl::PlainObject>& plain_objects) {
  Checker(context, drafts, plain_objects).run();
}

}  // namespace cloesce::sema
