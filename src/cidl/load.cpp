// Reads `cidl.json` by tables: each class of the model lists its members, and one loop reads them
// all. Everything that knows a class by its type is a line in a table, so that the reader stays
// small: it is part of what a Worker ships.
#include "cidl/load.h"

#include <cstdint>
#include <span>
#include <utility>

#include "base/arena.h"
#include "base/concat.h"
#include "cidl/detail/verify.h"
#include "cidl/detail/words.h"
#include "json/reader.h"

namespace cloesce::cidl {
namespace {

using json::json_type;
using json::value;
using Words = std::span<const std::string_view>;

// Far beyond what a source file would say; what is read below may then recurse.
constexpr std::size_t kMaximumTypeDepth = 32;
constexpr std::size_t kMaximumTreeDepth = 32;

enum class Presence : std::uint8_t { kRequired, kOptional };

// What a member is in the JSON and in the model.
enum class Form : std::uint8_t {
  kVersion,     // a number, not kept
  kText,        // std::string
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
  Words words = {};
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

constexpr Shape kText = shape_of<std::string>({}, Form::kText);

constexpr Member kParameterMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Parameter::name>},
    {"type", Form::kType, Presence::kRequired, find<&Parameter::type>},
};
constexpr Shape kParameter = shape_of<Parameter>(kParameterMembers);

constexpr Member kFieldMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Field::name>},
    {"type", Form::kType, Presence::kRequired, find<&Field::type>},
};
constexpr Shape kField = shape_of<Field>(kFieldMembers);

constexpr Member kMethodMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Method::name>},
    {"verb", Form::kWord, Presence::kRequired, find<&Method::verb>, detail::Words<Verb>::kAll},
    {"static", Form::kScope, Presence::kRequired, find<&Method::scope>},
    {"returns", Form::kType, Presence::kRequired, find<&Method::returns>},
    {"builtin", Form::kWord, Presence::kOptional, find<&Method::builtin>,
     detail::Words<Builtin>::kAll},
    {"parameters", Form::kList, Presence::kOptional, find<&Method::parameters>, {}, &kParameter},
    {"parametersMedia", Form::kWord, Presence::kOptional, find<&Method::parameters_media>,
     detail::Words<MediaType>::kAll},
    {"returnsMedia", Form::kWord, Presence::kOptional, find<&Method::returns_media>,
     detail::Words<MediaType>::kAll},
    {"documentation", Form::kText, Presence::kOptional, find<&Method::documentation>},
};
constexpr Shape kMethod = shape_of<Method>(kMethodMembers);

constexpr Member kReferenceMembers[] = {
    {"model", Form::kText, Presence::kRequired, find<&Reference::model>},
    {"column", Form::kText, Presence::kRequired, find<&Reference::column>},
};
constexpr Shape kReference = shape_of<Reference>(kReferenceMembers);

constexpr Member kColumnMembers[] = {
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
};
constexpr Shape kColumn = shape_of<Column>(kColumnMembers);

constexpr Member kNavigationMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Navigation::name>},
    {"kind", Form::kWord, Presence::kRequired, find<&Navigation::kind>,
     detail::Words<NavigationKind>::kAll},
    {"model", Form::kText, Presence::kRequired, find<&Navigation::model>},
    {"keyOwner", Form::kWord, Presence::kOptional, find<&Navigation::key_owner>,
     detail::Words<KeyOwner>::kAll},
    {"columns", Form::kList, Presence::kOptional, find<&Navigation::columns>, {}, &kText},
    {"junction", Form::kText, Presence::kOptional, find<&Navigation::junction>},
};
constexpr Shape kNavigation = shape_of<Navigation>(kNavigationMembers, Form::kNavigation);

constexpr Member kDataSourceMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&DataSource::name>},
    {"tree", Form::kTree, Presence::kRequired, find<&DataSource::tree>},
};
constexpr Shape kDataSource = shape_of<DataSource>(kDataSourceMembers);

constexpr Member kModelMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Model::name>},
    {"file", Form::kText, Presence::kRequired, find<&Model::file>},
    {"storage", Form::kWord, Presence::kRequired, find<&Model::storage>,
     detail::Words<StorageKind>::kAll},
    {"binding", Form::kText, Presence::kOptional, find<&Model::binding>},
    {"table", Form::kText, Presence::kOptional, find<&Model::table>},
    {"columns", Form::kList, Presence::kOptional, find<&Model::columns>, {}, &kColumn},
    {"navigations", Form::kList, Presence::kOptional, find<&Model::navigations>, {}, &kNavigation},
    {"dataSources", Form::kList, Presence::kOptional, find<&Model::data_sources>, {}, &kDataSource},
    {"methods", Form::kList, Presence::kOptional, find<&Model::methods>, {}, &kMethod},
    {"documentation", Form::kText, Presence::kOptional, find<&Model::documentation>},
};
constexpr Shape kModel = shape_of<Model>(kModelMembers);

