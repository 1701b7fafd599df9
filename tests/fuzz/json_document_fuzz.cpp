// The walk over a document sees what simdjson's own complete parser sees: the same members in the
// same order, with the same names, texts and numbers, also where values are passed over, left
// half-read or taken as text. What that parser refuses is refused here too when all of it is read.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "json/number.h"
#include "json/reader.h"

namespace {

using cloesce::Arena;
namespace dom = simdjson::dom;
namespace json = cloesce::json;

enum class Way : std::uint8_t { kRead, kPassOver, kLeaveHalfRead, kTakeAsText, kFind };

// Reads a document one of the ways for each of its values.
class Reading {
 public:
  // `seed` zero reads everything.
  Reading(Arena& arena, std::uint32_t seed) : arena_(arena), seed_(seed) {}

  // `expected` null: the text is malformed, or a number in it is beyond the other parser.
  bool read(const json::Value& value, const dom::element* expected) {
    switch (way()) {
      case Way::kPassOver:
        return true;
      case Way::kTakeAsText:
        return take_as_text(value, expected);
      case Way::kLeaveHalfRead:
      case Way::kFind:
      case Way::kRead:
        break;
    }
    switch (value.type()) {
      case json::Type::kObject:
        return read_object(value, expected);
      case json::Type::kArray:
        return read_array(value, expected);
      case json::Type::kString: {
        std::string_view text;
        if (value.get_string(text)) return false;
        if (expected != nullptr) CLOESCE_ASSERT(text == expected->get_string().value_unsafe());
        return true;
      }
      case json::Type::kNumber:
        return read_number(value, expected);
      case json::Type::kBoolean: {
        bool flag = false;
        if (value.get_bool(flag)) return false;
        if (expected != nullptr) CLOESCE_ASSERT(flag == expected->get_bool().value_unsafe());
        return true;
      }
      case json::Type::kNull:
        if (!value.is_null()) return false;
        CLOESCE_ASSERT(expected == nullptr || expected->is_null());
        value.pass();
        return true;
      case json::Type::kInvalid:
        break;
    }
    return false;
  }

 private:
  Way way() {
    if (seed_ == 0) return Way::kRead;
    seed_ = seed_ * 1664525 + 1013904223;
    const std::uint32_t choice = seed_ >> 28U;
    return choice < 5 ? static_cast<Way>(choice) : Way::kRead;
  }

  bool read_object(const json::Value& value, const dom::element* expected) {
    json::Object object;
    if (value.get_object(object)) return false;
    dom::object members;
    dom::object::iterator at;
    if (expected != nullptr) {
      members = expected->get_object().value_unsafe();
      at = members.begin();
    }
    for (json::Field member; object.next(member);) {
      std::string_view name;
      if (member.unescaped_key(name)) return false;
      dom::element below;
      if (expected != nullptr) {
        CLOESCE_ASSERT(at != members.end());
        CLOESCE_ASSERT(name == at.key());
        below = at.value();
        ++at;
      }
      if (!read(member.value(), expected == nullptr ? nullptr : &below)) return false;
      if (seed_ == 0) continue;
      const Way next = way();
      if (next == Way::kLeaveHalfRead) return true;
      if (next == Way::kFind && expected != nullptr) return find(object, member.escaped_key());
    }
    CLOESCE_ASSERT(expected == nullptr || (!object.error() && at == members.end()));
    return !object.error();
  }

  // The last that was read is there, and the object stands behind it again or behind one of the
  // same name before it.
  static bool find(json::Object& object, std::string_view name) {
    json::Value value;
    CLOESCE_ASSERT(object.find(name, value) == simdjson::SUCCESS);
    json::Field member;
    while (object.next(member)) {
    }
    CLOESCE_ASSERT(!object.error());
    return true;
  }

