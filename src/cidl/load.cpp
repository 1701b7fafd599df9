// Reads `cidl.json` by tables: each class of the model lists its members, and one loop reads them
// all.
#include "cidl/load.h"

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "base/arena.h"
#include "base/concat.h"
#include "cidl/detail/members.h"
#include "cidl/detail/verify.h"
#include "cidl/detail/words.h"
#include "json/reader.h"

namespace cloesce::cidl {
namespace {

using detail::Form;
using detail::Member;
using detail::WordList;
using json::Value;

// Far beyond what a source file would say; what is read below may then recurse.
constexpr std::size_t kMaximumTypeDepth = 32;
constexpr std::size_t kMaximumTreeDepth = 32;

// The types that are written as a lone string come first in the enumeration.
constexpr WordList kPlainTypes =
    WordList(detail::Words<TypeKind>::kAll).first(static_cast<std::size_t>(TypeKind::kObject));

class Loader {
 public:
  Result<std::unique_ptr<Interface>> load(std::string_view text) {
    Arena arena;
    json::Reader reader;
    auto document = reader.open(json::pad(arena, text));
    if (!document.ok()) return wrap(std::move(document).error());
    Value root;
    if (const auto code = (*document)->get_value(root); code) {
      return wrap(json::malformed_error(code, {}));
    }
    auto interface = std::make_unique<Interface>();
    std::uint32_t seen = 0;
    if (!read_members(root, detail::kInterfaceMembers, interface.get(), seen)) {
      return Failure{std::move(error_)};
    }
    if (auto ended = json::expect_end(**document); !ended.ok()) {
      return wrap(std::move(ended).error());
    }
    return interface;
  }

 private:
  static Failure wrap(Error error) {
    error.code = ErrorCode::kCidlInvalid;
    return Failure{std::move(error)};
  }

  // What reads answers false after a failure.
  bool fail(std::string_view detail) {
    error_ = make_error(ErrorCode::kCidlInvalid, detail);
    return false;
  }

  bool broken(simdjson::error_code code) { return fail(json::malformed_error(code, {}).detail); }

  bool mismatch(const Value& json, std::string_view expected) {
    return fail(filled("expected %, got %", {expected, json::describe(json)}));
  }

  // Puts the place in front of the path of a failure that is on its way out.
  bool within(std::string_view place) {
    const bool separate = !error_.path.empty() && error_.path.front() != '[';
    error_.path = concat({place, separate ? "." : "", error_.path});
    return false;
  }

  // The next member of an object. False at its end and after a failure, which `ended` tells apart.
  bool next(json::Object& members, std::string_view& name, Value& json) {
    json::Field member;
    if (!members.next(member)) return false;
    if (const auto code = member.unescaped_key(name); code) return broken(code);
    json = member.value();
    return true;
  }

  bool ended(const json::Object& members) {
    if (members.error() != simdjson::SUCCESS) return broken(members.error());
    return error_.detail.empty();
  }

  bool read(const Value& json, Form form, void* target, const Member& member) {
    std::uint32_t seen = 0;
    switch (form) {
      case Form::kVersion:
        return read_version(json);
      case Form::kText:
        return read_text(json, *static_cast<std::string*>(target));
      case Form::kNumber:
        return read_number(json, *static_cast<std::uint32_t*>(target));
      case Form::kFlag:
      case Form::kScope: {
        bool flag = false;
        if (json.get_bool(flag)) return mismatch(json, "true or false");
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
        return read_tree(json, *static_cast<IncludeTree*>(target), nullptr, kMaximumTreeDepth);
      case Form::kObject:
        return read_members(json, member.of->members, target, seen);
      case Form::kNavigation:
        if (!read_members(json, member.of->members, target, seen)) return false;
        default_key_owner(*static_cast<Navigation*>(target), seen);
        return true;
      case Form::kList:
        return read_list(json, target, member);
    }
    return false;
  }

  static void set_enumerator(void* target, std::size_t index) {
    *static_cast<std::uint8_t*>(target) = static_cast<std::uint8_t>(index);
  }

  bool read_version(const Value& json) {
    const String said = json::describe(json);
    std::uint64_t version = 0;
    if (json.get_uint64(version)) return mismatch(json, "a version number");
    if (version == kFormatVersion) return true;
    return fail(
        filled("version % is not supported, this build reads version %: compile the project again",
               {said, decimal(kFormatVersion)}));
  }

  bool read_text(const Value& json, std::string& out) {
    std::string_view text;
    if (json.get_string(text)) return mismatch(json, "a string");
    out.assign(text);
    return true;
  }

  bool read_number(const Value& json, std::uint32_t& out) {
    std::uint64_t number = 0;
    if (json.get_uint64(number)) return mismatch(json, "a whole number");
    if (number > UINT32_MAX) return fail("the number is too large");
    out = static_cast<std::uint32_t>(number);
    return true;
  }

  bool read_list(const Value& json, void* target, const Member& member) {
    json::Array items;
    if (json.get_array(items)) return mismatch(json, "an array");
    std::size_t count = 0;
    for (Value entry; items.next(entry);) ++count;
    if (items.error() != simdjson::SUCCESS) return broken(items.error());
    items.rewind();
    auto* item = static_cast<char*>(member.of->make(target, count));
    std::size_t index = 0;
    for (Value entry; items.next(entry);) {
      if (!read(entry, member.of->form, item, member)) {
        return within(filled("[%]", {decimal(index)}));
      }
      item += member.of->size;
      ++index;
    }
    return items.error() == simdjson::SUCCESS || broken(items.error());
  }

  bool read_members(const Value& json, std::span<const Member> members, void* target,
                    std::uint32_t& seen) {
    json::Object object;
    if (json.get_object(object)) return mismatch(json, "an object");
    std::string_view name;
    for (Value inner; next(object, name, inner);) {
      if (!read_member(name, inner, members, target, seen)) return within(name);
    }
    if (!ended(object)) return false;
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (members[index].presence == Presence::kRequired && (seen >> index & 1U) == 0) {
        return fail(filled("the member % is missing", {members[index].name}));
      }
    }
    return true;
  }