constexpr Member kJunctionSideMembers[] = {
    {"model", Form::kText, Presence::kRequired, find<&JunctionSide::model>},
    {"columns", Form::kList, Presence::kRequired, find<&JunctionSide::columns>, {}, &kText},
};
constexpr Shape kJunctionSide = shape_of<JunctionSide>(kJunctionSideMembers);

constexpr Member kJunctionMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Junction::name>},
    {"binding", Form::kText, Presence::kRequired, find<&Junction::binding>},
    {"left", Form::kObject, Presence::kRequired, find<&Junction::left>, {}, &kJunctionSide},
    {"right", Form::kObject, Presence::kRequired, find<&Junction::right>, {}, &kJunctionSide},
};
constexpr Shape kJunction = shape_of<Junction>(kJunctionMembers);

constexpr Member kAttributeMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Attribute::name>},
    {"inject", Form::kText, Presence::kRequired, find<&Attribute::inject>},
};
constexpr Shape kAttribute = shape_of<Attribute>(kAttributeMembers);

constexpr Member kServiceMembers[] = {
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
constexpr Shape kService = shape_of<Service>(kServiceMembers);

constexpr Member kPlainObjectMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&PlainObject::name>},
    {"file", Form::kText, Presence::kRequired, find<&PlainObject::file>},
    {"fields", Form::kList, Presence::kOptional, find<&PlainObject::fields>, {}, &kField},
    {"documentation", Form::kText, Presence::kOptional, find<&PlainObject::documentation>},
};
constexpr Shape kPlainObject = shape_of<PlainObject>(kPlainObjectMembers);

constexpr Member kBindingMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Binding::name>},
    {"kind", Form::kWord, Presence::kRequired, find<&Binding::kind>,
     detail::Words<BindingKind>::kAll},
};
constexpr Shape kBinding = shape_of<Binding>(kBindingMembers);

constexpr Member kVariableMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Variable::name>},
    {"kind", Form::kWord, Presence::kRequired, find<&Variable::kind>,
     detail::Words<VariableKind>::kAll},
};
constexpr Shape kVariable = shape_of<Variable>(kVariableMembers);

constexpr Member kEnvironmentMembers[] = {
    {"name", Form::kText, Presence::kRequired, find<&Environment::name>},
    {"file", Form::kText, Presence::kRequired, find<&Environment::file>},
    {"bindings", Form::kList, Presence::kOptional, find<&Environment::bindings>, {}, &kBinding},
    {"variables", Form::kList, Presence::kOptional, find<&Environment::variables>, {}, &kVariable},
};
constexpr Shape kEnvironment = shape_of<Environment>(kEnvironmentMembers);

constexpr Member kApplicationMembers[] = {
    {"file", Form::kText, Presence::kRequired, find<&Application::file>},
    {"export", Form::kText, Presence::kRequired, find<&Application::export_name>},
};
constexpr Shape kApplication = shape_of<Application>(kApplicationMembers);

constexpr Member kExportNameMembers[] = {
    {"class", Form::kText, Presence::kRequired, find<&ExportName::class_name>},
    {"export", Form::kText, Presence::kRequired, find<&ExportName::export_name>},
};
constexpr Shape kExportName = shape_of<ExportName>(kExportNameMembers);

constexpr Member kInterfaceMembers[] = {
    {"version", Form::kVersion},
    {"name", Form::kText, Presence::kRequired, find<&Interface::name>},
    {"workersUrl", Form::kText, Presence::kRequired, find<&Interface::workers_url>},
    {"clientUrl", Form::kText, Presence::kOptional, find<&Interface::client_url>},
    {"routePrefix", Form::kText, Presence::kOptional, find<&Interface::route_prefix>},
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
};

// The types that are written as a lone string come first in the enumeration.
constexpr Words kPlainTypes =
    Words(detail::Words<TypeKind>::kAll).first(static_cast<std::size_t>(TypeKind::kObject));

