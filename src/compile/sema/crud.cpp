// The methods that @CRUD stands for.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cidl/find.h"
#include "compile/sema/marks.h"
#include "compile/sema/media.h"
#include "compile/sema/methods.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

struct Kind {
  std::string_view word;
  std::string_view method;
  cidl::Builtin builtin;
};

// In the order in which the methods stand in the model.
constexpr std::array kKinds = {
    Kind{"SAVE", "save", cidl::Builtin::kSave},
    Kind{"GET", "get", cidl::Builtin::kGet},
    Kind{"LIST", "list", cidl::Builtin::kList},
    Kind{"DELETE", "delete", cidl::Builtin::kDelete},
};

constexpr std::array<std::string_view, 4> kWords = {"SAVE", "GET", "LIST", "DELETE"};

using Chosen = std::array<bool, kKinds.size()>;

void choose(const Context& context, const ModelDraft& draft, const pre::ValueNode& value,
            Chosen& chosen) {
  if (value.form == pre::ValueForm::kString) {
    for (std::size_t index = 0; index < kKinds.size(); ++index) {
      if (!same_but_for_case(kKinds[index].word, value.text)) continue;
      chosen[index] = true;
      return;
    }
    const bool head = same_but_for_case(value.text, "HEAD");
    context.reporter.report(
        Code::kCrudKind, value.span,
        head ? fmt::format(FMT_COMPILE("`{}` is a D1 model, HEAD is for R2 models"),
                           draft.model.name)
             : fmt::format(FMT_COMPILE("`{}` is no kind of @CRUD"), value.text),
        did_you_mean(kWords, value.text, "the kinds are SAVE, GET, LIST and DELETE"));
    return;
  }
  context.reporter.report(
      Code::kDecoratorArgument, value.span,
      fmt::format(FMT_COMPILE("@CRUD of `{}` takes a list of kinds"), draft.model.name),
      "write `@CRUD([\"SAVE\", \"GET\", \"LIST\", \"DELETE\"])`, or `@CRUD()` for all");
}

cidl::Type object_of(const ModelDraft& draft, cidl::TypeKind kind) {
  return {kind, draft.model.name, {}};
}

cidl::Type around(cidl::TypeKind kind, cidl::Type inner) {
  cidl::Type type{kind, {}, {}};
  type.inner.push_back(std::move(inner));
  return type;
}

cidl::Method make(const ModelDraft& draft, const Kind& kind) {
  cidl::Method method;
  method.name = kind.method;
  method.builtin = kind.builtin;
  cidl::Type answer = object_of(draft, cidl::TypeKind::kObject);
  switch (kind.builtin) {
    case cidl::Builtin::kSave:
      method.verb = cidl::Verb::kPost;
      method.parameters.push_back({"model", object_of(draft, cidl::TypeKind::kPartial)});
      break;
    case cidl::Builtin::kGet:
      for (const cidl::Column* key : cidl::primary_key(draft.model)) {
        method.parameters.push_back({key->name, key->type});
      }
      break;
    case cidl::Builtin::kList:
      answer = around(cidl::TypeKind::kArray, std::move(answer));
      break;
    default:
      method.verb = cidl::Verb::kDelete;
      method.scope = cidl::MethodScope::kInstance;
      answer = cidl::Type{};
      break;
  }
  method.returns = around(cidl::TypeKind::kHttpResult, std::move(answer));
  return method;
}

}  // namespace

std::vector<cidl::Method> crud_methods(const Context& context, const BytesFinder& bytes,
                                       const ModelDraft& draft) {
  const pre::DecoratorNode* decorator = find_mark(draft.node().decorators, Mark::kCrud);
  if (decorator == nullptr) return {};
  Chosen chosen{};
  for (const pre::ValueNode& argument : decorator->arguments) {
    if (argument.form == pre::ValueForm::kArray) {
      for (const pre::ValueNode& item : argument.items) choose(context, draft, item, chosen);
    } else {
      choose(context, draft, argument, chosen);
    }
  }
  if (decorator->arguments.empty()) chosen.fill(true);

  std::vector<cidl::Method> methods;
  bool reads = false;
  for (std::size_t index = 0; index < kKinds.size(); ++index) {
    if (!chosen[index]) continue;
    cidl::Method& method = methods.emplace_back(make(draft, kKinds[index]));
    // The core saves what it reads itself, bytes included: they come as base64.
    method.parameters_media = cidl::MediaType::kJson;
    reads = reads || method.builtin != cidl::Builtin::kDelete;
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
    context.reporter.report(
        Code::kBytesInflated, decorator->span,
        fmt::format(FMT_COMPILE("@CRUD of `{}` answers its Blob columns inside JSON, as base64, a "
                                "third larger"),
                    draft.model.name),
        "keep the bytes in a model of their own, and answer them alone from a method");
  }
  return methods;
}

}  // namespace cloesce::sema
