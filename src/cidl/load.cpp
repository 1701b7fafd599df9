// Reads `cidl.json` by tables: each class of the model lists its members, and one loop reads them
// all.
#include "cidl/load.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <utility>

#include "base/arena.h"
#include "cidl/detail/verify.h"
#include "cidl/detail/words.h"
#include "json/reader.h"

namespace cloesce::cidl {
namespace {

using json::json_type;
using json::value;

// Far beyond what a source file would say; what is read below may then recurse.
constexpr std::size_t kMaximumTypeDepth = 32;
constexpr std::size_t kMaximumTreeDepth = 32;

class Loader;

enum class Presence : std::uint8_t { kRequired, kOptional };

// A member of a JSON object and how it is read into the object at `target`. False after a failure.
struct Member {
  std::string_view name;
  bool (*read)(Loader& loader, value& json, void* target);
  Presence presence = Presence::kRequired;
};

// The members of a class of the model, specialised for each below.
template <class Class>
struct Shape;

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
      return Failure{make_error(ErrorCode::kCidlInvalid, "expected an object")};
    }
    if (code) return wrap(json::malformed(code, {}));
    Interface interface;
    if (!read(root, interface)) return Failure{std::move(error_)};
    if (auto ended = json::expect_end(**document); !ended.ok()) {
      return wrap(std::move(ended).error());
    }
    if (auto verified = detail::verify(interface); !verified.ok()) {
      return Failure{std::move(verified).error()};
    }
    return interface;
  }

  template <class Class>
  bool read(value& json, Class& out) {
    std::uint32_t seen = 0;
    return read_members(json, Shape<Class>::kMembers, &out, seen);
  }

  template <class Item>
  bool read(value& json, std::vector<Item>& out) {
    json::array items;
    if (json.get_array().get(items)) return mismatch(json, "an array");
    out.clear();
    for (auto item : items) {
      if (item.error()) return broken(item.error());
      value element = item.value_unsafe();
      Item read_item;
      if (!read(element, read_item)) {
        return within(fmt::format(FMT_COMPILE("[{}]"), out.size()));
      }
      out.push_back(std::move(read_item));
    }
    return true;
  }

  template <class Class>
  bool read(value& json, std::optional<Class>& out) {
    return read(json, out.emplace());
  }

  template <class Enum>
  requires requires { detail::Words<Enum>::kAll; }
  bool read(value& json, Enum& out) {
    std::size_t index = 0;
    if (!read_word(json, detail::Words<Enum>::kAll, index)) return false;
    out = static_cast<Enum>(index);
    return true;
  }

  bool read(value& json, std::string& out) {
    std::string_view text;
    if (json.get_string().get(text)) return mismatch(json, "a string");
    out.assign(text);
    return true;
  }

  bool read(value& json, bool& out) {
    if (json.get_bool().get(out)) return mismatch(json, "true or false");
    return true;
  }

  bool read(value& json, Type& out) { return read_type(json, out, kMaximumTypeDepth); }

  bool read(value& json, IncludeTree& out) { return read_tree(json, out, kMaximumTreeDepth); }

  bool read(value& json, Navigation& out);

  bool read_version(value& json) {
    std::int64_t version = 0;
    if (json.get_int64().get(version)) return mismatch(json, "a version number");
    if (version == kFormatVersion) return true;
    return fail(fmt::format(FMT_COMPILE("version {} is not supported, this build reads version {}: "
                                        "compile the project again"),
                            version, kFormatVersion));
  }

 private:
  static Failure wrap(Error error) {
    error.code = ErrorCode::kCidlInvalid;
    return Failure{std::move(error)};
  }

  bool fail(std::string detail) {
    error_ = make_error(ErrorCode::kCidlInvalid, std::move(detail));
    return false;
  }

  bool broken(simdjson::error_code code) { return fail(json::malformed(code, {}).detail); }

  bool mismatch(value& json, std::string_view expected) {
    return fail(fmt::format(FMT_COMPILE("expected {}, got {}"), expected, json::describe(json)));
  }

  // Puts the place in front of the path of a failure that is on its way out.
  bool within(std::string_view place) {
    const bool separate = !error_.path.empty() && error_.path.front() != '[';
    error_.path.insert(0, separate ? fmt::format(FMT_COMPILE("{}."), place) : std::string(place));
    return false;
  }

  bool read_members(value& json, std::span<const Member> members, void* target,
                    std::uint32_t& seen) {
    json::object object;
    if (json.get_object().get(object)) return mismatch(json, "an object");
    for (auto entry : object) {
      json::field member;
      if (const auto code = std::move(entry).get(member); code) return broken(code);
      std::string_view name;
      if (const auto code = member.unescaped_key(false).get(name); code) return broken(code);
      if (!read_member(name, member.value(), members, target, seen)) return within(name);
    }
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (members[index].presence == Presence::kRequired && (seen >> index & 1U) == 0) {
        return fail(fmt::format(FMT_COMPILE("the member {} is missing"), members[index].name));
      }
    }
    return true;
  }

  bool read_member(std::string_view name, value& json, std::span<const Member> members,
                   void* target, std::uint32_t& seen) {
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (members[index].name != name) continue;
      if ((seen >> index & 1U) != 0) return fail("the member is there twice");
      seen |= std::uint32_t{1} << index;
      return members[index].read(*this, json, target);
    }
    // What this version does not know still has to be JSON.
    auto skipped = json::check_any(json, json::kDefaultDepth, {});
    return skipped.ok() || fail(std::move(skipped.error().detail));
  }

  bool read_word(value& json, std::span<const std::string_view> words, std::size_t& index) {
    std::string_view text;
    if (json.get_string().get(text)) return mismatch(json, "a string");
    for (index = 0; index < words.size(); ++index) {
      if (words[index] == text) return true;
    }
    return fail(fmt::format(FMT_COMPILE("expected one of {}, got {}"), fmt::join(words, ", "),
                            json::describe(json)));
  }

  bool read_type(value& json, Type& out, std::size_t depth_left) {
    json_type kind{};
    if (const auto code = json.type().get(kind); code) return broken(code);
    if (kind == json_type::string) {
      std::size_t index = 0;
      if (!read_word(json, plain_types(), index)) return false;
      out.kind = static_cast<TypeKind>(index);
      return true;
    }
    if (kind != json_type::object) return mismatch(json, "a type");
    json::object object;
    if (json.get_object().get(object)) return mismatch(json, "a type");
    bool first = true;
    for (auto entry : object) {
      json::field member;
      if (const auto code = std::move(entry).get(member); code) return broken(code);
      std::string_view name;
      if (const auto code = member.unescaped_key(false).get(name); code) return broken(code);
      if (!first) return fail("a type has one member");
      first = false;
      if (!read_composed_type(name, member.value(), out, depth_left)) return within(name);
    }
    return !first || fail("a type has one member");
  }

  // The types that are written as a lone string come first in the enumeration.
  static std::span<const std::string_view> plain_types() {
    return std::span(detail::Words<TypeKind>::kAll)
        .first(static_cast<std::size_t>(TypeKind::kObject));
  }

  bool read_composed_type(std::string_view name, value& json, Type& out, std::size_t depth_left) {
    const auto& words = detail::Words<TypeKind>::kAll;
    for (std::size_t index = plain_types().size(); index < words.size(); ++index) {
      if (words[index] != name) continue;
      out.kind = static_cast<TypeKind>(index);
      if (detail::form_of(out.kind) == detail::TypeForm::kNamed) return read(json, out.name);
      if (depth_left == 0) return fail("the type is nested too deep");
      return read_type(json, out.inner.emplace_back(), depth_left - 1);
    }
    return fail("there is no such type");
  }

  bool read_tree(value& json, IncludeTree& out, std::size_t depth_left) {
    json::object object;
    if (json.get_object().get(object)) return mismatch(json, "an object");
    for (auto entry : object) {
      json::field member;
      if (const auto code = std::move(entry).get(member); code) return broken(code);
      std::string_view name;
      if (const auto code = member.unescaped_key(false).get(name); code) return broken(code);
      if (depth_left == 0) return fail("the include tree is nested too deep");
      IncludeNode& node = out.nodes.emplace_back();
      node.name.assign(name);
      if (!read_tree(member.value(), node.children, depth_left - 1)) return within(node.name);
    }
    return true;
  }

  Error error_;
};