class Loader {
 public:
  Result<Interface> load(std::string_view text) {
    Arena arena;
    json::Reader reader;
    auto document = reader.open(json::pad(arena, text));
    if (!document.ok()) return wrap(std::move(document).error());
    value root;
    const auto code = (*document)->get_value().get(root);
    if (code == simdjson::SCALAR_DOCUMENT_AS_VALUE) {
      return Failure{ErrorCode::kCidlInvalid, "expected an object"};
    }
    if (code) return wrap(json::malformed(code, {}));
    Interface interface;
    if (!read_members(root, kInterfaceMembers, &interface)) return Failure{std::move(error_)};
    if (auto ended = json::expect_end(**document); !ended.ok()) {
      return wrap(std::move(ended).error());
    }
    if (auto verified = detail::verify(interface); !verified.ok()) {
      return std::move(verified).failure();
    }
    return interface;
  }

 private:
  static Failure wrap(Error error) {
    error.code = ErrorCode::kCidlInvalid;
    return Failure{std::move(error)};
  }

  // What reads answers false after a failure.
  bool fail(std::string detail) {
    error_ = make_error(ErrorCode::kCidlInvalid, std::move(detail));
    return false;
  }

  bool broken(simdjson::error_code code) { return fail(json::malformed(code, {}).detail); }

  bool mismatch(value& json, std::string_view expected) {
    return fail(concat({"expected ", expected, ", got ", json::describe(json)}));
  }

  // Puts the place in front of the path of a failure that is on its way out.
  bool within(std::string_view place) {
    const bool separate = !error_.path.empty() && error_.path.front() != '[';
    error_.path.insert(0, separate ? concat({place, "."}) : std::string(place));
    return false;
  }

  // The next member of an object.
  bool next(simdjson::simdjson_result<json::field>&& entry, std::string_view& name, value& json) {
    json::field member;
    if (const auto code = std::move(entry).get(member); code) return broken(code);
    if (const auto code = member.unescaped_key(false).get(name); code) return broken(code);
    json = member.value();
    return true;
  }

  bool read(value& json, Form form, void* target, const Member& member) {
    switch (form) {
      case Form::kVersion:
        return read_version(json);
      case Form::kText:
        return read_text(json, *static_cast<std::string*>(target));
      case Form::kFlag:
      case Form::kScope: {
        bool flag = false;
        if (json.get_bool().get(flag)) return mismatch(json, "true or false");
        set_enumerator(target, flag == (form == Form::kFlag) ? 1 : 0);
        return true;
      }
      case Form::kWord: {
        std::size_t index = 0;
        if (!read_word(json, member.words, index)) return false;
        set_enumerator(target, index);
        return true;
      }
      case Form::kType:
        return read_type(json, *static_cast<Type*>(target), kMaximumTypeDepth);
      case Form::kTree:
        return read_tree(json, *static_cast<IncludeTree*>(target), kMaximumTreeDepth);
      case Form::kObject:
      case Form::kNavigation:
        return read_members(json, member.of->members, target);
      case Form::kList:
        return read_list(json, target, member);
    }
    return false;
  }

  static void set_enumerator(void* target, std::size_t index) {
    *static_cast<std::uint8_t*>(target) = static_cast<std::uint8_t>(index);
  }

  bool read_version(value& json) {
    const std::string said = json::describe(json);
    std::int64_t version = 0;
    if (json.get_int64().get(version)) return mismatch(json, "a version number");
    if (version == kFormatVersion) return true;
    return fail(concat({"version ", said, " is not supported, this build reads version ",
                        decimal(kFormatVersion), ": compile the project again"}));
  }

  bool read_text(value& json, std::string& out) {
    std::string_view text;
    if (json.get_string().get(text)) return mismatch(json, "a string");
    out.assign(text);
    return true;
  }

  bool read_list(value& json, void* target, const Member& member) {
    json::array items;
    if (json.get_array().get(items)) return mismatch(json, "an array");
    std::size_t count = 0;
    if (const auto code = items.count_elements().get(count); code) return broken(code);
    auto* item = static_cast<char*>(member.of->make(target, count));
    std::size_t index = 0;
    for (auto element : items) {
      if (element.error()) return broken(element.error());
      value entry = element.value_unsafe();
      if (!read(entry, member.of->form, item, member)) {
        return within(concat({"[", decimal(index), "]"}));
      }
      item += member.of->size;
      ++index;
    }
    return true;
  }