  static void default_key_owner(Navigation& navigation, std::uint32_t seen) {
    constexpr std::size_t kKeyOwnerMember = 3;
    static_assert(detail::kNavigationMembers[kKeyOwnerMember].name == "keyOwner");
    const bool said = (seen >> kKeyOwnerMember & 1U) != 0;
    if (!said && navigation.kind == NavigationKind::kOneToMany) {
      navigation.key_owner = KeyOwner::kTarget;
    }
  }

  bool read_member(std::string_view name, const Value& json, std::span<const Member> members,
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
    return skipped.ok() || fail(skipped.error().detail);
  }

  bool read_word(const Value& json, WordList words, std::size_t& index) {
    std::string_view text;
    if (json.get_string(text)) return mismatch(json, "a string");
    for (index = 0; index < words.size(); ++index) {
      if (words[index] == text) return true;
    }
    String expected = "one of ";
    for (const std::string_view& word : words) {
      if (&word != words.data()) expected += ", ";
      expected += word;
    }
    return mismatch(json, expected);
  }

  bool read_type(const Value& json, Type& out, std::size_t depth_left) {
    const json::Type kind = json.type();
    if (kind == json::Type::kInvalid) return broken(simdjson::TAPE_ERROR);
    if (kind == json::Type::kString) {
      std::size_t index = 0;
      if (!read_word(json, kPlainTypes, index)) return false;
      out.kind = static_cast<TypeKind>(index);
      return true;
    }
    if (kind != json::Type::kObject) return mismatch(json, "a type");
    json::Object object;
    if (json.get_object(object)) return mismatch(json, "a type");
    bool first = true;
    std::string_view name;
    for (Value inner; next(object, name, inner);) {
      if (!first) return fail("a type has one member");
      first = false;
      if (!read_composed_type(name, inner, out, depth_left)) return within(name);
    }
    if (!ended(object)) return false;
    return !first || fail("a type has one member");
  }

  bool read_composed_type(std::string_view name, const Value& json, Type& out,
                          std::size_t depth_left) {
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

  // What is below a node, and its options.
  bool read_tree(const Value& json, IncludeTree& out, std::vector<IncludeOption>* options,
                 std::size_t depth_left) {
    json::Object object;
    if (json.get_object(object)) return mismatch(json, "an object");
    std::string_view name;
    for (Value inner; next(object, name, inner);) {
      const json::Type kind = inner.type();
      if (kind == json::Type::kInvalid) return broken(simdjson::TAPE_ERROR);
      if (options != nullptr && kind != json::Type::kObject) {
        IncludeOption& option = options->emplace_back();
        option.name.assign(name);
        if (!read_option(inner, kind, option.value)) return within(option.name);
        continue;
      }
      if (depth_left == 0) return fail("the include tree is nested too deep");
      IncludeNode& node = out.nodes.emplace_back();
      node.name.assign(name);
      if (!read_tree(inner, node.children, &node.options, depth_left - 1)) {
        return within(node.name);
      }
    }
    return ended(object);
  }

  bool read_option(const Value& json, json::Type kind, std::string& out) {
    if (kind == json::Type::kString) return read_text(json, out);
    std::uint32_t number = 0;
    if (kind != json::Type::kNumber) return mismatch(json, "an object, a string or a whole number");
    if (!read_number(json, number)) return false;
    out = concat({decimal(number)}).view();
    return true;
  }

  Error error_;
};

}  // namespace

Result<Interface> load(std::string_view text) {
  auto interface = Loader().load(text);
  if (!interface.ok()) return std::move(interface).failure();
  CLOESCE_TRY(detail::verify(**interface));
  return std::move(**interface);
}

}  // namespace cloesce::cidl