template <class MemberPointer>
struct OwnerOf;
template <class Class, class Value>
struct OwnerOf<Value Class::*> {
  using Type = Class;
};

// Reads a member of the model straight from a member of the JSON object.
template <auto Pointer>
bool into(Loader& loader, value& json, void* target) {
  using Class = typename OwnerOf<decltype(Pointer)>::Type;
  return loader.read(json, static_cast<Class*>(target)->*Pointer);
}

// Reads `true` as `When` and leaves the default for `false`.
template <auto Pointer, auto When>
bool flag(Loader& loader, value& json, void* target) {
  using Class = typename OwnerOf<decltype(Pointer)>::Type;
  bool set = false;
  if (!loader.read(json, set)) return false;
  if (set) static_cast<Class*>(target)->*Pointer = When;
  return true;
}

bool read_scope(Loader& loader, value& json, void* target) {
  bool is_static = false;
  if (!loader.read(json, is_static)) return false;
  static_cast<Method*>(target)->scope = is_static ? MethodScope::kStatic : MethodScope::kInstance;
  return true;
}

bool check_version(Loader& loader, value& json, void*) { return loader.read_version(json); }

template <>
struct Shape<Parameter> {
  static constexpr Member kMembers[] = {{"name", into<&Parameter::name>},
                                        {"type", into<&Parameter::type>}};
};

