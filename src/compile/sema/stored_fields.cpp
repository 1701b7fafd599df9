// Decorators and types of stored fields, checked against each other and against what fills the
// keys.
#include "compile/sema/stored_fields.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "base/limits.h"
#include "cidl/find.h"
#include "cidl/save.h"
#include "cidl/scalar_rules.h"
#include "cidl/store_rules.h"
#include "compile/sema/environment.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"
#include "keys/template.h"

namespace cloesce::sema {
namespace {

/// What the arguments of the decorator say.
struct Source {
  const pre::ValueNode* key = nullptr;      // the template, nullptr with a column
  const pre::ValueNode* column = nullptr;   // the key column
  const pre::ValueNode* binding = nullptr;  // nullptr: the first one
};

bool is_text(const pre::ValueNode& value) { return value.form == pre::ValueForm::kString; }

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The place of a part of a literal; the whole literal when it is written with escapes.
Span part_of(const pre::ValueNode& literal, std::size_t offset, std::size_t length) {
  Span span = literal.span;
  if (span.end - span.begin != literal.text.size() + 2) return span;
  span.begin += static_cast<std::uint32_t>(offset) + 1;
  span.end = span.begin + static_cast<std::uint32_t>(length);
  return span;
}

class FieldReader {
 public:
  FieldReader(const Context& context, const std::optional<cidl::Environment>& environment,
              ModelDraft& draft, const pre::PropertyNode& property)
      : context_(context),
        environment_(environment),
        draft_(draft),
        property_(property),
        subject_(member_text(draft.model.name, property.name)) {}

  bool run() {
    const pre::DecoratorNode* kv = find_mark(property_.decorators, Mark::kKv);
    const pre::DecoratorNode* r2 = find_mark(property_.decorators, Mark::kR2);
    decorator_ = kv != nullptr ? kv : r2;
    if (kv != nullptr && r2 != nullptr) {
      report(Code::kDecoratorMisplaced, r2->span,
             fmt::format(FMT_COMPILE("`{}` has both @{} and @{}"), subject_, kv->name, r2->name),
             "keep the one that is meant");
      return false;
    }
    is_kv_ = kv != nullptr;
    field_.name = property_.name;
    const std::optional<Source> source = read_arguments();
    bool good = source.has_value() && read_key(*source);
    good = read_type(good && source->column != nullptr) && good;
    if (!source) return false;
    field_.binding =
        binding_of(context_, environment_,
                   {is_kv_ ? cidl::BindingKind::kKv : cidl::BindingKind::kR2,
                    fmt::format(FMT_COMPILE("`{}`"), subject_), source->binding, decorator_->span});
    if (!good || field_.binding.empty()) return false;
    draft_.model.stored.push_back(std::move(field_));
    draft_.stored_nodes.push_back(&property_);
    return true;
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint));
  }

  [[nodiscard]] std::string_view binding_word() const { return is_kv_ ? "namespace" : "bucket"; }

  std::optional<Source> read_arguments() const {
    const auto& arguments = decorator_->arguments;
    if (arguments.size() == 1 && arguments.front().form == pre::ValueForm::kObject) {
      return read_options(arguments.front());
    }
    if (arguments.empty() || arguments.size() > 2 || !is_text(arguments.front())) {
      report(Code::kDecoratorArgument, decorator_->span,
             fmt::format(FMT_COMPILE("@{} of `{}` takes a key and a {}"), decorator_->name,
                         subject_, binding_word()),
             fmt::format(FMT_COMPILE("write `@{0}(\"some/{{id}}\", \"{1}\")`, or `@{0}({{ {1}: "
                                     "\"{1}\", keyColumn: \"column\" }})`"),
                         decorator_->name, binding_word()));
      return std::nullopt;
    }
    Source source;
    source.key = arguments.data();
    if (arguments.size() == 2) source.binding = &arguments[1];
    return source;
  }

