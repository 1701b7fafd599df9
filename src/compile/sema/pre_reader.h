// How nodes of cidl.pre.json are read by tables of their members, which pre_load.cpp has.
#pragma once

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/concat.h"
#include "compile/sema/pre_load.h"

namespace cloesce::sema::detail {

using json::Type;
using json::Value;

/// Nobody writes such types; what is read below may then recurse.
inline constexpr std::size_t kMaximumDepth = 48;

class Loader;

enum class Presence : std::uint8_t { kRequired, kOptional };

/// A member of a JSON object and how it is read into the object at `target`. False after a failure.
struct Member {
  std::string_view name;
  bool (*read)(Loader& loader, const json::Value& json, void* target);
  Presence presence = Presence::kRequired;
};

/// The members of a node, specialised for each below.
template <class Node>
struct Shape;

/// The words of an enumeration in the order of its enumerators.
template <class Enum>
struct Words;
template <>
struct Words<pre::TypeForm> {
  static constexpr std::array<std::string_view, 5> kAll = {"name", "array", "union", "literal",
                                                           "other"};
};
template <>
struct Words<pre::ValueForm> {
  static constexpr std::array<std::string_view, 9> kAll = {
      "string", "number", "boolean", "null", "name", "array", "object", "arrow", "other"};
};
template <>
struct Words<pre::UnreadForm> {
  static constexpr std::array<std::string_view, 9> kAll = {"parameterProperty",
                                                           "constructorParameter",
                                                           "private",
                                                           "indexSignature",
                                                           "computed",
                                                           "computedMethod",
                                                           "accessor",
                                                           "getter",
                                                           "setter"};
};
template <>
struct Words<pre::NameKind> {
  static constexpr std::array<std::string_view, 7> kAll = {
      "class", "alias", "interface", "enum", "function", "variable", "namespace"};
};
template <>
struct Words<pre::Accessibility> {
  static constexpr std::array<std::string_view, 3> kAll = {"public", "protected", "private"};
};
template <>
struct Words<pre::HookKind> {
  static constexpr std::array<std::string_view, 6> kAll = {"request",  "namespace", "method",
                                                           "instance", "result",    "scope"};
};
template <>
struct Words<pre::HistoryRead> {
  static constexpr std::array<std::string_view, 2> kAll = {"history", "watch"};
};
template <>
struct Words<cidl::NestedWrites> {
  static constexpr std::array<std::string_view, 2> kAll = {"granted", "dataSource"};
};
template <>
struct Words<Severity> {
  static constexpr std::array<std::string_view, 3> kAll = {"error", "warning", "note"};
};

/// Reads one project; where it fails says the place.
class Loader {
 public:
  Result<pre::Project> load(const json::Value& json);

  template <class Node>
  bool read(const json::Value& json, Node& out) {
    return read_object(json, Shape<Node>::kMembers, &out);
  }

  bool read_object(const json::Value& json, std::span<const Member> members, void* target) {
    std::uint32_t seen = 0;
    json::Object object;
    if (json.get_object(object)) return mismatch(json, "an object");
    for (json::Field member; object.next(member);) {
      std::string_view name;
      if (const auto code = member.unescaped_key(name); code) return broken(code);
      if (!read_member(name, member.value(), members, target, seen)) return within(name);
    }
    if (object.error() != simdjson::SUCCESS) return broken(object.error());
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (members[index].presence == Presence::kRequired && (seen >> index & 1U) == 0) {
        return fail(fmt::format(FMT_COMPILE("the member {} is missing"), members[index].name));
      }
    }
    return true;
  }

  template <class Item>
  bool read(const json::Value& json, std::vector<Item>& out) {
    json::Array items;
    if (json.get_array(items)) return mismatch(json, "an array");
    out.clear();
    for (json::Value element; items.next(element);) {
      Item read_item;
      if (!read(element, read_item)) return within(fmt::format(FMT_COMPILE("[{}]"), out.size()));
      out.push_back(std::move(read_item));
    }
    return items.error() == simdjson::SUCCESS || broken(items.error());
  }

