// Resolution of types, and what each position lets a type be.
#include "compile/sema/types.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "cidl/find.h"
#include "cidl/make_type.h"
#include "cidl/save.h"
#include "cidl/scalar_rules.h"
#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

using cidl::Type;
using cidl::TypeKind;

// As deep as cidl.json may nest a type.
constexpr std::size_t kMaximumTypeDepth = 32;

// Null adds nothing to what can be null already, to nothing, and to a data source.
Type nullable(Type type) {
  switch (type.kind) {
    case TypeKind::kNullable:
    case TypeKind::kVoid:
    case TypeKind::kJsonValue:
    case TypeKind::kDataSource:
      return type;
    default:
      return cidl::type_around(TypeKind::kNullable, std::move(type));
  }
}

// Any part of a class is a Partial; arrays and nullables of classes are reached through.
Type partial(Type type) {
  if (type.kind == TypeKind::kObject) type.kind = TypeKind::kPartial;
  if (type.kind == TypeKind::kArray || type.kind == TypeKind::kNullable) {
    type.inner.front() = partial(std::move(type.inner.front()));
  }
  return type;
}

// HttpResult outermost, then null, then what is returned.
Type normalise_return(Type type) {
  bool is_result = false;
  bool is_nullable = false;
  while (type.kind == TypeKind::kHttpResult || type.kind == TypeKind::kNullable) {
    (type.kind == TypeKind::kHttpResult ? is_result : is_nullable) = true;
    Type inner = std::move(type.inner.front());
    type = std::move(inner);
  }
  if (is_nullable) type = nullable(std::move(type));
  return is_result ? cidl::type_around(TypeKind::kHttpResult, std::move(type)) : type;
}

bool contains(const Type& type, TypeKind kind) {
  if (type.kind == kind) return true;
  return !type.inner.empty() && contains(type.inner.front(), kind);
}

// What a caller sends is inside: sources of 0.0.5 may say HttpResult there.
Type without_http_result(Type type) {
  if (type.kind == TypeKind::kNullable && contains(type, TypeKind::kHttpResult)) {
    return nullable(without_http_result(std::move(type.inner.front())));
  }
  while (type.kind == TypeKind::kHttpResult) {
    Type inner = std::move(type.inner.front());
    type = std::move(inner);
  }
  return type;
}

bool is_null_node(const pre::TypeNode& node) {
  return node.form == pre::TypeForm::kName && builtin_type(node.text) == BuiltinType::kNull;
}

struct Misfit {
  std::string_view what;
  std::string_view hint;
};

// Why a type cannot stand in a position, whatever else it is; `what` is empty when it can.
Misfit misfit(const Type& type, Position position) {
  const bool is_return = position == Position::kReturn;
  const Type& result = is_return && type.kind == TypeKind::kHttpResult ? type.inner.front() : type;
  const Type& payload = cidl::without_nullable(result);
  if (contains(result, TypeKind::kHttpResult)) {
    return {"HttpResult stands only around what a method returns", "remove HttpResult here"};
  }
  if (contains(payload, TypeKind::kVoid) && !(is_return && payload.kind == TypeKind::kVoid)) {
    return {"void is no value", "remove it, or write the type of the value"};
  }
  if (contains(payload, TypeKind::kStream)) {
    if (type.kind != TypeKind::kStream && position == Position::kValue) {
      return {"a stream of values is the whole value", "write `KVModel<ReadableStream>`"};
    }
    if (payload.kind != TypeKind::kStream || position == Position::kField) {
      return {"a Stream cannot be inside something else: it is the whole body of a message",
              "write `Blob`, whose bytes are kept in memory"};
    }
    if (position == Position::kParameter && cidl::is_nullable(result)) {
      return {"a Stream parameter cannot be null: a request always has a body",
              "remove `null`, an empty body is an empty stream"};
    }
  }
  if (contains(payload, TypeKind::kPage) &&
      (position == Position::kParameter || position == Position::kValue)) {
    return {"a Page is what a list answers", "take an array: `T[]`"};
  }
  if (contains(payload, TypeKind::kDataSource) &&
      !((position == Position::kParameter || position == Position::kField) &&
        payload.kind == TypeKind::kDataSource)) {
    return {"DataSourceOf is the caller's choice: a parameter or a member of a plain object",
            "write `string`"};
  }
  return {};
}

}  // namespace