  // `{ bucket: "covers", keyColumn: "coverKey" }`
  std::optional<Source> read_options(const pre::ValueNode& options) const {
    Source source;
    const std::array<std::string_view, 2> known = {binding_word(), "keyColumn"};
    for (const pre::ObjectEntry& entry : options.entries) {
      if (entry.key == binding_word()) {
        source.binding = &entry.value;
      } else if (entry.key == "keyColumn") {
        source.column = &entry.value;
      } else {
        report(Code::kDecoratorArgument, entry.span,
               fmt::format(FMT_COMPILE("@{} of `{}` has no option `{}`"), decorator_->name,
                           subject_, entry.key),
               did_you_mean(known, entry.key,
                            fmt::format(FMT_COMPILE("the options are `{}` and `keyColumn`"),
                                        binding_word())));
        return std::nullopt;
      }
    }
    if (source.column != nullptr) return source;
    report(Code::kDecoratorArgument, options.span,
           fmt::format(FMT_COMPILE("@{} of `{}` does not say where the key is"), decorator_->name,
                       subject_),
           "name the column that holds it: `keyColumn: \"column\"`");
    return std::nullopt;
  }

  bool read_key(const Source& source) {
    return source.column != nullptr ? read_column(*source.column) : read_template(*source.key);
  }

  bool read_column(const pre::ValueNode& name) {
    if (!cidl::has_rows(draft_.model)) {
      report(Code::kKeyColumn, name.span,
             fmt::format(FMT_COMPILE("`{}` has no columns that could hold the key of `{}`"),
                         draft_.model.name, property_.name),
             "write the key: `\"some/{id}\"` with a @KeyParam called `id`");
      return false;
    }
    const cidl::Column* column =
        is_text(name) ? cidl::find_column(draft_.model, name.text) : nullptr;
    if (column == nullptr) {
      if (is_text(name) && draft_.is_broken(name.text)) return false;
      report(Code::kKeyColumn, name.span,
             fmt::format(FMT_COMPILE("`{}` has no column `{}` for the key of `{}`"),
                         draft_.model.name, name.text, property_.name),
             did_you_mean(draft_.column_names(), name.text, "name a column of type string"));
      return false;
    }
    if (cidl::without_nullable(column->type).kind != cidl::TypeKind::kText) {
      report(Code::kKeyColumn, name.span,
             fmt::format(FMT_COMPILE("the key of `{}` is in `{}`, which is {}"), subject_,
                         column->name, cidl::type_to_text(column->type)),
             "a key is a string: name a column of type `string` or `string | null`");
      return false;
    }
    field_.key_column = column->name;
    return true;
  }

  bool read_template(const pre::ValueNode& literal) {
    const keys::Template parsed = keys::parse(literal.text);
    if (!parsed.ok()) {
      report_problem(literal, parsed);
      return false;
    }
    std::size_t bytes = 0;
    bool good = true;
    const keys::Part* before = nullptr;
    for (const keys::Part& part : parsed.parts) {
      if (part.kind == keys::PartKind::kLiteral) {
        bytes += part.text.size();
      } else {
        good = check_placeholder(literal, part, before) && good;
      }
      before = &part;
    }
    const std::size_t limit = is_kv_ ? limits::kKvKeyBytes : limits::kR2KeyBytes;
    if (bytes > limit) {
      report(Code::kKeyTemplate, literal.span,
             fmt::format(FMT_COMPILE("the key of `{}` is longer than keys can be"), subject_),
             fmt::format(FMT_COMPILE("at most {} bytes, placeholders filled in"), limit));
      return false;
    }
    field_.key_template = literal.text;
    return good;
  }

  void report_problem(const pre::ValueNode& literal, const keys::Template& parsed) const {
    const auto fail = [&](std::string_view what, std::string_view hint, std::size_t length) {
      report(Code::kKeyTemplate, part_of(literal, parsed.problem_offset, length),
             fmt::format(FMT_COMPILE("the key of `{}` {}"), subject_, what), std::string(hint));
    };
    switch (parsed.problem) {
      case keys::TemplateProblem::kNone:
        return;
      case keys::TemplateProblem::kEmpty:
        return report(Code::kKeyTemplate, literal.span,
                      fmt::format(FMT_COMPILE("the key of `{}` is empty"), subject_),
                      "write the key, with columns or key parameters in braces: `\"users/{id}\"`");
      case keys::TemplateProblem::kNotOpened:
        return fail("has a `}` without its `{`", "write `{name}`; keys themselves have no braces",
                    1);
      case keys::TemplateProblem::kNotClosed:
        return fail("has a `{` without its `}`", "write `{name}`; keys themselves have no braces",
                    1);
      case keys::TemplateProblem::kNameMissing:
        return fail("has a placeholder without a name",
                    "write the name of a column or of a key parameter in the braces", 2);
    }
  }

