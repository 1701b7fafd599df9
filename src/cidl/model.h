// The interface model (CIDL): what a project's decorated classes declare, after analysis.
//
// Plain data, loaded from and saved to `cidl.json` (cidl/load.h, cidl/save.h). Names are those of
// the source. Lists are ordered: models, services and plain objects by dependency first, then by
// name, so that the file is stable between runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cidl/kinds.h"

namespace cloesce::cidl {

/// A CIDL type. `name` is set for kObject, kPartial, kInject and kDataSource, and for a kBlob that
/// the source declares as something else than Uint8Array (`Blob`, `ArrayBuffer`); `inner` holds
/// exactly one type for kArray, kNullable, kKvValue, kPage and kHttpResult. In JSON: `"Integer"`,
/// `{"Array": "Integer"}`,
/// `{"Object": "Horse"}`, `{"Nullable": {"Object": "Horse"}}`.
struct Type {
  TypeKind kind = TypeKind::kVoid;
  std::string name;
  std::vector<Type> inner;

  friend bool operator==(const Type& left, const Type& right) {
    return left.kind == right.kind && left.name == right.name && left.inner == right.inner;
  }
};

/// Whether a caller must give a parameter.
enum class Presence : std::uint8_t { kRequired, kOptional };

/// `fallback` is the JSON text of the default that an absent parameter has in the method, where it
/// is written out; the method itself applies it.
struct Parameter {
  std::string name;
  Type type;
  Presence presence = Presence::kRequired;
  std::string fallback = {};

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// An HTTP method of a model or a service. `returns` has `Promise` and an outer `HttpResult`
/// resolved: kHttpResult stays only as the outermost wrapper, `Nullable(HttpResult(T))` becomes
/// HttpResult(Nullable(T)). Methods of services have scope kInstance and no key segments in their
/// URL.
struct Method {
  std::string name;
  Verb verb = Verb::kGet;
  MethodScope scope = MethodScope::kStatic;
  Builtin builtin = Builtin::kNone;
  std::vector<Parameter> parameters;  // source order, injected ones included
  Type returns;
  MediaType parameters_media = MediaType::kJson;
  MediaType returns_media = MediaType::kJson;
  std::string documentation;

  friend bool operator==(const Method&, const Method&) = default;
};

/// The column that a foreign key column points to.
struct Reference {
  std::string model;
  std::string column;

  friend bool operator==(const Reference&, const Reference&) = default;
};

enum class Uniqueness : std::uint8_t { kNone, kUnique };
enum class Indexing : std::uint8_t { kNone, kIndexed };
enum class KeyRole : std::uint8_t { kNone, kPrimaryKey };
enum class Versioning : std::uint8_t { kNone, kVersion };

/// A column of a D1 model. `type` is kInteger, kReal, kText, kBoolean, kDateIso or kBlob, or
/// Nullable of one.
struct Column {
  std::string name;
  Type type;
  KeyRole key = KeyRole::kNone;
  Uniqueness uniqueness = Uniqueness::kNone;
  Indexing indexing = Indexing::kNone;
  std::optional<Reference> references;
  Access access = Access::kOpen;  // key columns are kReadOnly unless the source says otherwise
  /// Of the other foreign keys that the column is part of.
  std::vector<Reference> further_references = {};
  /// Whether it counts the saves of its row. One required Integer column of a model at most.
  Versioning versioning = Versioning::kNone;

  friend bool operator==(const Column&, const Column&) = default;
};

/// An index over several columns, in this order. One over a single column is told by the column.
struct Index {
  std::vector<std::string> columns;
  Uniqueness uniqueness = Uniqueness::kNone;

  friend bool operator==(const Index&, const Index&) = default;
};

/// A property that leads to other rows.
/// - OneToOne, kSelf: `columns` are this model's foreign key columns, in order of the target's
/// primary key.
/// - OneToOne, kTarget, and OneToMany: `columns` are the target's foreign key columns, in order of
/// this
///   model's primary key.
/// - ManyToMany: `junction` names the Junction; `columns` is empty.
struct Navigation {
  std::string name;
  NavigationKind kind = NavigationKind::kOneToOne;
  std::string model;  // the target
  KeyOwner key_owner = KeyOwner::kSelf;
  std::vector<std::string> columns;
  std::string junction;
  Access access = Access::kOpen;