// An alias that is being followed: its type parameters stand for the arguments of `use`.
struct TypeResolver::Frame {
  const pre::AliasNode* alias;
  const pre::TypeNode* use;
  const Frame* outer;

  [[nodiscard]] const pre::TypeNode* argument(std::string_view name) const {
    for (std::size_t index = 0; index < alias->type_parameters.size(); ++index) {
      if (alias->type_parameters[index] == name) return &use->inner[index];
    }
    return nullptr;
  }
};

std::optional<Type> TypeResolver::resolve(const pre::TypeNode& node, const TypeUse& use) const {
  std::optional<Type> type = resolve(node, use, nullptr, 0);
  if (!type) return std::nullopt;
  if (use.position == Position::kReturn) type = normalise_return(std::move(*type));
  if (use.position == Position::kParameter && contains(*type, TypeKind::kHttpResult)) {
    type = without_http_result(std::move(*type));
    if (!contains(*type, TypeKind::kHttpResult)) {
      reporter_->report(Code::kHttpResultTaken, node.span,
                        fmt::format(FMT_COMPILE("`{}` is given what is inside the HttpResult, not "
                                                "an HttpResult"),
                                    use.subject),
                        "write the type of the value alone");
    }
  }
  if (!check(*type, node, use)) return std::nullopt;
  return type;
}

std::optional<Type> TypeResolver::resolve(const pre::TypeNode& node, const TypeUse& use,
                                          const Frame* frame, std::size_t depth) const {
  if (depth > kMaximumTypeDepth) {
    reporter_->report(
        Code::kTypeTooDeep, node.span,
        fmt::format(FMT_COMPILE("the type of `{}` is nested too deep"), use.subject),
        fmt::format(FMT_COMPILE("at most {} levels: declare classes for the inner parts"),
                    kMaximumTypeDepth));
    return std::nullopt;
  }
  switch (node.form) {
    case pre::TypeForm::kName:
      return resolve_name(node, use, frame, depth);
    case pre::TypeForm::kUnion:
      return resolve_union(node, use, frame, depth);
    case pre::TypeForm::kArray: {
      auto element = resolve(node.inner.front(), use, frame, depth + 1);
      if (!element) return std::nullopt;
      return cidl::type_around(TypeKind::kArray, std::move(*element));
    }
    case pre::TypeForm::kLiteral:
    case pre::TypeForm::kOther:
      break;
  }
  const bool literal = node.form == pre::TypeForm::kLiteral;
  reporter_->report(
      Code::kTypeUnsupported, node.span,
      fmt::format(FMT_COMPILE("`{}` has a type that Cloesce cannot carry"), use.subject),
      literal ? fmt::format(FMT_COMPILE("write `{}`"), node.origin)
              : "declare a class with @PlainOldObject, or write `Json` for any JSON value");
  return std::nullopt;
}

std::optional<Type> TypeResolver::resolve_union(const pre::TypeNode& node, const TypeUse& use,
                                                const Frame* frame, std::size_t depth) const {
  const pre::TypeNode* only = nullptr;
  bool has_null = false;
  bool is_void = false;
  for (const pre::TypeNode& member : node.inner) {
    if (is_null_node(member)) {
      has_null = true;
    } else if (member.form == pre::TypeForm::kName && member.text == "void") {
      is_void = true;
    } else if (only == nullptr) {
      only = &member;
    } else {
      return fail_union(node, use);
    }
  }
  if (only == nullptr) return cidl::plain_type(TypeKind::kVoid);
  auto type = resolve(*only, use, frame, depth + 1);
  if (!type || !(has_null || is_void)) return type;
  return nullable(std::move(*type));
}

