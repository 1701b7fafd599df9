// Reads the environment and gives models their database.
#include "compile/sema/environment.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

constexpr std::array<std::string_view, 6> kStorageTypes = {
    "D1Database", "KVNamespace", "R2Bucket", "R2Endpoint", "R2AccessKeyId", "R2SecretAccessKey"};

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
    std::unordered_set<std::string_view> names;
    for (const pre::PropertyNode& property : node.properties) {
      if (property.placement == pre::Placement::kStatic) continue;
      if (!check_member_name(context.reporter, node.name, property.name, property.span)) continue;
      if (!names.insert(property.name).second) {
        context.reporter.report(Code::kNameRepeated, property.span,
                                fmt::format(FMT_COMPILE("`{}` is declared twice"),
                                            member_text(node.name, property.name)),
                                "remove one");
        continue;
      }
      add_member(context, node, property, *environment);
    }
  }
  return environment;
}

std::string database_of(const Context& context, const std::optional<cidl::Environment>& environment,
                        const ClassEntry& entry) {
  const std::string& model = entry.node->name;
  std::vector<std::string_view> databases;
  if (environment) {
    for (const cidl::Binding& binding : environment->bindings) {
      if (binding.kind == cidl::BindingKind::kD1) databases.push_back(binding.name);
    }
  }
  if (entry.mark->arguments.empty()) {
    if (!databases.empty()) return std::string(databases.front());
    context.reporter.report(
        Code::kBindingMissing, entry.mark->span,
        fmt::format(FMT_COMPILE("the model `{}` has no database: there is no D1 binding"), model),
        environment
            ? fmt::format(FMT_COMPILE("add `db: D1Database;` to the class `{}`"), environment->name)
            : "declare one: `@WranglerEnv export class Env { db: D1Database; }`");
    return {};
  }
  const pre::ValueNode& argument = entry.mark->arguments.front();
  if (argument.form != pre::ValueForm::kString) {
    context.reporter.report(
        Code::kDecoratorArgument, argument.span,
        fmt::format(FMT_COMPILE("@{} of `{}` takes the name of a D1 binding"), entry.mark->name,
                    model),
        fmt::format(FMT_COMPILE("write `@{}(\"db\")`, or `@{}` for the first one"),
                    entry.mark->name, entry.mark->name));
    return {};
  }
  for (const std::string_view name : databases) {
    if (name == argument.text) return argument.text;
  }
  if (environment) {
    for (const cidl::Binding& binding : environment->bindings) {
      if (binding.name != argument.text) continue;
      context.reporter.report(
          Code::kBindingKind, argument.span,
          fmt::format(FMT_COMPILE("the binding `{}` of the model `{}` is not a D1Database"),
                      argument.text, model),
          did_you_mean(databases, argument.text, "name a binding of type D1Database"));
      return {};
    }
  }
  const std::string_view class_name = environment ? std::string_view(environment->name) : "Env";
  context.reporter.report(
      Code::kBindingMissing, argument.span,
      fmt::format(FMT_COMPILE("the model `{}` is in the database `{}`, which is no binding"), model,
                  argument.text),
      did_you_mean(databases, argument.text,
                   fmt::format(FMT_COMPILE("add `{}: D1Database;` to the @WranglerEnv class `{}`"),
                               argument.text, class_name)));
  return {};
}

}  // namespace cloesce::sema
