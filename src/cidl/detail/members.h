// The members of each class of the interface model in `cidl.json`: how they are written and where
// they go. Everything that knows a class by its type is a line here, so that the reader stays
// small: it is part of what a Worker ships.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cidl/detail/words.h"
#include "cidl/model.h"

namespace cloesce::cidl::detail {

using WordList = std::span<const std::string_view>;

// What a member is in the JSON and in the model.
enum class Form : std::uint8_t {
  kVersion,     // a number, not kept
  kText,        // std::string
  kNumber,      // a whole number, std::uint32_t
  kFlag,        // true stands for the second enumerator, false for the first
  kScope,       // true for kStatic
  kWord,        // one of `words`, in the order of the enumerators
  kType,        // Type
  kTree,        // IncludeTree
  kObject,      // members of its own, `of`
  kNavigation,  // as kObject, with a default that depends on its kind
  kList,        // elements of one form, `of`
};

struct Shape;

// A member of a JSON object and where it goes. Enumerations are one byte.
struct Member {
  std::string_view name;
  Form form = Form::kText;
  Presence presence = Presence::kRequired;
  void* (*find)(void* owner) = nullptr;
  WordList words = {};
  const Shape* of = nullptr;
};

// A class of the model, also what a list is made of.
struct Shape {
  Form form = Form::kObject;
  std::span<const Member> members = {};
  // Of lists of this class: makes the vector `count` elements long, answers the first.
  void* (*make)(void* vector, std::size_t count) = nullptr;
  std::size_t size = 0;
};

template <class>
struct PartsOf;
template <class Class, class Value>
struct PartsOf<Value Class::*> {
  using Owner = Class;
};

template <auto Pointer>
void* find(void* owner) {
  return &(static_cast<typename PartsOf<decltype(Pointer)>::Owner*>(owner)->*Pointer);
}

// The value of an optional member, made on the way.
template <auto Pointer>
void* find_optional(void* owner) {
  return &(static_cast<typename PartsOf<decltype(Pointer)>::Owner*>(owner)->*Pointer).emplace();
}

template <class Item>
void* make(void* vector, std::size_t count) {
  auto& items = *static_cast<std::vector<Item>*>(vector);
  items = std::vector<Item>(count);
  return items.data();
}

template <class Item>
constexpr Shape shape_of(std::span<const Member> members, Form form = Form::kObject) {
  return {form, members, make<Item>, sizeof(Item)};
}

inline constexpr Shape kText = shape_of<std::string>({}, Form::kText);

inline constexpr Member kParameterMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Parameter::name>},
    {"type", Form::kType, Presence::kRequired, find<&Parameter::type>},
    {"optional", Form::kFlag, Presence::kOptional, find<&Parameter::presence>},
    {"default", Form::kText, Presence::kOptional, find<&Parameter::fallback>},
};
inline constexpr Shape kParameter = shape_of<Parameter>(kParameterMembers);

inline constexpr Member kFieldMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Field::name>},
    {"type", Form::kType, Presence::kRequired, find<&Field::type>},
    {"access", Form::kWord, Presence::kOptional, find<&Field::access>, Words<Access>::kAll},
};
inline constexpr Shape kField = shape_of<Field>(kFieldMembers);

inline constexpr Member kMethodMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Method::name>},
    {"verb", Form::kWord, Presence::kRequired, find<&Method::verb>, Words<Verb>::kAll},
    {"static", Form::kScope, Presence::kRequired, find<&Method::scope>},
    {"returns", Form::kType, Presence::kRequired, find<&Method::returns>},
    {"builtin", Form::kWord, Presence::kOptional, find<&Method::builtin>, Words<Builtin>::kAll},
    {"parameters", Form::kList, Presence::kOptional, find<&Method::parameters>, {}, &kParameter},
    {"parametersMedia", Form::kWord, Presence::kOptional, find<&Method::parameters_media>,
     Words<MediaType>::kAll},
    {"returnsMedia", Form::kWord, Presence::kOptional, find<&Method::returns_media>,
     Words<MediaType>::kAll},
    {"documentation", Form::kText, Presence::kOptional, find<&Method::documentation>},
};
inline constexpr Shape kMethod = shape_of<Method>(kMethodMembers);