template <>
struct Shape<Field> {
  static constexpr Member kMembers[] = {{"name", into<&Field::name>}, {"type", into<&Field::type>}};
};

template <>
struct Shape<Method> {
  static constexpr Member kMembers[] = {
      {"name", into<&Method::name>},
      {"verb", into<&Method::verb>},
      {"static", read_scope},
      {"returns", into<&Method::returns>},
      {"builtin", into<&Method::builtin>, Presence::kOptional},
      {"parameters", into<&Method::parameters>, Presence::kOptional},
      {"parametersMedia", into<&Method::parameters_media>, Presence::kOptional},
      {"returnsMedia", into<&Method::returns_media>, Presence::kOptional},
      {"documentation", into<&Method::documentation>, Presence::kOptional},
  };
};

template <>
struct Shape<Reference> {
  static constexpr Member kMembers[] = {{"model", into<&Reference::model>},
                                        {"column", into<&Reference::column>}};
};

template <>
struct Shape<Column> {
  static constexpr Member kMembers[] = {
      {"name", into<&Column::name>},
      {"type", into<&Column::type>},
      {"primaryKey", flag<&Column::key, KeyRole::kPrimaryKey>, Presence::kOptional},
      {"unique", flag<&Column::uniqueness, Uniqueness::kUnique>, Presence::kOptional},
      {"indexed", flag<&Column::indexing, Indexing::kIndexed>, Presence::kOptional},
      {"references", into<&Column::references>, Presence::kOptional},
  };
};

template <>
struct Shape<Navigation> {
  static constexpr std::size_t kKeyOwner = 3;
  static constexpr Member kMembers[] = {
      {"name", into<&Navigation::name>},
      {"kind", into<&Navigation::kind>},
      {"model", into<&Navigation::model>},
      {"keyOwner", into<&Navigation::key_owner>, Presence::kOptional},
      {"columns", into<&Navigation::columns>, Presence::kOptional},
      {"junction", into<&Navigation::junction>, Presence::kOptional},
  };
};

template <>
struct Shape<DataSource> {
  static constexpr Member kMembers[] = {{"name", into<&DataSource::name>},
                                        {"tree", into<&DataSource::tree>}};
};

template <>
struct Shape<Model> {
  static constexpr Member kMembers[] = {
      {"name", into<&Model::name>},
      {"file", into<&Model::file>},
      {"storage", into<&Model::storage>},
      {"binding", into<&Model::binding>, Presence::kOptional},
      {"table", into<&Model::table>, Presence::kOptional},
      {"columns", into<&Model::columns>, Presence::kOptional},
      {"navigations", into<&Model::navigations>, Presence::kOptional},
      {"dataSources", into<&Model::data_sources>, Presence::kOptional},
      {"methods", into<&Model::methods>, Presence::kOptional},
      {"documentation", into<&Model::documentation>, Presence::kOptional},
  };
};

