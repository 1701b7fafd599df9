// Reserved and impossible names.
#include "compile/sema/names.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "compile/sema/spelling.h"

namespace cloesce::sema {
namespace {

constexpr std::size_t kMaximumNameBytes = 200;

// A dot separates names in the column aliases of a select.
bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= kMaximumNameBytes &&
         std::none_of(name.begin(), name.end(), [](char character) {
           const auto byte = static_cast<unsigned char>(character);
           return byte < 0x20 || byte == 0x7F || character == '.';
         });
}

bool check_plain(const Reporter& reporter, std::string_view subject, std::string_view name,
                 Span span) {
  if (is_plain(name)) return true;
  reporter.report(
      Code::kNameInvalid, span,
      fmt::format(FMT_COMPILE("`{}` has a name that storage cannot hold"), subject),
      fmt::format(FMT_COMPILE("use a plain identifier of at most {} bytes"), kMaximumNameBytes));
  return false;
}

}  // namespace

std::string member_text(std::string_view owner, std::string_view member) {
  return fmt::format(FMT_COMPILE("{}.{}"), owner, member);
}

bool is_reserved_member(std::string_view name) {
  return name == "__proto__" || name == "constructor" || name == "prototype";
}

bool is_reserved_table(std::string_view name) {
  const std::string folded = lower(name);
  return folded.starts_with("_cf_") || folded.starts_with("sqlite_") ||
         folded.starts_with("_cloesce_") || folded == "d1_migrations";
}

bool check_member_name(const Reporter& reporter, std::string_view owner, std::string_view name,
                       Span span) {
  if (is_reserved_member(name)) {
    reporter.report(Code::kNameReserved, span,
                    fmt::format(FMT_COMPILE("`{}` cannot be called so: the name is reserved"),
                                member_text(owner, name)),
                    "rename it: in JavaScript this name changes what an object is");
    return false;
  }
  return check_plain(reporter, member_text(owner, name), name, span);
}

bool MemberNames::add(std::string_view name, Span span) {
  if (!check_member_name(reporter_, owner_, name, span)) return false;
  if (names_.insert(name).second) return true;
  reporter_.report(Code::kNameRepeated, span,
                   fmt::format(FMT_COMPILE("`{}` is declared twice"), member_text(owner_, name)),
                   "remove one");
  return false;
}

bool check_table_name(const Reporter& reporter, std::string_view name, Span span) {
  if (is_reserved_table(name)) {
    reporter.report(Code::kNameReserved, span,
                    fmt::format(FMT_COMPILE("a table cannot be called `{}`"), name),
                    "rename it: names that begin with _cf_, sqlite_ or _cloesce_, and "
                    "d1_migrations, belong to the platform");
    return false;
  }
  return check_plain(reporter, name, name, span);
}

}  // namespace cloesce::sema