inline constexpr Member kReferenceMembers[] = {
    {"model", Form::kText, Presence::kRequired, find<&Reference::model>},
    {"column", Form::kText, Presence::kRequired, find<&Reference::column>},
};
inline constexpr Shape kReference = shape_of<Reference>(kReferenceMembers);

inline constexpr Member kColumnMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Column::name>},
    {"type", Form::kType, Presence::kRequired, find<&Column::type>},
    {"primaryKey", Form::kFlag, Presence::kOptional, find<&Column::key>},
    {"unique", Form::kFlag, Presence::kOptional, find<&Column::uniqueness>},
    {"indexed", Form::kFlag, Presence::kOptional, find<&Column::indexing>},
    {"references",
     Form::kObject,
     Presence::kOptional,
     find_optional<&Column::references>,
     {},
     &kReference},
    {"access", Form::kWord, Presence::kOptional, find<&Column::access>, Words<Access>::kAll},
    {"furtherReferences",
     Form::kList,
     Presence::kOptional,
     find<&Column::further_references>,
     {},
     &kReference},
    {"version", Form::kFlag, Presence::kOptional, find<&Column::versioning>},
};
inline constexpr Shape kColumn = shape_of<Column>(kColumnMembers);

inline constexpr Member kNavigationMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Navigation::name>},
    {"kind", Form::kWord, Presence::kRequired, find<&Navigation::kind>,
     Words<NavigationKind>::kAll},
    {"model", Form::kText, Presence::kRequired, find<&Navigation::model>},
    {"keyOwner", Form::kWord, Presence::kOptional, find<&Navigation::key_owner>,
     Words<KeyOwner>::kAll},
    {"columns", Form::kList, Presence::kOptional, find<&Navigation::columns>, {}, &kText},
    {"junction", Form::kText, Presence::kOptional, find<&Navigation::junction>},
    {"access", Form::kWord, Presence::kOptional, find<&Navigation::access>, Words<Access>::kAll},
};
inline constexpr Shape kNavigation = shape_of<Navigation>(kNavigationMembers, Form::kNavigation);

inline constexpr Member kKvOptionsMembers[] = {
    {"expirationTtl", Form::kNumber, Presence::kOptional, find<&KvOptions::expiration_ttl>},
    {"cacheTtl", Form::kNumber, Presence::kOptional, find<&KvOptions::cache_ttl>},
    {"history", Form::kNumber, Presence::kOptional, find<&KvOptions::history>},
};
inline constexpr Shape kKvOptions = shape_of<KvOptions>(kKvOptionsMembers);

inline constexpr Member kStoredFieldMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&StoredField::name>},
    {"kind", Form::kWord, Presence::kRequired, find<&StoredField::kind>, Words<StoredKind>::kAll},
    {"binding", Form::kText, Presence::kRequired, find<&StoredField::binding>},
    {"keyTemplate", Form::kText, Presence::kOptional, find<&StoredField::key_template>},
    {"keyColumn", Form::kText, Presence::kOptional, find<&StoredField::key_column>},
    {"form", Form::kWord, Presence::kOptional, find<&StoredField::form>, Words<StoredForm>::kAll},
    {"value", Form::kType, Presence::kOptional, find<&StoredField::value>},
    {"access", Form::kWord, Presence::kOptional, find<&StoredField::access>, Words<Access>::kAll},
};
inline constexpr Shape kStoredField = shape_of<StoredField>(kStoredFieldMembers);

inline constexpr Member kDataSourceMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&DataSource::name>},
    {"tree", Form::kTree, Presence::kRequired, find<&DataSource::tree>},
    {"where", Form::kText, Presence::kOptional, find<&DataSource::where>},
    {"orderBy", Form::kText, Presence::kOptional, find<&DataSource::order_by>},
    {"limit", Form::kNumber, Presence::kOptional, find<&DataSource::limit>},
};
inline constexpr Shape kDataSource = shape_of<DataSource>(kDataSourceMembers);

inline constexpr Member kListRulesMembers[] = {
    {"where", Form::kList, Presence::kOptional, find<&ListRules::where>, {}, &kText},
    {"orderBy", Form::kList, Presence::kOptional, find<&ListRules::order_by>, {}, &kText},
    {"limit", Form::kNumber, Presence::kRequired, find<&ListRules::limit>},
    {"maximum", Form::kNumber, Presence::kRequired, find<&ListRules::maximum>},
};
inline constexpr Shape kListRules = shape_of<ListRules>(kListRulesMembers);