std::optional<Type> TypeResolver::fail_union(const pre::TypeNode& node, const TypeUse& use) const {
  std::string_view kind;  // of every literal, `null` aside
  bool literals = true;
  for (const pre::TypeNode& member : node.inner) {
    if (is_null_node(member)) continue;
    if (member.form != pre::TypeForm::kLiteral || (!kind.empty() && kind != member.origin)) {
      literals = false;
      break;
    }
    kind = member.origin;
  }
  reporter_->report(
      Code::kTypeUnsupported, node.span,
      literals ? fmt::format(FMT_COMPILE("`{}` is one of a few literals, which Cloesce does not "
                                         "check"),
                             use.subject)
               : fmt::format(FMT_COMPILE("`{}` is a union, and JSON does not say which member it "
                                         "holds"),
                             use.subject),
      literals ? fmt::format(FMT_COMPILE("write `{}`, and check the value in the method"), kind)
               : "one type and `null` can be a union; write `Json` for any JSON value");
  return std::nullopt;
}

std::optional<Type> TypeResolver::resolve_name(const pre::TypeNode& node, const TypeUse& use,
                                               const Frame* frame, std::size_t depth) const {
  if (frame != nullptr) {
    if (const pre::TypeNode* argument = frame->argument(node.text)) {
      return resolve(*argument, use, frame->outer, depth + 1);
    }
  }
  if (node.meaning == pre::Meaning::kAlias) {
    return resolve_alias(*node.alias, node, use, frame, depth);
  }
  if (node.meaning == pre::Meaning::kOther) return fail_unknown(node, use);
  if (const ClassEntry* entry = class_named(node)) {
    switch (entry->kind) {
      case ClassKind::kService:
      case ClassKind::kEnvironment:
        reporter_->report(Code::kTypeMisplaced, node.span,
                          fmt::format(FMT_COMPILE("`{}` is {} and cannot be sent as `{}`"),
                                      node.text, describe(entry->kind), use.subject),
                          use.position == Position::kParameter
                              ? "write @Inject in front of the parameter"
                              : "remove it: services and the environment stay "
                                "in the worker");
        return std::nullopt;
      default:
        if (holds_stream(*entry)) return fail_stream(node, use);
        return cidl::named_type(TypeKind::kObject, node.text);
    }
  }
  if (const auto builtin = builtin_type(node.text)) {
    return resolve_builtin(*builtin, node, use, frame, depth);
  }
  if (const pre::AliasNode* alias = alias_named(node)) {
    return resolve_alias(*alias, node, use, frame, depth);
  }
  return fail_unknown(node, use);
}

