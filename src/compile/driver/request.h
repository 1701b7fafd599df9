// The members of a request, read one by one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/reader.h"

namespace cloesce::driver {

/// Calls `read_member(name, value)` for each member of the JSON object `text`, until one fails. The
/// texts that the values lend are valid during the call.
template <class ReadMember>
[[nodiscard]] Result<void> read_request(std::string_view text, ReadMember read_member) {
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, text));
  if (!document.ok()) return Failure{std::move(document).error()};
  json::Object object;
  if ((*document)->get_object(object)) {
    return Failure{make_error(ErrorCode::kCidlInvalid, "the request is not an object")};
  }
  for (json::Field member; object.next(member);) {
    std::string_view name;
    if (const auto code = member.unescaped_key(name); code) {
      return json::malformed(code, {});
    }
    CLOESCE_TRY(read_member(name, member.value()));
  }
  if (object.error()) return json::malformed(object.error(), {});
  return json::expect_end(**document);
}

[[nodiscard]] Result<void> read_text(const json::Value& value, std::string_view name,
                                     std::string& out);
[[nodiscard]] Result<void> read_flag(const json::Value& value, std::string_view name, bool& out);
/// Any JSON value as its own text.
[[nodiscard]] Result<void> read_json(const json::Value& value, std::string_view name,
                                     std::string& out);
/// Checks a value that nobody needs.
[[nodiscard]] Result<void> skip(const json::Value& value, std::string_view name);

}  // namespace cloesce::driver