inline constexpr Member kIndexMembers[] = {
    {"columns", Form::kList, Presence::kRequired, find<&Index::columns>, {}, &kText},
    {"unique", Form::kFlag, Presence::kOptional, find<&Index::uniqueness>},
};
inline constexpr Shape kIndex = shape_of<Index>(kIndexMembers);

inline constexpr Member kModelMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Model::name>},
    {"file", Form::kText, Presence::kRequired, find<&Model::file>},
    {"storage", Form::kWord, Presence::kRequired, find<&Model::storage>, Words<StorageKind>::kAll},
    {"binding", Form::kText, Presence::kOptional, find<&Model::binding>},
    {"table", Form::kText, Presence::kOptional, find<&Model::table>},
    {"columns", Form::kList, Presence::kOptional, find<&Model::columns>, {}, &kColumn},
    {"navigations", Form::kList, Presence::kOptional, find<&Model::navigations>, {}, &kNavigation},
    {"value", Form::kType, Presence::kOptional, find<&Model::value>},
    {"kv", Form::kObject, Presence::kOptional, find<&Model::kv>, {}, &kKvOptions},
    {"keyParameters", Form::kList, Presence::kOptional, find<&Model::key_parameters>, {}, &kText},
    {"stored", Form::kList, Presence::kOptional, find<&Model::stored>, {}, &kStoredField},
    {"dataSources", Form::kList, Presence::kOptional, find<&Model::data_sources>, {}, &kDataSource},
    {"writes", Form::kTree, Presence::kOptional, find<&Model::writes>},
    {"list", Form::kObject, Presence::kOptional, find_optional<&Model::list>, {}, &kListRules},
    {"indexes", Form::kList, Presence::kOptional, find<&Model::indexes>, {}, &kIndex},
    {"methods", Form::kList, Presence::kOptional, find<&Model::methods>, {}, &kMethod},
    {"documentation", Form::kText, Presence::kOptional, find<&Model::documentation>},
};
inline constexpr Shape kModel = shape_of<Model>(kModelMembers);

inline constexpr Member kJunctionSideMembers[] = {
    {"model", Form::kText, Presence::kRequired, find<&JunctionSide::model>},
    {"columns", Form::kList, Presence::kRequired, find<&JunctionSide::columns>, {}, &kText},
};
inline constexpr Shape kJunctionSide = shape_of<JunctionSide>(kJunctionSideMembers);

inline constexpr Member kJunctionMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Junction::name>},
    {"binding", Form::kText, Presence::kRequired, find<&Junction::binding>},
    {"left", Form::kObject, Presence::kRequired, find<&Junction::left>, {}, &kJunctionSide},
    {"right", Form::kObject, Presence::kRequired, find<&Junction::right>, {}, &kJunctionSide},
};
inline constexpr Shape kJunction = shape_of<Junction>(kJunctionMembers);

inline constexpr Member kAttributeMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Attribute::name>},
    {"inject", Form::kText, Presence::kRequired, find<&Attribute::inject>},
};
inline constexpr Shape kAttribute = shape_of<Attribute>(kAttributeMembers);

inline constexpr Member kServiceMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Service::name>},
    {"file", Form::kText, Presence::kRequired, find<&Service::file>},
    {"attributes", Form::kList, Presence::kOptional, find<&Service::attributes>, {}, &kAttribute},
    {"initializer",
     Form::kList,
     Presence::kOptional,
     find_optional<&Service::initializer>,
     {},
     &kParameter},
    {"methods", Form::kList, Presence::kOptional, find<&Service::methods>, {}, &kMethod},
    {"documentation", Form::kText, Presence::kOptional, find<&Service::documentation>},
};
inline constexpr Shape kService = shape_of<Service>(kServiceMembers);

inline constexpr Member kPlainObjectMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&PlainObject::name>},
    {"file", Form::kText, Presence::kRequired, find<&PlainObject::file>},
    {"fields", Form::kList, Presence::kOptional, find<&PlainObject::fields>, {}, &kField},
    {"documentation", Form::kText, Presence::kOptional, find<&PlainObject::documentation>},
};
inline constexpr Shape kPlainObject = shape_of<PlainObject>(kPlainObjectMembers);