  friend bool operator==(const Navigation&, const Navigation&) = default;
};

/// One side of a junction table: `columns` reference the primary key of `model`, in its order.
struct JunctionSide {
  std::string model;
  std::vector<std::string> columns;

  friend bool operator==(const JunctionSide&, const JunctionSide&) = default;
};

/// A many-to-many table. Its primary key is all columns, left then right. A navigation of
/// `left.model` goes left to right; when both sides are the same model its navigation goes left to
/// right too. Columns are named `<Model>_<key column>`, or `left_<key column>`/`right_<key column>`
/// on one model.
struct Junction {
  std::string name;
  std::string binding;  // D1 binding
  JunctionSide left;
  JunctionSide right;

  friend bool operator==(const Junction&, const Junction&) = default;
};

/// Seconds, and values that are kept of a key; 0 is not given.
struct KvOptions {
  std::uint32_t expiration_ttl = 0;
  std::uint32_t cache_ttl = 0;
  std::uint32_t history = 0;

  friend bool operator==(const KvOptions&, const KvOptions&) = default;
};

/// A property that is filled from KV or R2, only where an include tree names it.
struct StoredField {
  std::string name;
  StoredKind kind = StoredKind::kKv;
  std::string binding;
  std::string key_template;  // `users/{id}/settings` (keys/template.h); empty with a key_column
  std::string key_column;    // a Text column of the D1 model; where it is null, so is the field
  StoredForm form = StoredForm::kOne;
  Type value;  // kKv: V of KValue<V>; otherwise kVoid
  Access access = Access::kOpen;

  friend bool operator==(const StoredField&, const StoredField&) = default;
};

/// How to fill a stored field: `expiresIn`, `limit`, `cursor`, the parameters of S3 GetObject.
/// Whole numbers are kept as text like all else.
struct IncludeOption {
  std::string name;
  std::string value;

  friend bool operator==(const IncludeOption&, const IncludeOption&) = default;
};

/// A navigation to include, with what to include below it, or a stored field with its options. In
/// JSON both are members of the node: an object is a child, a string or a number an option.
struct IncludeNode;
struct IncludeTree {
  std::vector<IncludeNode> nodes;
};
struct IncludeNode {
  std::string name;
  IncludeTree children;
  std::vector<IncludeOption> options = {};
};
bool operator==(const IncludeTree& left, const IncludeTree& right);
inline bool operator==(const IncludeNode& left, const IncludeNode& right) {
  return left.name == right.name && left.children == right.children &&
         left.options == right.options;
}
inline bool operator==(const IncludeTree& left, const IncludeTree& right) {
  return left.nodes == right.nodes;
}

/// A `@DataSource`. In JSON `{"name": "default", "tree": {"likes": {"horse": {}}, "cover":
/// {"expiresIn": 600}}}`, with the query of lists beside the tree: `where` and `orderBy` are texts
/// of JSON, empty where nothing is said; a `limit` of 0 is none.
struct DataSource {
  std::string name;
  IncludeTree tree;
  std::string where = {};
  std::string order_by = {};
  std::uint32_t limit = 0;

  friend bool operator==(const DataSource&, const DataSource&) = default;
};

/// What callers may ask of a LIST: paths of columns (cidl/list_path.h), and how many rows. A limit
/// of 0 answers whole tables to who asks for no page.
struct ListRules {
  std::vector<std::string> where;
  std::vector<std::string> order_by;
  std::uint32_t limit = 0;
  std::uint32_t maximum = 0;

  friend bool operator==(const ListRules&, const ListRules&) = default;
};

/// A class over storage.
/// - kD1: rows of `table` (the class name), whose columns and stored fields may come with values
/// from KV and R2.
/// - kKv: entries of a namespace, `value` is their V: kText, kBlob, kStream or any JSON type.
/// - kR2: heads of the objects of a bucket.
/// - kKeys: no storage of its own, only key parameters and stored fields.
struct Model {
  std::string name;
  std::string file;  // relative to the project root
  StorageKind storage = StorageKind::kD1;
  std::string binding;
  std::string table;
  std::vector<Column> columns;  // declaration order
  std::vector<Navigation> navigations;
  Type value;                               // kKv only
  KvOptions kv;                             // kKv only
  std::vector<std::string> key_parameters;  // of kD1 and kKeys: Text, from the URL, in its order
  std::vector<StoredField> stored;          // of kD1 and kKeys
  std::vector<DataSource> data_sources;
  IncludeTree writes;  // relations alone: what a caller's SAVE may write besides
  std::optional<ListRules> list = {};
  std::vector<Index> indexes = {};  // source order
  std::vector<Method> methods;      // @CRUD ones first, then source order
  std::string documentation;