  bool check_placeholder(const pre::ValueNode& literal, const keys::Part& part,
                         const keys::Part* before) const {
    const std::size_t offset = static_cast<std::size_t>(part.text.data() - literal.text.data()) - 1;
    const Span span = part_of(literal, offset, part.text.size() + 2);
    if (before != nullptr && before->kind == keys::PartKind::kPlaceholder) {
      report(Code::kKeyTemplate, span,
             fmt::format(FMT_COMPILE("nothing in the key of `{}` stands between `{{{}}}` and "
                                     "`{{{}}}`, so that two objects could share a key"),
                         subject_, before->text, part.text),
             fmt::format(FMT_COMPILE("write `{{{}}}/{{{}}}`"), before->text, part.text));
      return false;
    }
    if (contains(draft_.model.key_parameters, part.text)) return true;
    if (const cidl::Column* column = cidl::find_column(draft_.model, part.text)) {
      if (can_be_in_a_key(column->type)) return true;
      report(Code::kKeyPlaceholder, span,
             fmt::format(FMT_COMPILE("the key of `{}` needs `{}`, which is {}"), subject_,
                         column->name, cidl::type_to_text(column->type)),
             "a part of a key is an Integer, a string, a boolean or a Date, and never null");
      return false;
    }
    if (draft_.is_broken(part.text)) return false;
    std::vector<std::string_view> names = draft_.column_names();
    names.insert(names.end(), draft_.model.key_parameters.begin(),
                 draft_.model.key_parameters.end());
    report(
        Code::kKeyPlaceholder, span,
        fmt::format(FMT_COMPILE("the key of `{}` needs `{}`, which `{}` does not have"), subject_,
                    part.text, draft_.model.name),
        did_you_mean(names, part.text,
                     fmt::format(FMT_COMPILE("declare it: `@KeyParam {}: string;`"), part.text)));
    return false;
  }

  bool read_type(bool has_column) {
    if (!property_.type) {
      report(Code::kTypeMissing, property_.span,
             fmt::format(FMT_COMPILE("the field `{}` has no type"), subject_),
             fmt::format(FMT_COMPILE("write its type: `{}: {}`"), property_.name, single_form()));
      return false;
    }
    auto type = context_.types.resolve(*property_.type, {Position::kField, subject_});
    if (!type) return false;
    const cidl::Type* at = &cidl::without_nullable(*type);
    if (at->kind == cidl::TypeKind::kArray || at->kind == cidl::TypeKind::kPage) {
      field_.form =
          at->kind == cidl::TypeKind::kArray ? cidl::StoredForm::kList : cidl::StoredForm::kPage;
      at = &cidl::without_nullable(at->inner.front());
    }
    if (is_kv_ ? at->kind == cidl::TypeKind::kKvValue : at->kind == cidl::TypeKind::kR2Object) {
      field_.kind = is_kv_ ? cidl::StoredKind::kKv : cidl::StoredKind::kR2;
    } else if (!is_kv_ && at->kind == cidl::TypeKind::kR2Download) {
      field_.kind = cidl::StoredKind::kR2Download;
    } else {
      report(Code::kStoredFieldType, property_.type->span,
             fmt::format(FMT_COMPILE("`{}` is filled from {}, but its type is {}"), subject_,
                         is_kv_ ? "KV" : "R2", cidl::type_to_text(*type)),
             fmt::format(FMT_COMPILE("write `{}`, or a list of it"), single_form()));
      return false;
    }
    return check_form(*at, has_column);
  }