inline constexpr Member kBindingMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Binding::name>},
    {"kind", Form::kWord, Presence::kRequired, find<&Binding::kind>, Words<BindingKind>::kAll},
    {"bucket", Form::kText, Presence::kOptional, find<&Binding::bucket>},
};
inline constexpr Shape kBinding = shape_of<Binding>(kBindingMembers);

inline constexpr Member kVariableMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Variable::name>},
    {"kind", Form::kWord, Presence::kRequired, find<&Variable::kind>, Words<VariableKind>::kAll},
};
inline constexpr Shape kVariable = shape_of<Variable>(kVariableMembers);

inline constexpr Member kEnvironmentMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Environment::name>},
    {"file", Form::kText, Presence::kRequired, find<&Environment::file>},
    {"bindings", Form::kList, Presence::kOptional, find<&Environment::bindings>, {}, &kBinding},
    {"variables", Form::kList, Presence::kOptional, find<&Environment::variables>, {}, &kVariable},
};
inline constexpr Shape kEnvironment = shape_of<Environment>(kEnvironmentMembers);

inline constexpr Member kApplicationMembers[] = {
    {"file", Form::kText, Presence::kRequired, find<&Application::file>},
    {"export", Form::kText, Presence::kRequired, find<&Application::export_name>},
    {"crossOrigin", Form::kFlag, Presence::kOptional, find<&Application::cross_origin>},
    {"idempotencyKeys", Form::kFlag, Presence::kOptional, find<&Application::idempotency_keys>},
    {"scopes", Form::kFlag, Presence::kOptional, find<&Application::scoping>},
};
inline constexpr Shape kApplication = shape_of<Application>(kApplicationMembers);

inline constexpr Member kExportNameMembers[] = {
    {"class", Form::kText, Presence::kRequired, find<&ExportName::class_name>},
    {"export", Form::kText, Presence::kRequired, find<&ExportName::export_name>},
};
inline constexpr Shape kExportName = shape_of<ExportName>(kExportNameMembers);

inline constexpr Member kInjectedClassMembers[] = {
    {"class", Form::kText, Presence::kRequired, find<&InjectedClass::name>},
    {"file", Form::kText, Presence::kRequired, find<&InjectedClass::file>},
    {"export", Form::kText, Presence::kRequired, find<&InjectedClass::export_name>},
};
inline constexpr Shape kInjectedClass = shape_of<InjectedClass>(kInjectedClassMembers);

inline constexpr Member kInterfaceMembers[] = {
    {"version", Form::kVersion},
    {"name", Form::kText, Presence::kRequired, find<&Interface::name>},
    {"workersUrl", Form::kText, Presence::kRequired, find<&Interface::workers_url>},
    {"clientUrl", Form::kText, Presence::kOptional, find<&Interface::client_url>},
    {"routePrefix", Form::kText, Presence::kOptional, find<&Interface::route_prefix>},
    {"nestedWrites", Form::kWord, Presence::kOptional, find<&Interface::nested_writes>,
     Words<NestedWrites>::kAll},
    {"application",
     Form::kObject,
     Presence::kOptional,
     find_optional<&Interface::application>,
     {},
     &kApplication},
    {"environment",
     Form::kObject,
     Presence::kOptional,
     find_optional<&Interface::environment>,
     {},
     &kEnvironment},
    {"models", Form::kList, Presence::kOptional, find<&Interface::models>, {}, &kModel},
    {"junctions", Form::kList, Presence::kOptional, find<&Interface::junctions>, {}, &kJunction},
    {"services", Form::kList, Presence::kOptional, find<&Interface::services>, {}, &kService},
    {"plainObjects",
     Form::kList,
     Presence::kOptional,
     find<&Interface::plain_objects>,
     {},
     &kPlainObject},
    {"exports", Form::kList, Presence::kOptional, find<&Interface::exports>, {}, &kExportName},
    {"injected", Form::kList, Presence::kOptional, find<&Interface::injected>, {}, &kInjectedClass},
};

}  // namespace cloesce::cidl::detail
