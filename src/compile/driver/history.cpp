// Reads the migrations of a request.
#include "compile/driver/history.h"

#include <string>
#include <string_view>

#include "compile/driver/request.h"

namespace cloesce::driver {
namespace {

Failure malformed_history() {
  return Failure{make_error(ErrorCode::kCidlInvalid, "expected an array of migrations", "history")};
}

}  // namespace

Result<void> read_history(const json::Value& value,
                          std::vector<cloesce::migrate::MigrationFiles>& out) {
  json::Array items;
  if (value.get_array(items)) return malformed_history();
  for (json::Value element; items.next(element);) {
    json::Object object;
    if (element.get_object(object)) return malformed_history();
    cloesce::migrate::MigrationFiles& files = out.emplace_back();
    for (json::Field member; object.next(member);) {
      std::string_view name;
      if (const auto code = member.unescaped_key(name); code) {
        return json::malformed(code, "history");
      }
      const json::Value text = member.value();
      if (name == "path") {
        CLOESCE_TRY(read_text(text, "history.path", files.path));
      } else if (name == "snapshot") {
        CLOESCE_TRY(read_text(text, "history.snapshot", files.snapshot));
      } else if (name == "sql") {
        CLOESCE_TRY(read_text(text, "history.sql", files.sql.emplace()));
      } else {
        CLOESCE_TRY(skip(text, "history"));
      }
    }
    if (object.error()) return json::malformed(object.error(), "history");
  }
  if (items.error()) return json::malformed(items.error(), "history");
  return {};
}

}  // namespace cloesce::driver
