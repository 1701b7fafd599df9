// The content of cidl.pre.json: what the sources say, unjudged. docs/internals/extraction.md has
// the format.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/span.h"
#include "cidl/kinds.h"

namespace cloesce::sema::pre {

enum class TypeForm : std::uint8_t { kName, kArray, kUnion, kLiteral, kOther };

struct AliasNode;

/// What the name of a type means where it stands.
enum class Meaning : std::uint8_t {
  kByName,  // whoever in the project has that name: the file says nothing of it
  kOwn,     // Cloesce's or the platform's
  kClass,   // a decorated class
  kAlias,   // a type of the project: `alias`
  kOther,   // something else of the project, or of another module: `origin`
};

/// A TypeScript type as it is written. `text` is the name of a kName and the source text of a
/// kLiteral or kOther; `inner` holds type arguments, the element of a kArray, or the members of a
/// kUnion. A kName is `qualifier.text` until its file's imports are followed (scope.h); then `text`
/// is what its declaration calls it.
struct TypeNode {
  TypeForm form = TypeForm::kName;
  std::string text;
  std::vector<TypeNode> inner;
  Span span;
  std::vector<std::string> qualifier = {};
  Meaning meaning = Meaning::kByName;
  const AliasNode* alias = nullptr;
  /// The module that a Meaning::kOther comes from, or what it is; `string`, `number` or `boolean`
  /// of a kLiteral.
  std::string origin = {};
};

enum class ValueForm : std::uint8_t {
  kString,
  kNumber,
  kBoolean,
  kNull,
  kName,
  kArray,
  kObject,
  kArrow,
  kOther,
};

struct ObjectEntry;

/// An expression. `text` is the value of a kString, kNumber or kBoolean, the name of a kName, the
/// parameter of a kArrow and the source text of a kOther; `path` is what a kArrow leads to: `o =>
/// o.key` has `["key"]`. A number or a boolean is kept as its JSON text.
struct ValueNode {
  ValueForm form = ValueForm::kOther;
  std::string text;
  std::vector<ValueNode> items;
  std::vector<ObjectEntry> entries;
  std::vector<std::string> path;
  Span span;
  std::vector<std::string> qualifier = {};  // of a kName
};

/// `span` is that of the key.
struct ObjectEntry {
  std::string key;
  Span span;
  ValueNode value;
};

struct DecoratorNode {
  std::string name;
  Span span;
  std::vector<TypeNode> type_arguments;
  std::vector<ValueNode> arguments;
  std::vector<std::string> qualifier = {};
};

enum class Accessibility : std::uint8_t { kPublic, kProtected, kPrivate };

/// Where a member lives: on each instance or on the class.
enum class Placement : std::uint8_t { kInstance, kStatic };

struct PropertyNode {
  std::string name;
  Span span;
  Placement placement = Placement::kInstance;
  bool optional = false;  // written with `?`
  Accessibility accessibility = Accessibility::kPublic;
  std::optional<TypeNode> type;
  std::vector<DecoratorNode> decorators;
  std::optional<ValueNode> initializer;
};

struct ParameterNode {
  std::string name;
  Span span;
  std::optional<std::vector<std::string>> destructured;
  std::optional<TypeNode> type;
  bool optional = false;
  bool rest = false;
  bool has_default = false;
  std::optional<ValueNode> fallback;  // the default
  std::vector<DecoratorNode> decorators;
};

struct MethodNode {
  std::string name;
  Span span;
  Placement placement = Placement::kInstance;
  Accessibility accessibility = Accessibility::kPublic;
  std::vector<DecoratorNode> decorators;
  std::vector<ParameterNode> parameters;
  std::optional<TypeNode> returns;
  std::optional<Span> returned;  // of the first `return` with a value
  std::string documentation;
};

/// What a member is that is no property and no method.
enum class UnreadForm : std::uint8_t {
  kParameterProperty,     // `constructor(public name: string)`
  kConstructorParameter,  // `constructor(name: string)`, which must be given
  kPrivate,               // `#name`
  kIndexSignature,        // `[name: string]: number`
  kComputed,              // `[name]: string`
  kComputedMethod,
  kAccessor,  // `accessor name`
  kGetter,
  kSetter,
};

/// A member that is neither a column nor a route, however it is decorated.
struct UnreadNode {
  UnreadForm form = UnreadForm::kComputed;
  std::string name;
  Span span;
  Placement placement = Placement::kInstance;
  bool initialised = false;
  std::vector<DecoratorNode> decorators;
};

struct ClassNode {
  std::string name;
  Span span;
  bool exported = false;
  std::string export_name;
  bool abstract = false;
  std::string documentation;
  std::vector<DecoratorNode> decorators;
  std::optional<TypeNode> extends;
  std::vector<PropertyNode> properties;
  std::vector<MethodNode> methods;
  std::vector<UnreadNode> unread = {};
};

struct AliasNode {
  std::string name;
  Span span;
  std::vector<std::string> type_parameters;
  TypeNode type;
};

struct InterfaceNode {
  std::string name;
  Span span;
};

enum class HookKind : std::uint8_t { kRequest, kNamespace, kMethod, kInstance, kResult, kScope };

/// A hook as it is registered: `app.onMethod(Ticket, "save", ...)`. `name_space` and `method` are
/// the arguments as they are written.
struct HookNode {
  HookKind kind = HookKind::kRequest;
  Span span;  // of the name of the call
  std::optional<ValueNode> name_space;
  std::optional<ValueNode> method;
};

/// A name that an import declares: `import { imported as name } from "from"`; `*` is the module.
struct ImportNode {
  std::string name;
  Span span;
  std::string imported;
  std::string from;
  std::optional<FileId> file;  // of the project; nothing for a package
};

/// A name that a file exports, of its own or (`from`) of another module. `*` is all of it.
struct ExportNode {
  std::string name;
  std::string local;
  std::optional<std::string> from;
  std::optional<FileId> file;
};

enum class NameKind : std::uint8_t {
  kClass,
  kAlias,
  kInterface,
  kEnum,
  kFunction,
  kVariable,
  kNamespace,
};

/// A name that a file declares. `target` is the path of `const Name = A.B`.
struct NameNode {
  std::string name;
  Span span;
  NameKind kind = NameKind::kVariable;
  std::optional<std::vector<std::string>> target;
};

/// The names of one file.
struct ModuleNode {
  FileId file{};
  std::vector<ImportNode> imports;
  std::vector<ExportNode> exports;
  std::vector<NameNode> names;
};

struct AppNode {
  FileId file{};
  Span span;
  std::string name;
  std::string export_name;
  std::optional<std::string> route_prefix;
  bool cors = false;  // given the option, or something that is not written out
  bool idempotency_keys = false;
  bool scopes = false;  // whether anything is called that may give one to a model
  std::vector<HookNode> hooks;
};

/// A class without decorator that a type leads to, by the name that its file exports it under.
struct PlainClass {
  FileId file{};
  std::string export_name;
};

/// A KV namespace that lies in a bucket which keeps the last `history` values of every key.
struct HistoryBucket {
  std::string binding;
  std::uint32_t history = 1;
};

enum class HistoryRead : std::uint8_t { kHistory, kWatch };

/// A call that looks like `orm.history(Session, …)`. `model` is the name in it.
struct HistoryCall {
  HistoryRead read = HistoryRead::kHistory;
  ValueNode model;
};

/// The whole file. Every span's file is an index into `files`.
struct Project {
  std::string name;
  std::string workers_url;
  std::string client_url;  // empty: none
  cidl::NestedWrites nested_writes = cidl::NestedWrites::kGranted;
  std::vector<HistoryBucket> history_buckets;
  std::vector<std::string> files;
  std::string out_dir;
  std::optional<AppNode> app;
  std::vector<ModuleNode> modules;
  std::vector<AliasNode> aliases;
  std::vector<InterfaceNode> interfaces;
  std::vector<ClassNode> classes;
  std::vector<HistoryCall> history_calls;
  std::map<std::string, PlainClass, std::less<>> plain_classes;  // once names are resolved
  std::vector<Diagnostic> diagnostics;
};

}  // namespace cloesce::sema::pre