  bool read_members(value& json, std::span<const Member> members, void* target) {
    std::uint32_t seen = 0;
    json::object object;
    if (json.get_object().get(object)) return mismatch(json, "an object");
    for (auto entry : object) {
      std::string_view name;
      value inner;
      if (!next(std::move(entry), name, inner)) return false;
      if (!read_member(name, inner, members, target, seen)) return within(name);
    }
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (members[index].presence == Presence::kRequired && (seen >> index & 1U) == 0) {
        return fail(concat({"the member ", members[index].name, " is missing"}));
      }
    }
    if (members.data() == kNavigationMembers) default_key_owner(target, seen);
    return true;
  }

  static void default_key_owner(void* target, std::uint32_t seen) {
    constexpr std::size_t kKeyOwnerMember = 3;
    static_assert(kNavigationMembers[kKeyOwnerMember].name == "keyOwner");
    auto& navigation = *static_cast<Navigation*>(target);
    const bool said = (seen >> kKeyOwnerMember & 1U) != 0;
    if (!said && navigation.kind == NavigationKind::kOneToMany) {
      navigation.key_owner = KeyOwner::kTarget;
    }
  }

  bool read_member(std::string_view name, value& json, std::span<const Member> members,
                   void* target, std::uint32_t& seen) {
    for (std::size_t index = 0; index < members.size(); ++index) {
      const Member& member = members[index];
      if (member.name != name) continue;
      if ((seen >> index & 1U) != 0) return fail("the member is there twice");
      seen |= std::uint32_t{1} << index;
      return read(json, member.form, member.find == nullptr ? nullptr : member.find(target),
                  member);
    }
    // What this version does not know still has to be JSON.
    auto skipped = json::check_any(json, json::kDefaultDepth, {});
    return skipped.ok() || fail(std::move(skipped.error().detail));
  }

  bool read_word(value& json, Words words, std::size_t& index) {
    std::string_view text;
    if (json.get_string().get(text)) return mismatch(json, "a string");
    for (index = 0; index < words.size(); ++index) {
      if (words[index] == text) return true;
    }
    std::string expected = "one of ";
    for (const std::string_view& word : words) {
      if (&word != words.data()) expected += ", ";
      expected += word;
    }
    return mismatch(json, expected);
  }

  bool read_type(value& json, Type& out, std::size_t depth_left) {
    json_type kind{};
    if (const auto code = json.type().get(kind); code) return broken(code);
    if (kind == json_type::string) {
      std::size_t index = 0;
      if (!read_word(json, kPlainTypes, index)) return false;
      out.kind = static_cast<TypeKind>(index);
      return true;
    }
    if (kind != json_type::object) return mismatch(json, "a type");
    json::object object;
    if (json.get_object().get(object)) return mismatch(json, "a type");
    bool first = true;
    for (auto entry : object) {
      std::string_view name;
      value inner;
      if (!next(std::move(entry), name, inner)) return false;
      if (!first) return fail("a type has one member");
      first = false;
      if (!read_composed_type(name, inner, out, depth_left)) return within(name);
    }
    return !first || fail("a type has one member");
  }

  bool read_composed_type(std::string_view name, value& json, Type& out, std::size_t depth_left) {
    const auto& words = detail::Words<TypeKind>::kAll;
    if (name == detail::word(TypeKind::kBlob)) {
      out.kind = TypeKind::kBlob;
      return read_text(json, out.name);
    }
    for (std::size_t index = kPlainTypes.size(); index < words.size(); ++index) {
      if (words[index] != name) continue;
      out.kind = static_cast<TypeKind>(index);
      if (detail::form_of(out.kind) == detail::TypeForm::kNamed) return read_text(json, out.name);
      if (depth_left == 0) return fail("the type is nested too deep");
      return read_type(json, out.inner.emplace_back(), depth_left - 1);
    }
    return fail("there is no such type");
  }

  bool read_tree(value& json, IncludeTree& out, std::size_t depth_left) {
    json::object object;
    if (json.get_object().get(object)) return mismatch(json, "an object");
    for (auto entry : object) {
      std::string_view name;
      value inner;
      if (!next(std::move(entry), name, inner)) return false;
      if (depth_left == 0) return fail("the include tree is nested too deep");
      IncludeNode& node = out.nodes.emplace_back();
      node.name.assign(name);
      if (!read_tree(inner, node.children, depth_left - 1)) return within(node.name);
    }
    return true;
  }

  Error error_;
};

}  // namespace

Result<Interface> load(std::string_view text) { return Loader().load(text); }

}  // namespace cloesce::cidl