  bool read_array(const json::Value& value, const dom::element* expected) {
    json::Array array;
    if (value.get_array(array)) return false;
    dom::array elements;
    dom::array::iterator at;
    if (expected != nullptr) {
      elements = expected->get_array().value_unsafe();
      at = elements.begin();
    }
    for (json::Value element; array.next(element);) {
      dom::element below;
      if (expected != nullptr) {
        CLOESCE_ASSERT(at != elements.end());
        below = *at;
        ++at;
      }
      if (!read(element, expected == nullptr ? nullptr : &below)) return false;
      if (seed_ != 0 && way() == Way::kLeaveHalfRead) return true;
    }
    CLOESCE_ASSERT(expected == nullptr || (!array.error() && at == elements.end()));
    return !array.error();
  }

  static bool read_number(const json::Value& value, const dom::element* expected) {
    const std::string_view token = value.token();
    if (json::number_form(token) != json::NumberForm::kFinite) return false;
    std::uint64_t number = 0;
    std::uint64_t other = 0;
    const bool whole = value.get_uint64(number) == simdjson::SUCCESS;
    value.pass();
    if (expected == nullptr) return true;
    const bool other_whole = expected->get_uint64().get(other) == simdjson::SUCCESS;
    CLOESCE_ASSERT(token.size() > 19 || whole == (other_whole && token.front() != '-'));
    CLOESCE_ASSERT(!whole || number == other);
    return true;
  }

  bool take_as_text(const json::Value& value, const dom::element* expected) {
    std::string_view text;
    if (value.raw_json(text)) return false;
    if (expected == nullptr) return true;
    json::Reader reader;
    const auto document = reader.open(json::pad(arena_, text));
    CLOESCE_ASSERT(document.ok());
    json::Value root;
    CLOESCE_ASSERT((*document)->get_value(root) == simdjson::SUCCESS);
    CLOESCE_ASSERT(Reading(arena_, 0).read(root, expected));
    CLOESCE_ASSERT((*document)->at_end());
    return true;
  }

  Arena& arena_;
  std::uint32_t seed_;
};

simdjson::padded_string_view pad_with(Arena& arena, std::string_view text, char filler) {
  char* const memory = static_cast<char*>(arena.allocate(text.size() + json::kPadding, 1));
  if (!text.empty()) std::memcpy(memory, text.data(), text.size());
  std::memset(memory + text.size(), filler, json::kPadding);
  return simdjson::padded_string_view(memory, text.size(), text.size() + json::kPadding);
}

// Recursion here has no limit of its own.
bool is_deep(std::string_view text) {
  std::size_t brackets = 0;
  for (const char character : text) brackets += character == '[' || character == '{' ? 1 : 0;
  return brackets > 500;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (is_deep(text)) return 0;
  std::uint32_t seed = 2166136261;
  for (const char character : text) {
    seed = (seed ^ static_cast<unsigned char>(character)) * 16777619;
  }
  dom::parser parser;
  dom::element element;
  Arena arena;
  const simdjson::error_code code = parser.parse(json::pad(arena, text)).get(element);
  const dom::element* const expected = code == simdjson::SUCCESS ? &element : nullptr;
  const bool number_beyond = code == simdjson::NUMBER_ERROR || code == simdjson::BIGINT_ERROR;

  json::Reader reader;
  for (const char filler : {'\0', '}', ']', ',', '"', '1', ':'}) {
    const auto document = reader.open(pad_with(arena, text, filler));
    CLOESCE_ASSERT(document.ok() || expected == nullptr);
    if (!document.ok()) return 0;
    json::Value root;
    bool read = (*document)->get_value(root) == simdjson::SUCCESS;
    read = read && Reading(arena, 0).read(root, expected);
    read = read && (*document)->at_end();
    // A number that rounds to infinity is the only thing that the other parser takes alone.
    CLOESCE_ASSERT(read == (expected != nullptr) || (read && number_beyond));
  }
  for (std::uint32_t way = 0; way < 4; ++way) {
    const auto document = reader.open(pad_with(arena, text, "\0]},"[way]));
    json::Value root;
    if ((*document)->get_value(root)) return 0;
    const bool read = Reading(arena, (seed + way) | 1U).read(root, expected);
    CLOESCE_ASSERT(read || expected == nullptr);
  }
  return 0;
}