std::optional<Type> TypeResolver::resolve_builtin(BuiltinType type, const pre::TypeNode& node,
                                                  const TypeUse& use, const Frame* frame,
                                                  std::size_t depth) const {
  const auto inner = [&](const auto& make) -> std::optional<Type> {
    if (node.inner.size() != 1) {
      reporter_->report(Code::kTypeArguments, node.span,
                        fmt::format(FMT_COMPILE("`{}` in `{}` takes one type argument, it has {}"),
                                    node.text, use.subject, node.inner.size()),
                        fmt::format(FMT_COMPILE("write `{}<T>`"), node.text));
      return std::nullopt;
    }
    auto argument = resolve(node.inner.front(), use, frame, depth + 1);
    if (!argument) return std::nullopt;
    return make(std::move(*argument));
  };
  switch (type) {
    case BuiltinType::kInteger:
      return cidl::plain_type(TypeKind::kInteger);
    case BuiltinType::kReal:
      return cidl::plain_type(TypeKind::kReal);
    case BuiltinType::kText:
      return cidl::plain_type(TypeKind::kText);
    case BuiltinType::kBoolean:
      return cidl::plain_type(TypeKind::kBoolean);
    case BuiltinType::kDate:
      return cidl::plain_type(TypeKind::kDateIso);
    case BuiltinType::kBlob:
      return Type{TypeKind::kBlob, node.text == "Uint8Array" ? std::string() : node.text, {}};
    case BuiltinType::kStream:
      return cidl::plain_type(TypeKind::kStream);
    case BuiltinType::kJson:
      return cidl::plain_type(TypeKind::kJsonValue);
    case BuiltinType::kR2Object:
      return cidl::plain_type(TypeKind::kR2Object);
    case BuiltinType::kR2Download:
      return cidl::plain_type(TypeKind::kR2Download);
    case BuiltinType::kVoid:
    case BuiltinType::kNull:
      return cidl::plain_type(TypeKind::kVoid);
    case BuiltinType::kKvValue:
      return inner([](Type of) { return cidl::type_around(TypeKind::kKvValue, std::move(of)); });
    case BuiltinType::kPage:
      return inner([](Type of) { return cidl::type_around(TypeKind::kPage, std::move(of)); });
    case BuiltinType::kTransparent:
      return inner([](Type of) { return of; });
    case BuiltinType::kPartial:
      return inner([](Type of) { return partial(std::move(of)); });
    case BuiltinType::kHttpResult:
      if (node.inner.empty())
        return cidl::type_around(TypeKind::kHttpResult, cidl::plain_type(TypeKind::kVoid));
      return inner([](Type of) { return cidl::type_around(TypeKind::kHttpResult, std::move(of)); });
    case BuiltinType::kPromise:
      if (use.position == Position::kReturn) return inner([](Type of) { return of; });
      reporter_->report(
          Code::kTypeMisplaced, node.span,
          fmt::format(FMT_COMPILE("`{}` cannot be a Promise: only a method's result can"),
                      use.subject),
          "write the type inside the Promise");
      return std::nullopt;
    case BuiltinType::kDataSource:
      if (node.inner.size() != 1) return inner([](Type of) { return of; });
      return resolve_data_source(node.inner.front(), use, frame);
    case BuiltinType::kIncludeTree:
    case BuiltinType::kPlatform:
    case BuiltinType::kVariable:
      break;
  }
  reporter_->report(Code::kTypeMisplaced, node.span,
                    fmt::format(FMT_COMPILE("`{}` cannot be sent as `{}`"), node.text, use.subject),
                    use.position == Position::kParameter && type == BuiltinType::kPlatform
                        ? "write @Inject in front of the parameter"
                        : "write the type of a value: a scalar, a class, or `Json`");
  return std::nullopt;
}

std::optional<Type> TypeResolver::resolve_data_source(const pre::TypeNode& argument,
                                                      const TypeUse& use,
                                                      const Frame* frame) const {
  const pre::TypeNode* at = &argument;
  while (frame != nullptr && at->form == pre::TypeForm::kName) {
    const pre::TypeNode* given = frame->argument(at->text);
    if (given == nullptr) break;
    at = given;
    frame = frame->outer;
  }
  if (const ClassUse target = class_of(*at);
      target.entry != nullptr &&
      (target.entry->kind == ClassKind::kD1 || target.entry->kind == ClassKind::kKeys)) {
    return cidl::named_type(TypeKind::kDataSource, target.name);
  }
  reporter_->report(
      Code::kTypeArguments, argument.span,
      fmt::format(FMT_COMPILE("`{}`: DataSourceOf takes a model"), use.subject),
      did_you_mean(classes_->names(ClassKind::kD1), at->text, "name a class with @D1"));
  return std::nullopt;
}

