// Reads members of snapshots one by one and keeps the first problem.
#pragma once

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/reader.h"

namespace cloesce::migrate {

/// Every read answers false after a problem, which `error` describes with its place as path.
class MemberReader {
 public:
  Error error;

  bool fail(std::string_view path, std::string_view detail) {
    error = make_error(ErrorCode::kCidlInvalid, detail, path);
    return false;
  }

 protected:
  bool read_key(const json::Field& member, std::string_view path, std::string& key) {
    std::string_view name;
    if (member.unescaped_key(name)) return fail(path, "malformed JSON");
    key.assign(name);
    return true;
  }

  bool ended(const json::Container& container, std::string_view path) {
    return container.error() == simdjson::SUCCESS || fail(path, "malformed JSON");
  }

  /// `read_element(element, path)` for each.
  template <class ReadElement>
  bool read_list(const json::Value& json, const std::string& path, ReadElement read_element) {
    json::Array array;
    if (json.get_array(array)) return fail(path, "expected an array");
    std::size_t index = 0;
    for (json::Value element; array.next(element);) {
      if (!read_element(element, fmt::format(FMT_COMPILE("{}[{}]"), path, index++))) return false;
    }
    return ended(array, path);
  }

  /// `read_member_value(key, value, path)` for each.
  template <class ReadMember>
  bool read_object(const json::Value& json, const std::string& path, ReadMember read_member_value) {
    json::Object object;
    if (json.get_object(object)) return fail(path, "expected an object");
    for (json::Field member; object.next(member);) {
      std::string key;
      if (!read_key(member, path, key)) return false;
      if (!read_member_value(key, member.value(), fmt::format(FMT_COMPILE("{}.{}"), path, key))) {
        return false;
      }
    }
    return ended(object, path);
  }

  bool read_text(const json::Value& json, const std::string& path, std::string& text) {
    std::string_view view;
    if (json.get_string(view)) return fail(path, "expected a string");
    const bool printable = std::none_of(view.begin(), view.end(), [](char character) {
      const auto byte = static_cast<unsigned char>(character);
      return byte < 0x20 || byte == 0x7F;
    });
    if (!printable) return fail(path, "control characters are not allowed");
    text.assign(view);
    return true;
  }

  bool read_flag(const json::Value& json, const std::string& path, bool& flag) {
    if (json.get_bool(flag)) return fail(path, "expected true or false");
    return true;
  }

  bool read_names(const json::Value& json, const std::string& path,
                  std::vector<std::string>& names) {
    return read_list(json, path, [&](const json::Value& element, const std::string& place) {
      return read_text(element, place, names.emplace_back());
    });
  }

  /// Checks a value that nobody needs.
  bool pass_over(const json::Value& json, const std::string& path) {
    auto text = json::check_any(json, json::kDefaultDepth, path);
    if (text.ok()) return true;
    error = std::move(text).error();
    return false;
  }
};

}  // namespace cloesce::migrate
