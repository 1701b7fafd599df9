// The methods that @CRUD stands for.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "cidl/builtin_rules.h"
#include "cidl/find.h"
#include "cidl/make_type.h"
#include "cidl/store_rules.h"
#include "compile/sema/marks.h"
#include "compile/sema/media.h"
#include "compile/sema/methods.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"
#include "compile/sema/stored_fields.h"

namespace cloesce::sema {
namespace {

using Kinds = std::span<const cidl::Builtin>;

// One flag for each of the kinds.
using Chosen = std::vector<bool>;

std::vector<std::string_view> words_of(Kinds kinds) {
  std::vector<std::string_view> words;
  for (const cidl::Builtin kind : kinds) words.push_back(cidl::rules_of(kind).kind);
  return words;
}

bool is_kind_of_another(std::string_view word) {
  const auto has_word = [word](cidl::Builtin kind) {
    return same_but_for_case(cidl::rules_of(kind).kind, word);
  };
  return std::any_of(std::begin(cidl::kAllStores), std::end(cidl::kAllStores),
                     [&](cidl::StorageKind storage) {
                       const Kinds kinds = cidl::store_of(storage).crud;
                       return std::any_of(kinds.begin(), kinds.end(), has_word);
                     });
}

void choose(const Context& context, const ModelDraft& draft, Kinds kinds,
            const pre::ValueNode& value, Chosen& chosen) {
  const std::vector<std::string_view> words = words_of(kinds);
  if (value.form == pre::ValueForm::kString) {
    for (std::size_t index = 0; index < kinds.size(); ++index) {
      if (!same_but_for_case(words[index], value.text)) continue;
      chosen[index] = true;
      return;
    }
    std::string known = fmt::format(FMT_COMPILE("the kinds of {} are {}"),
                                    describe(draft.entry->kind), fmt::join(words, ", "));
    if (is_kind_of_another(value.text)) {
      context.reporter.report(
          Code::kCrudKind, value.span,
          fmt::format(FMT_COMPILE("`{}` is {}, which has no {}"), draft.model.name,
                      describe(draft.entry->kind), value.text),
          std::move(known));
      return;
    }
    context.reporter.report(Code::kCrudKind, value.span,
                            fmt::format(FMT_COMPILE("`{}` is no kind of @CRUD"), value.text),
                            did_you_mean(words, value.text, known));
    return;
  }
  context.reporter.report(
      Code::kDecoratorArgument, value.span,
      fmt::format(FMT_COMPILE("@CRUD of `{}` takes a list of kinds"), draft.model.name),
      fmt::format(FMT_COMPILE("write `@CRUD([\"{}\"])`, or `@CRUD()` for all"),
                  fmt::join(words, "\", \"")));
}

cidl::Type object_of(const ModelDraft& draft, cidl::TypeKind kind) {
  return {kind, draft.model.name, {}};
}

cidl::Parameter optional(std::string_view name, cidl::TypeKind kind) {
  return {std::string(name), cidl::type_around(cidl::TypeKind::kNullable, cidl::plain_type(kind))};
}

// A page of a list.
std::vector<cidl::Parameter> page_parameters() {
  return {optional("prefix", cidl::TypeKind::kText), optional("cursor", cidl::TypeKind::kText),
          optional("limit", cidl::TypeKind::kInteger)};
}

// A page of rows, and what the model opens of them.
std::vector<cidl::Parameter> list_parameters(const ModelDraft& draft) {
  std::vector<cidl::Parameter> parameters;
  if (draft.model.list.has_value()) {
    if (!draft.model.list->where.empty()) {
      parameters.push_back(optional("where", cidl::TypeKind::kJsonValue));
    }
    if (!draft.model.list->order_by.empty()) {
      parameters.push_back(optional("orderBy", cidl::TypeKind::kJsonValue));
    }
  }
  parameters.push_back(optional("limit", cidl::TypeKind::kInteger));
  parameters.push_back(optional("after", cidl::TypeKind::kText));
  return parameters;
}

// What a ready-made method takes and answers, and its verb where it is not that of its kind.
struct Signature {
  std::vector<cidl::Parameter> parameters;
  cidl::Type returns;
  std::optional<cidl::Verb> verb = {};
};

Signature of_rows(const ModelDraft& draft, cidl::Builtin builtin) {
  Signature made;
  cidl::Type object = object_of(draft, cidl::TypeKind::kObject);
  switch (builtin) {
    case cidl::Builtin::kSave:
      made.parameters.push_back({"model", object_of(draft, cidl::TypeKind::kPartial)});
      break;
    case cidl::Builtin::kGet:
      for (const cidl::Column* key : cidl::primary_key(draft.model)) {
        made.parameters.push_back({key->name, key->type});
      }
      for (const std::string& key : draft.model.key_parameters) {
        made.parameters.push_back({key, cidl::plain_type(cidl::TypeKind::kText)});
      }
      break;
    default:
      made.parameters = list_parameters(draft);
      object = cidl::type_around(cidl::TypeKind::kArray, std::move(object));
      break;
  }
  made.returns = std::move(object);
  return made;
}

Signature of_entries(const ModelDraft& draft, cidl::Builtin builtin) {
  const bool stream = draft.model.value.kind == cidl::TypeKind::kStream;
  Signature made;
  made.returns = object_of(draft, cidl::TypeKind::kObject);
  switch (builtin) {
    case cidl::Builtin::kSave:
      made.parameters = {{"key", cidl::plain_type(cidl::TypeKind::kText)},
                         {"value", draft.model.value},
                         optional("metadata", cidl::TypeKind::kJsonValue),
                         optional("expirationTtl", cidl::TypeKind::kInteger),
                         optional("expiration", cidl::TypeKind::kInteger)};
      // The stream is the body, and it is not read back.
      if (stream) made.verb = cidl::Verb::kPut;
      if (stream) made.returns = {};
      break;
    case cidl::Builtin::kGet:
      made.parameters.push_back({"key", cidl::plain_type(cidl::TypeKind::kText)});
      if (stream) made.returns = cidl::plain_type(cidl::TypeKind::kStream);
      break;
    default:
      made.parameters = page_parameters();
      made.returns = cidl::type_around(cidl::TypeKind::kPage, std::move(made.returns));
      break;
  }
  return made;
}

Signature of_objects(const ModelDraft& draft, cidl::Builtin builtin) {
  Signature made;
  const cidl::Parameter key = {"key", cidl::plain_type(cidl::TypeKind::kText)};
  switch (builtin) {
    case cidl::Builtin::kHead:
      made.parameters.push_back(key);
      made.returns = cidl::plain_type(cidl::TypeKind::kR2Object);
      break;
    case cidl::Builtin::kGet:
      made.parameters.push_back(key);
      made.returns = cidl::plain_type(cidl::TypeKind::kStream);
      break;
    case cidl::Builtin::kPut:
      made.parameters = {key,
                         {"value", cidl::plain_type(cidl::TypeKind::kStream)},
                         optional("contentType", cidl::TypeKind::kText),
                         optional("metadata", cidl::TypeKind::kJsonValue)};
      made.returns = object_of(draft, cidl::TypeKind::kObject);
      break;
    default:
      made.parameters = page_parameters();
      made.returns =
          cidl::type_around(cidl::TypeKind::kPage, cidl::plain_type(cidl::TypeKind::kR2Object));
      break;
  }
  return made;
}

Signature signature_of(const ModelDraft& draft, cidl::Builtin builtin) {
  switch (draft.model.storage) {
    case cidl::StorageKind::kKv:
      return of_entries(draft, builtin);
    case cidl::StorageKind::kR2:
      return of_objects(draft, builtin);
    case cidl::StorageKind::kD1:
    case cidl::StorageKind::kKeys:
      break;
  }
  return of_rows(draft, builtin);
}

cidl::Method make(const ModelDraft& draft, cidl::Builtin kind, const BytesFinder& bytes) {
  const cidl::BuiltinRules& rules = cidl::rules_of(kind);
  cidl::Method method;
  method.name = rules.name;
  method.builtin = kind;
  method.verb = rules.verb;
  method.scope = rules.scope;
  if (!rules.answers) {
    method.returns = cidl::type_around(cidl::TypeKind::kHttpResult, {});
    return method;
  }
  Signature signature = signature_of(draft, kind);
  method.verb = signature.verb.value_or(method.verb);
  method.parameters = std::move(signature.parameters);
  method.returns_media = returns_media(signature.returns);
  method.returns = cidl::type_around(cidl::TypeKind::kHttpResult, std::move(signature.returns));
  for (const cidl::Parameter& parameter : method.parameters) {
    // Beside a stream all else is in the query.
    if (parameter.type.kind == cidl::TypeKind::kStream) {
      method.parameters_media = cidl::MediaType::kOctet;
      return method;
    }
  }
  // The core saves the rows that it reads itself, bytes included: they come as base64.
  if (!cidl::has_rows(draft.model)) {
    method.parameters_media = parameters_media(method, bytes);
  }
  return method;
}

// Whether JSON can list the values.
bool check_list(const Context& context, const ModelDraft& draft,
                const pre::DecoratorNode& decorator) {
  if (draft.model.value.kind == cidl::TypeKind::kStream) {
    if (decorator.arguments.empty()) return false;  // all that there can be
    context.reporter.report(
        Code::kStreamInJson, decorator.span,
        fmt::format(FMT_COMPILE("LIST of `{}` would be JSON, which cannot hold its streams"),
                    draft.model.name),
        "leave LIST out of @CRUD, and list the keys in a method: `kv.list({ prefix })`");
    return false;
  }
  for (const cidl::DataSource& source : draft.model.data_sources) {
    for (const cidl::IncludeNode& node : source.tree.nodes) {
      const cidl::StoredField* field = cidl::find_stored(draft.model, node.name);
      if (field == nullptr) continue;
      const std::string_view parameter = key_parameter_of(draft.model, *field);
      if (parameter.empty()) continue;
      context.reporter.report(
          Code::kIncludeKeyParameter, decorator.span,
          fmt::format(FMT_COMPILE("LIST of `{}` cannot fill `{}` of the data source `{}`, whose "
                                  "key needs the key parameter `{}`"),
                      draft.model.name, field->name, source.name, parameter),
          "leave LIST out of @CRUD, or build the key of columns");
      return true;
    }
  }
  return true;
}

}  // namespace

std::vector<cidl::Method> crud_methods(const Context& context, const BytesFinder& bytes,
                                       const ModelDraft& draft) {
  const pre::DecoratorNode* decorator = find_mark(draft.node().decorators, Mark::kCrud);
  if (decorator == nullptr) return {};
  const Kinds kinds = cidl::store_of(draft.model).crud;
  Chosen chosen(kinds.size(), decorator->arguments.empty());
  for (const pre::ValueNode& argument : decorator->arguments) {
    if (argument.form == pre::ValueForm::kObject && &argument != decorator->arguments.data()) {
      continue;  // options, which resolve_writes and resolve_lists read
    }
    if (argument.form == pre::ValueForm::kArray) {
      for (const pre::ValueNode& item : argument.items) {
        choose(context, draft, kinds, item, chosen);
      }
    } else {
      choose(context, draft, kinds, argument, chosen);
    }
  }

  std::vector<cidl::Method> methods;
  bool reads = false;
  for (std::size_t index = 0; index < kinds.size(); ++index) {
    if (!chosen[index]) continue;
    if (cidl::rules_of(kinds[index]).lists && !check_list(context, draft, *decorator)) {
      continue;
    }
    cidl::Method& method = methods.emplace_back(make(draft, kinds[index], bytes));
    reads =
        reads || (cidl::rules_of(method).answers && method.returns_media == cidl::MediaType::kJson);
    // Static members of the client class do not clash with properties; `delete` is no static one.
    if (method.scope == cidl::MethodScope::kStatic) continue;
    if (const pre::PropertyNode* property = draft.property(method.name)) {
      context.reporter.report(
          Code::kNameRepeated, property->span,
          fmt::format(FMT_COMPILE("`{}` is both a property and a method of @CRUD"),
                      member_text(draft.model.name, property->name)),
          "rename the property, or leave the kind out of @CRUD",
          {{"@CRUD is here", decorator->span}});
    }
  }
  if (reads && bytes.holds_blob(object_of(draft, cidl::TypeKind::kObject), Reach::kOwnMembers)) {
    const bool rows = cidl::has_rows(draft.model);
    context.reporter.report(
        Code::kBytesInflated, decorator->span,
        fmt::format(FMT_COMPILE("@CRUD of `{}` answers its {} inside JSON, as base64, a third "
                                "larger"),
                    draft.model.name, rows ? "Blob columns" : "bytes"),
        rows ? "keep the bytes in a model of their own, and answer them alone from a method"
             : "write `KVModel<ReadableStream>`, whose values travel as they are");
  }
  return methods;
}

}  // namespace cloesce::sema