std::optional<Type> TypeResolver::resolve_alias(const pre::AliasNode& alias,
                                                const pre::TypeNode& node, const TypeUse& use,
                                                const Frame* frame, std::size_t depth) const {
  for (const Frame* at = frame; at != nullptr; at = at->outer) {
    if (at->alias != &alias) continue;
    reporter_->report(Code::kAliasCycle, alias.span,
                      fmt::format(FMT_COMPILE("the type `{}` refers to itself"), alias.name),
                      "declare a class with @PlainOldObject, which may",
                      {{fmt::format(FMT_COMPILE("`{}` needs it"), use.subject), std::nullopt}});
    return std::nullopt;
  }
  if (node.inner.size() != alias.type_parameters.size()) {
    reporter_->report(
        Code::kTypeArguments, node.span,
        fmt::format(FMT_COMPILE("`{}` in `{}` takes {} type arguments, it has {}"), node.text,
                    use.subject, alias.type_parameters.size(), node.inner.size()),
        {}, {{"it is declared here", alias.span}});
    return std::nullopt;
  }
  const Frame inner{&alias, &node, frame};
  return resolve(alias.type, use, &inner, depth + 1);
}

bool TypeResolver::holds_stream(const ClassEntry& entry) const {
  if (entry.kind != ClassKind::kKv || !entry.node->extends) return false;
  const pre::TypeNode& base = *entry.node->extends;
  if (base.inner.size() != 1) return false;
  const ClassUse value = class_of(base.inner.front());
  return value.entry == nullptr && !value.array && !value.foreign &&
         builtin_type(value.name) == BuiltinType::kStream;
}

std::optional<Type> TypeResolver::fail_stream(const pre::TypeNode& node, const TypeUse& use) const {
  reporter_->report(
      Code::kStreamInJson, node.span,
      fmt::format(FMT_COMPILE("`{}` would be JSON, which cannot hold the stream of `{}`"),
                  use.subject, node.text),
      use.position == Position::kReturn
          ? "return a `Stream` from an instance method: `return this.value`"
      : use.position == Position::kParameter
          ? "take the key and the bytes: `@CRUD([\"SAVE\"])` makes such a method"
          : "keep its key, a `string`, and read it in a method");
  return std::nullopt;
}

std::optional<Type> TypeResolver::fail_unknown(const pre::TypeNode& node,
                                               const TypeUse& use) const {
  if (node.meaning == pre::Meaning::kOther && !node.origin.empty()) return fail_other(node, use);
  if (const pre::ClassNode* found = classes_->undecorated(node.text)) {
    reporter_->report_certain(
        Code::kTypeUnknown, node.span,
        fmt::format(FMT_COMPILE("`{}` has the type `{}`, a class without a decorator"), use.subject,
                    node.text),
        fmt::format(FMT_COMPILE("put @PlainOldObject in front of the class `{}`"), node.text),
        {{"it is declared here", found->span}});
    return std::nullopt;
  }
  if (const pre::InterfaceNode* found = classes_->interface(node.text)) {
    reporter_->report_certain(
        Code::kTypeUnknown, node.span,
        fmt::format(FMT_COMPILE("`{}` has the type `{}`, an interface"), use.subject, node.text),
        fmt::format(FMT_COMPILE("make it a class: `@PlainOldObject export class {}`"), node.text),
        {{"it is declared here", found->span}});
    return std::nullopt;
  }
  std::string hint(instead_of_type(node.text));
  const bool certain = !hint.empty();
  if (!certain) {
    std::vector<std::string_view> candidates(value_type_names().begin(), value_type_names().end());
    for (const ClassEntry& entry : classes_->classes()) candidates.push_back(entry.node->name);
    for (const std::string_view name : classes_->alias_names()) candidates.push_back(name);
    hint = did_you_mean(candidates, node.text,
                        "declare it in a .cloesce.ts file, with @PlainOldObject or as a type");
  }
  std::string message =
      fmt::format(FMT_COMPILE("`{}` has the unknown type `{}`"), use.subject, node.text);
  if (certain) {
    reporter_->report_certain(Code::kTypeUnknown, node.span, std::move(message), std::move(hint));
  } else {
    reporter_->report(Code::kTypeUnknown, node.span, std::move(message), std::move(hint));
  }
  return std::nullopt;
}