  // `null` is nothing.
  template <class Value>
  bool read(const json::Value& json, std::optional<Value>& out) {
    if (json.is_null()) {
      out.reset();
      return true;
    }
    return read(json, out.emplace());
  }

  template <class Enum>
  requires requires { Words<Enum>::kAll; }
  bool read(const json::Value& json, Enum& out) {
    std::string_view text;
    if (json.get_string(text)) return mismatch(json, "a string");
    const auto& words = Words<Enum>::kAll;
    for (std::size_t index = 0; index < words.size(); ++index) {
      if (words[index] != text) continue;
      out = static_cast<Enum>(index);
      return true;
    }
    return fail(fmt::format(FMT_COMPILE("expected one of {}, got {}"), fmt::join(words, ", "),
                            json::describe(json).view()));
  }

  bool read(const json::Value& json, std::string& out) {
    std::string_view text;
    if (json.get_string(text)) return mismatch(json, "a string");
    out.assign(text);
    return true;
  }

  bool read(const json::Value& json, bool& out) {
    if (json.get_bool(out)) return mismatch(json, "true or false");
    return true;
  }

  bool read(const json::Value& json, std::uint32_t& out) {
    std::uint64_t number = 0;
    if (json.get_uint64(number) || number > std::numeric_limits<std::uint32_t>::max()) {
      return mismatch(json, "a whole number");
    }
    out = static_cast<std::uint32_t>(number);
    return true;
  }

  bool read(const json::Value& json, FileId& out) {
    std::uint64_t index = 0;
    if (json.get_uint64(index) || index >= kMaximumFiles) {
      return mismatch(json, "the index of a file");
    }
    out = static_cast<FileId>(index);
    if (files_needed_ <= index) files_needed_ = index + 1;
    return true;
  }

  // [file, begin, end, line, column]; the last two follow from the text and are not kept.
  bool read(const json::Value& json, Span& out) {
    json::Array items;
    if (json.get_array(items)) return mismatch(json, "a span");
    std::array<std::uint32_t, 5> numbers{};
    std::size_t count = 0;
    for (json::Value element; items.next(element);) {
      if (count == numbers.size()) return fail("a span has five numbers");
      if (count == 0) {
        if (!read(element, out.file)) return false;
      } else if (!read_number(element, numbers[count])) {
        return false;
      }
      ++count;
    }
    if (items.error() != simdjson::SUCCESS) return broken(items.error());
    if (count != numbers.size()) return fail("a span has five numbers");
    out.begin = numbers[1];
    out.end = numbers[2];
    return out.begin <= out.end || fail("a span ends before it begins");
  }

  bool read(const json::Value& json, pre::TypeNode& out) {
    const Deeper level(*this);
    if (depth_ > kMaximumDepth) return fail("the type is nested too deep");
    if (!read_object(json, type_members(), &out)) return false;
    const bool complete = out.form == pre::TypeForm::kArray   ? out.inner.size() == 1
                          : out.form == pre::TypeForm::kUnion ? !out.inner.empty()
                                                              : !out.text.empty();
    return complete || fail("the type is incomplete");
  }

  bool read(const json::Value& json, pre::ValueNode& out) {
    const Deeper level(*this);
    if (depth_ > kMaximumDepth) return fail("the value is nested too deep");
    return read_object(json, value_members(), &out);
  }

  // A literal type or value as people write it.
  bool read_literal(const json::Value& json, std::string& out) {
    const json::Type kind = json.type();
    if (kind == json::Type::kInvalid) return broken(simdjson::TAPE_ERROR);
    if (kind != json::Type::kString) {
      auto text = json::check_any(json, 1, {});
      if (!text.ok()) return fail(text.error().detail);
      out.assign(*text);
      return true;
    }
    return read(json, out);
  }

  bool read_version(const json::Value& json) {
    std::uint64_t version = 0;
    if (json.get_uint64(version)) return mismatch(json, "a version number");
    if (version == kPreFormatVersion) return true;
    return fail(fmt::format(FMT_COMPILE("version {} is not supported, this build reads version {}"),
                            version, kPreFormatVersion));
  }