template <>
struct Shape<JunctionSide> {
  static constexpr Member kMembers[] = {{"model", into<&JunctionSide::model>},
                                        {"columns", into<&JunctionSide::columns>}};
};

template <>
struct Shape<Junction> {
  static constexpr Member kMembers[] = {
      {"name", into<&Junction::name>},
      {"binding", into<&Junction::binding>},
      {"left", into<&Junction::left>},
      {"right", into<&Junction::right>},
  };
};

template <>
struct Shape<Attribute> {
  static constexpr Member kMembers[] = {{"name", into<&Attribute::name>},
                                        {"inject", into<&Attribute::inject>}};
};

template <>
struct Shape<Service> {
  static constexpr Member kMembers[] = {
      {"name", into<&Service::name>},
      {"file", into<&Service::file>},
      {"attributes", into<&Service::attributes>, Presence::kOptional},
      {"initializer", into<&Service::initializer>, Presence::kOptional},
      {"methods", into<&Service::methods>, Presence::kOptional},
      {"documentation", into<&Service::documentation>, Presence::kOptional},
  };
};

template <>
struct Shape<PlainObject> {
  static constexpr Member kMembers[] = {
      {"name", into<&PlainObject::name>},
      {"file", into<&PlainObject::file>},
      {"fields", into<&PlainObject::fields>, Presence::kOptional},
      {"documentation", into<&PlainObject::documentation>, Presence::kOptional},
  };
};

template <>
struct Shape<Binding> {
  static constexpr Member kMembers[] = {{"name", into<&Binding::name>},
                                        {"kind", into<&Binding::kind>}};
};

template <>
struct Shape<Variable> {
  static constexpr Member kMembers[] = {{"name", into<&Variable::name>},
                                        {"kind", into<&Variable::kind>}};
};

template <>
struct Shape<Environment> {
  static constexpr Member kMembers[] = {
      {"name", into<&Environment::name>},
      {"file", into<&Environment::file>},
      {"bindings", into<&Environment::bindings>, Presence::kOptional},
      {"variables", into<&Environment::variables>, Presence::kOptional},
  };
};

template <>
struct Shape<Application> {
  static constexpr Member kMembers[] = {{"file", into<&Application::file>},
                                        {"export", into<&Application::export_name>}};
};

template <>
struct Shape<ExportName> {
  static constexpr Member kMembers[] = {{"class", into<&ExportName::class_name>},
                                        {"export", into<&ExportName::export_name>}};
};

template <>
struct Shape<Interface> {
  static constexpr Member kMembers[] = {
      {"version", check_version},
      {"name", into<&Interface::name>},
      {"workersUrl", into<&Interface::workers_url>},
      {"clientUrl", into<&Interface::client_url>, Presence::kOptional},
      {"routePrefix", into<&Interface::route_prefix>, Presence::kOptional},
      {"application", into<&Interface::application>, Presence::kOptional},
      {"environment", into<&Interface::environment>, Presence::kOptional},
      {"models", into<&Interface::models>, Presence::kOptional},
      {"junctions", into<&Interface::junctions>, Presence::kOptional},
      {"services", into<&Interface::services>, Presence::kOptional},
      {"plainObjects", into<&Interface::plain_objects>, Presence::kOptional},
      {"exports", into<&Interface::exports>, Presence::kOptional},
  };
};

bool Loader::read(value& json, Navigation& out) {
  std::uint32_t seen = 0;
  if (!read_members(json, Shape<Navigation>::kMembers, &out, seen)) return false;
  const bool owner_said = (seen >> Shape<Navigation>::kKeyOwner & 1U) != 0;
  if (!owner_said && out.kind == NavigationKind::kOneToMany) out.key_owner = KeyOwner::kTarget;
  return true;
}

}  // namespace

Result<Interface> load(std::string_view text) { return Loader().load(text); }

}  // namespace cloesce::cidl