std::optional<Type> TypeResolver::fail_other(const pre::TypeNode& node, const TypeUse& use) const {
  const bool is_enum = node.origin == "enum";
  reporter_->report(
      Code::kTypeUnknown, node.span,
      is_enum
          ? fmt::format(FMT_COMPILE("`{}` has the type `{}`, an enum"), use.subject, node.text)
          : fmt::format(FMT_COMPILE("`{}` has the type `{}` of {}, which Cloesce does not read"),
                        use.subject, node.text, node.origin),
      is_enum
          ? "write `string` when its members are strings, else `Integer`"
          : "declare it in the project: a class with @PlainOldObject, or a type in a `.ts` file "
            "that is imported by its relative path");
  return std::nullopt;
}

bool TypeResolver::check(const Type& type, const pre::TypeNode& node, const TypeUse& use) const {
  if (use.position == Position::kColumn) {
    if (cidl::is_scalar(cidl::without_nullable(type))) return true;
    reporter_->report(
        Code::kColumnType, node.span,
        fmt::format(FMT_COMPILE("`{}` cannot be a column: its type is {}"), use.subject,
                    cidl::type_to_text(type)),
        "columns are Integer, number, string, boolean, Date or Uint8Array, or null; make it a "
        "model and relate it");
    return false;
  }
  const Misfit found = misfit(type, use.position);
  if (found.what.empty()) return true;
  reporter_->report(Code::kTypeMisplaced, node.span,
                    fmt::format(FMT_COMPILE("`{}`: {}"), use.subject, found.what),
                    std::string(found.hint));
  return false;
}

const ClassEntry* TypeResolver::class_named(const pre::TypeNode& node) const {
  switch (node.meaning) {
    case pre::Meaning::kByName:
    case pre::Meaning::kClass:
      return classes_->find(node.text);
    default:
      return nullptr;
  }
}

const pre::AliasNode* TypeResolver::alias_named(const pre::TypeNode& node) const {
  if (node.meaning == pre::Meaning::kAlias) return node.alias;
  if (node.meaning != pre::Meaning::kByName) return nullptr;
  return classes_->alias(node.text, node.span.file);
}

TypeResolver::ClassUse TypeResolver::class_of(const pre::TypeNode& node) const {
  // Frames of followed aliases; the oldest are pointed to by the younger ones.
  std::array<Frame, kMaximumTypeDepth> frames{};
  std::size_t used = 0;
  const Frame* frame = nullptr;
  ClassUse result;
  const pre::TypeNode* at = &node;
  for (std::size_t step = 0; step < 4 * kMaximumTypeDepth; ++step) {
    if (at->form == pre::TypeForm::kArray) {
      if (result.array) return {};
      result.array = true;
      at = &at->inner.front();
    } else if (at->form == pre::TypeForm::kUnion) {
      const pre::TypeNode* only = nullptr;
      for (const pre::TypeNode& member : at->inner) {
        if (is_null_node(member)) continue;
        if (only != nullptr) return {};
        only = &member;
      }
      if (only == nullptr) return {};
      result.nullable = true;
      at = only;
    } else if (at->form == pre::TypeForm::kName) {
      if (const pre::TypeNode* argument = frame ? frame->argument(at->text) : nullptr) {
        at = argument;
        frame = frame->outer;
        continue;
      }
      const pre::AliasNode* alias = at->alias;
      if (at->meaning != pre::Meaning::kAlias) {
        result.entry = class_named(*at);
        if (result.entry == nullptr && !builtin_type(at->text)) alias = alias_named(*at);
      }
      if (alias == nullptr) {
        result.name = at->text;
        result.foreign = at->meaning == pre::Meaning::kOther;
        return result;
      }
      if (used == frames.size() || at->inner.size() != alias->type_parameters.size()) return {};
      frames[used] = Frame{alias, at, frame};
      frame = &frames[used++];
      at = &alias->type;
    } else {
      return {};
    }
  }
  return {};
}

}  // namespace cloesce::sema