  friend bool operator==(const Model&, const Model&) = default;
};

/// An injected property of a service.
struct Attribute {
  std::string name;
  std::string inject;  // DI name: a service, the env class, "Request", "ExecutionContext", or any
                       // other name

  friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// A namespace of methods. `initializer` holds the injected parameters of `init`, nothing when it
/// has none.
struct Service {
  std::string name;
  std::string file;
  std::vector<Attribute> attributes;
  std::optional<std::vector<Parameter>> initializer;
  std::vector<Method> methods;
  std::string documentation;

  friend bool operator==(const Service&, const Service&) = default;
};

struct Field {
  std::string name;
  Type type;
  Access access = Access::kOpen;

  friend bool operator==(const Field&, const Field&) = default;
};

/// A `@PlainOldObject`.
struct PlainObject {
  std::string name;
  std::string file;
  std::vector<Field> fields;
  std::string documentation;

  friend bool operator==(const PlainObject&, const PlainObject&) = default;
};

enum class BindingKind : std::uint8_t { kD1, kKv, kR2 };

struct Binding {
  std::string name;
  BindingKind kind = BindingKind::kD1;
  std::string bucket = {};  // kR2: the bucket's name, as in the wrangler file

  friend bool operator==(const Binding&, const Binding&) = default;
};

enum class VariableKind : std::uint8_t { kText, kR2Endpoint, kR2AccessKeyId, kR2SecretAccessKey };

struct Variable {
  std::string name;
  VariableKind kind = VariableKind::kText;

  friend bool operator==(const Variable&, const Variable&) = default;
};

/// The `@WranglerEnv` class.
struct Environment {
  std::string name;
  std::string file;
  std::vector<Binding> bindings;
  std::vector<Variable> variables;

  friend bool operator==(const Environment&, const Environment&) = default;
};

/// Whether an app may be given the option `cors`: what is not written out counts.
enum class CrossOrigin : std::uint8_t { kNever, kPossible };

/// What an app does with the header `Idempotency-Key` of a save.
enum class IdempotencyKeys : std::uint8_t { kPassedOver, kTaken };

/// Whether models may have scopes: calls that are not known to give one count.
enum class Scoping : std::uint8_t { kNever, kPossible };

/// The exported CloesceApp: where the worker entry imports it from.
struct Application {
  std::string file;
  std::string export_name;  // "default" for a default export
  CrossOrigin cross_origin = CrossOrigin::kNever;
  IdempotencyKeys idempotency_keys = IdempotencyKeys::kPassedOver;
  Scoping scoping = Scoping::kNever;

  friend bool operator==(const Application&, const Application&) = default;
};

/// Where a class is exported from its file, when that is not under its own name.
struct ExportName {
  std::string class_name;
  std::string export_name;

  friend bool operator==(const ExportName&, const ExportName&) = default;
};

/// A class that is injected and is neither a service nor decorated otherwise: the worker's entry
/// imports it, so that the container knows it by itself and not by what a minifier calls it.
struct InjectedClass {
  std::string name;
  std::string file;
  std::string export_name;

  friend bool operator==(const InjectedClass&, const InjectedClass&) = default;
};

/// Everything a project declares. Models, services and tables are in topological order
/// (what is depended on comes first; foreign key cycles are broken at a nullable edge).
struct Interface {
  std::string name;
  std::string workers_url;
  std::string client_url;    // empty: none
  std::string route_prefix;  // without slashes at either end, may hold inner ones, may be empty
  NestedWrites nested_writes = NestedWrites::kGranted;
  std::optional<Application> application;
  std::optional<Environment> environment;
  std::vector<Model> models;
  std::vector<Junction> junctions;
  std::vector<Service> services;
  std::vector<PlainObject> plain_objects;
  std::vector<ExportName> exports;
  std::vector<InjectedClass> injected;  // by name

  friend bool operator==(const Interface&, const Interface&) = default;
};

}  // namespace cloesce::cidl