  bool check_form(const cidl::Type& single, bool has_column) {
    const bool many = field_.form != cidl::StoredForm::kOne;
    if (many && has_column) {
      report(Code::kStoredFieldType, property_.type->span,
             fmt::format(FMT_COMPILE("`{}` is a list, but a column holds one key"), subject_),
             fmt::format(FMT_COMPILE("write `{}`, or a key that all of them begin with"),
                         single_form()));
      return false;
    }
    if (many && field_.kind == cidl::StoredKind::kR2Download) {
      report(Code::kStoredFieldType, property_.type->span,
             fmt::format(FMT_COMPILE("`{}` is a list of download URLs, each of which is signed "
                                     "for one object"),
                         subject_),
             "write `R2Object[]`, and sign the one that is asked for");
      return false;
    }
    if (!is_kv_) return true;
    const cidl::Type& value = single.inner.front();
    if (cidl::is_nullable(value)) {
      report(Code::kStoredFieldType, property_.type->span,
             fmt::format(FMT_COMPILE("the value of `{}` cannot be null"), subject_),
             "remove `null`: the field itself is null where the namespace has no such key");
      return false;
    }
    field_.value = value;
    return true;
  }

  [[nodiscard]] std::string_view single_form() const {
    return is_kv_ ? "KValue<T> | null" : "R2Object | null";
  }

  const Context& context_;
  const std::optional<cidl::Environment>& environment_;
  ModelDraft& draft_;
  const pre::PropertyNode& property_;
  std::string subject_;
  const pre::DecoratorNode* decorator_ = nullptr;
  bool is_kv_ = false;
  cidl::StoredField field_;
};

bool is_stored(const pre::PropertyNode& property) {
  return property.placement == pre::Placement::kInstance &&
         (has_mark(property.decorators, Mark::kKv) || has_mark(property.decorators, Mark::kR2));
}

}  // namespace

void declare_stored_fields(const Context& context,
                           const std::optional<cidl::Environment>& environment, ModelDraft& draft) {
  for (const pre::PropertyNode& property : draft.node().properties) {
    if (!is_stored(property) || draft.is_broken(property.name)) continue;
    if (!FieldReader(context, environment, draft, property).run()) {
      draft.broken.push_back(property.name);
    }
  }
}

void check_signing_keys(const Context& context, const std::optional<cidl::Environment>& environment,
                        const std::vector<ModelDraft>& drafts) {
  struct Key {
    cidl::VariableKind kind;
    std::string_view type;
  };
  constexpr std::array kKeys = {
      Key{cidl::VariableKind::kR2Endpoint, "R2Endpoint"},
      Key{cidl::VariableKind::kR2AccessKeyId, "R2AccessKeyId"},
      Key{cidl::VariableKind::kR2SecretAccessKey, "R2SecretAccessKey"},
  };
  if (!environment) return;  // the missing bucket is reported
  std::vector<std::string_view> missing;
  for (const Key& key : kKeys) {
    const auto& variables = environment->variables;
    if (std::none_of(variables.begin(), variables.end(),
                     [&](const cidl::Variable& variable) { return variable.kind == key.kind; })) {
      missing.push_back(key.type);
    }
  }
  if (missing.empty()) return;
  for (const ModelDraft& draft : drafts) {
    for (std::size_t index = 0; index < draft.model.stored.size(); ++index) {
      if (draft.model.stored[index].kind != cidl::StoredKind::kR2Download) continue;
      context.reporter.report(
          Code::kSigningKeys, draft.stored_nodes[index]->span,
          fmt::format(FMT_COMPILE("`{}` is a signed URL, but `{}` has no {}"),
                      member_text(draft.model.name, draft.model.stored[index].name),
                      environment->name, fmt::join(missing, ", no ")),
          fmt::format(FMT_COMPILE("declare `endpoint: R2Endpoint; accessKeyId: R2AccessKeyId; "
                                  "secretAccessKey: R2SecretAccessKey;` in `{}`"),
                      environment->name));
      return;
    }
  }
}

std::string_view key_parameter_of(const cidl::Model& model, const cidl::StoredField& field) {
  const keys::Template parsed = keys::parse(field.key_template);
  for (const keys::Part& part : parsed.parts) {
    if (part.kind == keys::PartKind::kPlaceholder && contains(model.key_parameters, part.text)) {
      return part.text;
    }
  }
  return {};
}

}  // namespace cloesce::sema
