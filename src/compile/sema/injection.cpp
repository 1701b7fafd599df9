// The container's keys are type names, so an injected type must be one name.
#include "compile/sema/injection.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "compile/sema/builtin_types.h"
#include "compile/sema/marks.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

std::vector<std::string_view> injected_names(const Context& context) {
  std::vector<std::string_view> names = context.classes.names(ClassKind::kService);
  for (const std::string_view name : context.classes.names(ClassKind::kEnvironment)) {
    names.push_back(name);
  }
  names.insert(names.end(), platform_type_names().begin(), platform_type_names().end());
  return names;
}

bool is_value_type(const TypeResolver::ClassUse& use) {
  const auto type = use.foreign ? std::nullopt : builtin_type(use.name);
  return type && *type != BuiltinType::kPlatform;
}

// A class of another module may be put into the container too.
bool is_declared(const Context& context, const TypeResolver::ClassUse& use) {
  const std::string_view name = use.name;
  return use.foreign || context.classes.find(name) != nullptr ||
         context.classes.undecorated(name) != nullptr || context.classes.interface(name) != nullptr;
}

// `@Inject { db }: Env` takes members that the environment must have.
void check_destructured(const Context& context, const pre::ParameterNode& parameter,
                        const ClassEntry& entry, const std::string& subject) {
  if (!parameter.destructured || entry.kind != ClassKind::kEnvironment || entry.node->extends) {
    return;
  }
  std::vector<std::string_view> members;
  for (const pre::PropertyNode& property : entry.node->properties) members.push_back(property.name);
  for (const pre::MethodNode& method : entry.node->methods) members.push_back(method.name);
  for (const std::string& name : *parameter.destructured) {
    if (std::find(members.begin(), members.end(), name) != members.end()) continue;
    context.reporter.report(
        Code::kEnvironmentMember, parameter.span,
        fmt::format(FMT_COMPILE("`{}` takes `{}` from `{}`, which has no such member"), subject,
                    name, entry.node->name),
        did_you_mean(members, name,
                     fmt::format(FMT_COMPILE("add it to the class `{}`"), entry.node->name)));
  }
}

}  // namespace

bool is_injected_type(const TypeResolver::ClassUse& use) {
  if (use.entry != nullptr) {
    return use.entry->kind == ClassKind::kService || use.entry->kind == ClassKind::kEnvironment;
  }
  return !use.foreign && builtin_type(use.name) == BuiltinType::kPlatform;
}

bool is_injected(const Context& context, const pre::ParameterNode& parameter) {
  if (has_mark(parameter.decorators, Mark::kInject)) return true;
  if (!parameter.type) return false;
  const TypeResolver::ClassUse use = context.types.class_of(*parameter.type);
  return !use.array && is_injected_type(use);
}

std::optional<std::string> injected_name(const Context& context,
                                         const pre::ParameterNode& parameter,
                                         const std::string& subject) {
  if (!parameter.type) {
    context.reporter.report(
        Code::kInjectType, parameter.span,
        fmt::format(FMT_COMPILE("`{}` is injected by its type, and it has none"), subject),
        "write the type: `@Inject env: Env`");
    return std::nullopt;
  }
  const TypeResolver::ClassUse use = context.types.class_of(*parameter.type);
  if (use.array || use.name.empty() || is_value_type(use)) {
    context.reporter.report(
        Code::kInjectType, parameter.type->span,
        fmt::format(FMT_COMPILE("`{}` cannot be injected: its type is not the name of a class"),
                    subject),
        "inject a service, the environment, Request, ExecutionContext, or a class that middleware "
        "puts into the container");
    return std::nullopt;
  }
  if (use.entry != nullptr) {
    check_destructured(context, parameter, *use.entry, subject);
  } else if (!is_injected_type(use) && !is_declared(context, use)) {
    const std::string_view nearest = nearest_name(injected_names(context), use.name);
    if (!nearest.empty()) {
      context.reporter.report(
          Code::kInjectUnknown, parameter.type->span,
          fmt::format(FMT_COMPILE("`{}` is injected by the name `{}`, which nothing declares"),
                      subject, use.name),
          fmt::format(FMT_COMPILE("did you mean `{}`?"), nearest));
    }
  }
  return std::string(use.name);
}

std::optional<std::string> attribute_name(const Context& context, const pre::PropertyNode& property,
                                          const std::string& subject) {
  const auto fail = [&](Span span, std::string hint) {
    context.reporter.report(
        Code::kAttributeNotInjectable, span,
        fmt::format(FMT_COMPILE("`{}` cannot be injected, as all attributes of a service are"),
                    subject),
        std::move(hint));
    return std::nullopt;
  };
  const std::string own_state =
      "inject a service, the environment or a platform type; what is not injected can be `static`";
  if (!property.type) return fail(property.span, own_state);
  const TypeResolver::ClassUse use = context.types.class_of(*property.type);
  const Span span = property.type->span;
  if (use.array || use.name.empty() || is_value_type(use)) return fail(span, own_state);
  if (is_injected_type(use)) return std::string(use.name);
  const bool asked_for = has_mark(property.decorators, Mark::kInject);
  if (use.entry != nullptr && !asked_for) {
    return fail(span, fmt::format(FMT_COMPILE("`{}` is {}: take it as a parameter instead"),
                                  use.name, describe(use.entry->kind)));
  }
  if (asked_for || (is_declared(context, use) && !property.initializer)) {
    return std::string(use.name);
  }
  return fail(span, did_you_mean(injected_names(context), use.name,
                                 "write @Inject in front of it when middleware puts it into the "
                                 "container; what is not injected can be `static`"));
}

}  // namespace cloesce::sema
