// Values of a source as JSON.
#include "compile/sema/include_query.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "json/writer.h"

namespace cloesce::sema {
namespace {

// False when something in it is computed.
bool append_value(ByteBuffer& out, const pre::ValueNode& value) {
  bool first = true;
  switch (value.form) {
    case pre::ValueForm::kString:
      json::append_string(out, value.text);
      return true;
    case pre::ValueForm::kNumber:
    case pre::ValueForm::kBoolean:
      out.append(value.text);
      return true;
    case pre::ValueForm::kNull:
      out.append("null");
      return true;
    case pre::ValueForm::kArray:
      out.push('[');
      for (const pre::ValueNode& item : value.items) {
        if (!first) out.push(',');
        first = false;
        if (!append_value(out, item)) return false;
      }
      out.push(']');
      return true;
    case pre::ValueForm::kObject:
      out.push('{');
      for (const pre::ObjectEntry& entry : value.entries) {
        if (!first) out.push(',');
        first = false;
        json::append_string(out, entry.key);
        out.push(':');
        if (!append_value(out, entry.value)) return false;
      }
      out.push('}');
      return true;
    default:
      return false;
  }
}

// From 1 on, of at most 9 digits.
bool is_limit(std::string_view text) {
  return !text.empty() && text.size() <= 9 && text[0] != '0' &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool is_query(std::string_view name) {
  return name == "where" || name == "orderBy" || name == "limit";
}

std::optional<cidl::IncludeOption> query_option(const Reporter& reporter,
                                                const pre::ObjectEntry& entry,
                                                const std::string& subject) {
  Arena arena;
  ByteBuffer json(arena, 64);
  const bool written = append_value(json, entry.value);
  if (written && (entry.key != "limit" || is_limit(json.view()))) {
    return cidl::IncludeOption{entry.key, std::string(json.view())};
  }
  if (!written) {
    reporter.report(Code::kIncludeQuery, entry.value.span,
                    fmt::format(FMT_COMPILE("`{}` of `{}` is not written out"), entry.key, subject),
                    "nothing is computed when compiling: what depends on the request is asked "
                    "in a method, by `Orm.list`");
    return std::nullopt;
  }
  reporter.report(
      Code::kIncludeQuery, entry.value.span,
      fmt::format(FMT_COMPILE("the limit of `{}` is no whole number from 1 on"), subject),
      "write how many rows of each object are included, or leave it out for all of them");
  return std::nullopt;
}

}  // namespace cloesce::sema