 private:
  static constexpr std::uint64_t kMaximumFiles = 1U << 20U;

  class Deeper {
   public:
    explicit Deeper(Loader& loader) : loader_(loader) { ++loader_.depth_; }
    ~Deeper() { --loader_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Loader& loader_;
  };

  static std::span<const Member> type_members();
  static std::span<const Member> value_members();

  bool fail(std::string_view detail) {
    error_ = make_error(ErrorCode::kCidlInvalid, std::string(detail));
    return false;
  }

  bool broken(simdjson::error_code code) { return fail(json::malformed_error(code, {}).detail); }

  bool mismatch(const json::Value& json, std::string_view expected) {
    return fail(
        fmt::format(FMT_COMPILE("expected {}, got {}"), expected, json::describe(json).view()));
  }

  // Puts the place in front of the path of a failure that is on its way out.
  bool within(std::string_view place) {
    const bool separate = !error_.path.empty() && error_.path.front() != '[';
    error_.path = concat({place, separate ? "." : "", error_.path});
    return false;
  }

  bool read_number(const json::Value& json, std::uint32_t& out) {
    std::uint64_t number = 0;
    if (json.get_uint64(number) || number > std::numeric_limits<std::uint32_t>::max()) {
      return mismatch(json, "an offset");
    }
    out = static_cast<std::uint32_t>(number);
    return true;
  }

  bool read_member(std::string_view name, const json::Value& json, std::span<const Member> members,
                   void* target, std::uint32_t& seen) {
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (members[index].name != name) continue;
      if ((seen >> index & 1U) != 0) return fail("the member is there twice");
      seen |= std::uint32_t{1} << index;
      return members[index].read(*this, json, target);
    }
    // What the analysis has no use for still has to be JSON.
    auto skipped = json::check_any(json, json::kDefaultDepth, {});
    return skipped.ok() || fail(skipped.error().detail);
  }

  Error error_;
  std::size_t depth_ = 0;
  std::uint64_t files_needed_ = 0;
};

template <class MemberPointer>
struct OwnerOf;
template <class Class, class Value>
struct OwnerOf<Value Class::*> {
  using Type = Class;
};

/// Reads a member of a node straight from a member of the JSON object.
template <auto Pointer>
bool into(Loader& loader, const json::Value& json, void* target) {
  using Class = typename OwnerOf<decltype(Pointer)>::Type;
  return loader.read(json, static_cast<Class*>(target)->*Pointer);
}

/// Reads a text; `null` is the empty one.
template <auto Pointer>
bool into_text(Loader& loader, const json::Value& json, void* target) {
  using Class = typename OwnerOf<decltype(Pointer)>::Type;
  return json.is_null() || loader.read(json, static_cast<Class*>(target)->*Pointer);
}

template <class Node>
bool into_placement(Loader& loader, const json::Value& json, void* target) {
  bool is_static = false;
  if (!loader.read(json, is_static)) return false;
  static_cast<Node*>(target)->placement =
      is_static ? pre::Placement::kStatic : pre::Placement::kInstance;
  return true;
}

inline bool into_element(Loader& loader, const json::Value& json, void* target) {
  return loader.read(json, static_cast<pre::TypeNode*>(target)->inner.emplace_back());
}

/// What a literal is a literal of goes to `origin`.
inline bool into_literal_type(Loader& loader, const json::Value& json, void* target) {
  auto& node = *static_cast<pre::TypeNode*>(target);
  const json::Type kind = json.type();
  node.origin = kind == json::Type::kString    ? "string"
                : kind == json::Type::kBoolean ? "boolean"
                                               : "number";
  return loader.read_literal(json, node.text);
}

inline bool into_literal_value(Loader& loader, const json::Value& json, void* target) {
  return loader.read_literal(json, static_cast<pre::ValueNode*>(target)->text);
}

inline bool check_version(Loader& loader, const json::Value& json, void*) {
  return loader.read_version(json);
}

}  // namespace cloesce::sema::detail
