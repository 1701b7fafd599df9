// Reads the environment and gives models their database.
#include "compile/sema/environment.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

constexpr std::array<std::string_view, 6> kStorageTypes = {
    "D1Database", "KVNamespace", "R2Bucket", "R2Endpoint", "R2AccessKeyId", "R2SecretAccessKey"};

/// How messages speak of the bindings of one kind.
struct Words {
  std::string_view storage;
  std::string_view noun;
  std::string_view type;
  std::string_view example;
};

constexpr Words kDatabase = {"D1", "database", "D1Database", "db"};
constexpr Words kNamespace = {"KV", "namespace", "KVNamespace", "kv"};
constexpr Words kBucket = {"R2", "bucket", "R2Bucket", "bucket"};

const Words& words_of(cidl::BindingKind kind) {
  switch (kind) {
    case cidl::BindingKind::kD1:
      return kDatabase;
    case cidl::BindingKind::kKv:
      return kNamespace;
    case cidl::BindingKind::kR2:
      return kBucket;
  }
  return kDatabase;
}

std::optional<cidl::BindingKind> binding_kind(std::string_view type) {
  if (type == "D1Database") return cidl::BindingKind::kD1;
  if (type == "KVNamespace") return cidl::BindingKind::kKv;
  if (type == "R2Bucket") return cidl::BindingKind::kR2;
  return std::nullopt;
}

std::optional<cidl::VariableKind> variable_kind(std::string_view type) {
  if (type == "string") return cidl::VariableKind::kText;
  if (type == "R2Endpoint") return cidl::VariableKind::kR2Endpoint;
  if (type == "R2AccessKeyId") return cidl::VariableKind::kR2AccessKeyId;
  if (type == "R2SecretAccessKey") return cidl::VariableKind::kR2SecretAccessKey;
  return std::nullopt;
}

void add_member(const Context& context, const pre::ClassNode& node,
                const pre::PropertyNode& property, cidl::Environment& environment) {
  if (!property.type) {
    context.reporter.report(
        Code::kTypeMissing, property.span,
        fmt::format(FMT_COMPILE("`{}` has no type"), member_text(node.name, property.name)),
        "write what it is: `D1Database`, `KVNamespace`, `R2Bucket` or `string`");
    return;
  }
  const std::string_view type = context.types.class_of(*property.type).name;
  if (const auto kind = binding_kind(type)) {
    environment.bindings.push_back({property.name, *kind});
  } else if (const auto variable = variable_kind(type)) {
    environment.variables.push_back({property.name, *variable});
  } else if (type == "number" || type == "boolean" || type == "Integer") {
    environment.variables.push_back({property.name, cidl::VariableKind::kText});
    context.reporter.report(
        Code::kVariableType, property.type->span,
        fmt::format(FMT_COMPILE("the variable `{}` will be written to the wrangler file as text"),
                    member_text(node.name, property.name)),
        "give it its value in the wrangler file, where it stays as you write it");
  } else if (const auto near = nearest_name(kStorageTypes, type); !near.empty()) {
    context.reporter.report(Code::kTypeUnknown, property.type->span,
                            fmt::format(FMT_COMPILE("`{}` has the unknown type `{}`"),
                                        member_text(node.name, property.name), type),
                            fmt::format(FMT_COMPILE("did you mean `{}`?"), near));
  } else {
    context.reporter.report(
        Code::kBindingUnread, property.type->span,
        fmt::format(FMT_COMPILE("`{}` is not written to the wrangler file: Cloesce makes bindings "
                                "of D1, KV and R2, and variables that are strings"),
                    member_text(node.name, property.name)),
        "declare it in the wrangler file yourself; it is in the environment all the same");
  }
}

}  // namespace

std::optional<cidl::Environment> analyse_environment(const Context& context) {
  std::optional<cidl::Environment> environment;
  const pre::ClassNode* first = nullptr;
  for (const ClassEntry& entry : context.classes.classes()) {
    if (entry.kind != ClassKind::kEnvironment) continue;
    const pre::ClassNode& node = *entry.node;
    if (first != nullptr) {
      context.reporter.report(
          Code::kEnvironmentRepeated, node.span,
          fmt::format(FMT_COMPILE("`{}` is a second @WranglerEnv class"), node.name),
          fmt::format(FMT_COMPILE("move its members into `{}`"), first->name),
          {{"the first one is here", first->span}});
      continue;
    }
    first = &node;
    environment.emplace();
    environment->name = node.name;
    environment->file = context.file_of(node);
    MemberNames names(context.reporter, node.name);
    for (const pre::PropertyNode& property : node.properties) {
      if (property.placement == pre::Placement::kStatic) continue;
      if (!names.add(property.name, property.span)) continue;
      add_member(context, node, property, *environment);
    }
  }
  return environment;
}

std::string binding_of(const Context& context, const std::optional<cidl::Environment>& environment,
                       const BindingUse& use) {
  const Words& words = words_of(use.kind);
  std::vector<std::string_view> fitting;
  const cidl::Binding* named = nullptr;
  if (environment) {
    for (const cidl::Binding& binding : environment->bindings) {
      if (binding.kind == use.kind) fitting.push_back(binding.name);
      if (use.name != nullptr && binding.name == use.name->text) named = &binding;
    }
  }
  const std::string_view class_name = environment ? std::string_view(environment->name) : "Env";
  if (use.name == nullptr) {
    if (!fitting.empty()) return std::string(fitting.front());
    context.reporter.report(
        Code::kBindingMissing, use.span,
        fmt::format(FMT_COMPILE("{} has no {}: there is no {} binding"), use.subject, words.noun,
                    words.storage),
        environment ? fmt::format(FMT_COMPILE("add `{}: {};` to the class `{}`"), words.example,
                                  words.type, class_name)
                    : fmt::format(FMT_COMPILE("declare one: `@WranglerEnv export class Env {{ {}: "
                                              "{}; }}`"),
                                  words.example, words.type));
    return {};
  }
  const pre::ValueNode& name = *use.name;
  if (name.form != pre::ValueForm::kString) {
    context.reporter.report(
        Code::kDecoratorArgument, name.span,
        fmt::format(FMT_COMPILE("{} takes the name of a {} binding"), use.subject, words.storage),
        fmt::format(FMT_COMPILE("write `\"{}\"`"),
                    fitting.empty() ? words.example : fitting.front()));
    return {};
  }
  if (named != nullptr && named->kind == use.kind) return named->name;
  if (named != nullptr) {
    context.reporter.report(
        Code::kBindingKind, name.span,
        fmt::format(FMT_COMPILE("the binding `{}` of {} is no {}"), name.text, use.subject,
                    words.type),
        did_you_mean(fitting, name.text,
                     fmt::format(FMT_COMPILE("name a binding of type {}"), words.type)));
    return {};
  }
  context.reporter.report(
      Code::kBindingMissing, name.span,
      fmt::format(FMT_COMPILE("{} is in the {} `{}`, which is no binding"), use.subject, words.noun,
                  name.text),
      did_you_mean(fitting, name.text,
                   fmt::format(FMT_COMPILE("add `{}: {};` to the @WranglerEnv class `{}`"),
                               name.text, words.type, class_name)));
  return {};
}

}  // namespace cloesce::sema
