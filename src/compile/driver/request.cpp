// Typed reads of request members.
#include "compile/driver/request.h"

#include <fmt/compile.h>
#include <fmt/format.h>

namespace cloesce::driver {
namespace {

Failure mismatch(const json::Value& value, std::string_view name, std::string_view expected) {
  return Failure{make_error(
      ErrorCode::kCidlInvalid,
      fmt::format(FMT_COMPILE("expected {}, got {}"), expected, json::describe(value).view()),
      std::string(name))};
}

}  // namespace

Result<void> read_text(const json::Value& value, std::string_view name, std::string& out) {
  std::string_view text;
  if (value.get_string(text)) return mismatch(value, name, "a string");
  out.assign(text);
  return {};
}

Result<void> read_flag(const json::Value& value, std::string_view name, bool& out) {
  if (value.get_bool(out)) return mismatch(value, name, "true or false");
  return {};
}

Result<void> read_json(const json::Value& value, std::string_view name, std::string& out) {
  auto text = json::check_any(value, json::kDefaultDepth, name);
  if (!text.ok()) return Failure{std::move(text).error()};
  out.assign(*text);
  return {};
}

Result<void> skip(const json::Value& value, std::string_view name) {
  auto text = json::check_any(value, json::kDefaultDepth, name);
  if (!text.ok()) return Failure{std::move(text).error()};
  return {};
}

}  // namespace cloesce::driver
