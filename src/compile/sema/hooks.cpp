// Looks up the class and the method of each hook.
#include "compile/sema/hooks.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "cidl/store_rules.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

// What has routes: the name of a model or service with its methods.
struct Namespace {
  std::string_view name;
  const std::vector<cidl::Method>* methods = nullptr;
  const cidl::Model* model = nullptr;
};

std::vector<Namespace> namespaces_of(const cidl::Interface& interface) {
  std::vector<Namespace> all;
  for (const cidl::Model& model : interface.models)
    all.push_back({model.name, &model.methods, &model});
  for (const cidl::Service& service : interface.services) {
    all.push_back({service.name, &service.methods, nullptr});
  }
  return all;
}

// Whether a request reads an instance for the method: its own, or the object of a ready-made one.
bool reads_instance(const cidl::Method& method) {
  switch (method.builtin) {
    case cidl::Builtin::kNone:
      return method.scope == cidl::MethodScope::kInstance;
    case cidl::Builtin::kGet:
    case cidl::Builtin::kHead:
    case cidl::Builtin::kDelete:
      return true;
    default:
      return false;
  }
}

class HookChecker {
 public:
  HookChecker(const Context& context, const cidl::Interface& interface)
      : context_(context), namespaces_(namespaces_of(interface)) {}

  void check(const pre::HookNode& hook) const {
    if (!hook.name_space) return;
    const pre::ValueNode& value = *hook.name_space;
    const bool text = value.form == pre::ValueForm::kString;
    if (!text && value.form != pre::ValueForm::kName) return;
    const auto known = std::find_if(namespaces_.begin(), namespaces_.end(),
                                    [&](const Namespace& one) { return one.name == value.text; });
    if (known == namespaces_.end()) return unknown_namespace(value, text);
    if (hook.kind == pre::HookKind::kScope) return check_scope(*known, value);
    if (known->methods->empty()) {
      report(Code::kHookNamespace, value.span,
             fmt::format(FMT_COMPILE("a hook stands in front of `{}`, which has no routes"),
                         value.text),
             "give one of its methods a verb, or remove the hook");
      return;
    }
    if (hook.kind == pre::HookKind::kMethod && hook.method) check_method(*known, *hook.method);
    if (hook.kind == pre::HookKind::kInstance) check_instance(*known, value);
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint));
  }

  // A name may also be a variable of the file, which is left to the start of the Worker.
  void unknown_namespace(const pre::ValueNode& value, bool text) const {
    const ClassEntry* entry = context_.classes.find(value.text);
    if (entry != nullptr && (is_model(entry->kind) || entry->kind == ClassKind::kService)) {
      return;  // broken, and reported
    }
    const bool is_class = entry != nullptr || context_.classes.undecorated(value.text) != nullptr;
    if (!text && !is_class) return;
    std::vector<std::string_view> names;
    for (const Namespace& one : namespaces_) names.push_back(one.name);
    report(Code::kHookNamespace, value.span,
           is_class ? fmt::format(FMT_COMPILE("a hook stands in front of `{}`, which is no model "
                                              "and no service"),
                                  value.text)
                    : fmt::format(FMT_COMPILE("a hook stands in front of `{}`, but there is no "
                                              "such model or service"),
                                  value.text),
           did_you_mean(names, value.text,
                        "name the class whose routes it guards: as it is, it guards nothing"));
  }

  void check_scope(const Namespace& known, const pre::ValueNode& value) const {
    if (known.model != nullptr && cidl::has_rows(*known.model)) return;
    report(Code::kHookNamespace, value.span,
           fmt::format(FMT_COMPILE("a scope narrows the rows of `{}`, which has none"), value.text),
           "only models on D1 have rows: use `onNamespace` or `onMethod` for this one");
  }

  void check_method(const Namespace& known, const pre::ValueNode& value) const {
    if (value.form != pre::ValueForm::kString) return;
    std::vector<std::string_view> names;
    for (const cidl::Method& method : *known.methods) names.push_back(method.name);
    if (std::find(names.begin(), names.end(), value.text) != names.end()) return;
    report(Code::kHookMethod, value.span,
           fmt::format(FMT_COMPILE("a hook stands in front of `{}`, which is no route"),
                       member_text(known.name, value.text)),
           hint_for(known, value.text, names));
  }

  std::string hint_for(const Namespace& known, const std::string& method,
                       const std::vector<std::string_view>& names) const {
    const ClassEntry* entry = context_.classes.find(known.name);
    if (entry != nullptr) {
      for (const pre::MethodNode& node : entry->node->methods) {
        if (node.name == method) return "the method has no verb: give it one, or remove the hook";
      }
    }
    static constexpr std::string_view kReadyMade[] = {"save",   "get",  "list",
                                                      "delete", "head", "put"};
    if (known.model != nullptr &&
        std::find(std::begin(kReadyMade), std::end(kReadyMade), method) != std::end(kReadyMade)) {
      std::string kind = method;
      for (char& letter : kind) letter = static_cast<char>(letter - 'a' + 'A');
      return fmt::format(
          FMT_COMPILE("`@CRUD` of `{}` does not make it: add \"{}\" there, or remove "
                      "the hook"),
          known.name, kind);
    }
    return did_you_mean(
        names, method,
        fmt::format(FMT_COMPILE("the routes of `{}` are {}"), known.name, fmt::join(names, ", ")));
  }

  void check_instance(const Namespace& known, const pre::ValueNode& value) const {
    if (known.model == nullptr) {
      report(Code::kHookInstance, value.span,
             fmt::format(FMT_COMPILE("a hook looks at instances of `{}`, which is a service"),
                         value.text),
             "a service has no instance to read: use `onNamespace` or `onMethod`");
      return;
    }
    if (std::any_of(known.methods->begin(), known.methods->end(), reads_instance)) return;
    report(Code::kHookInstance, value.span,
           fmt::format(FMT_COMPILE("a hook looks at instances of `{}`, but no route reads one"),
                       value.text),
           "LIST and SAVE have no instance: use `onMethod` for them");
  }

  const Context& context_;
  std::vector<Namespace> namespaces_;
};

}  // namespace

void check_hooks(const Context& context, const cidl::Interface& interface) {
  if (!context.project.app) return;
  const HookChecker checker(context, interface);
  for (const pre::HookNode& hook : context.project.app->hooks) checker.check(hook);
}

}  // namespace cloesce::sema
