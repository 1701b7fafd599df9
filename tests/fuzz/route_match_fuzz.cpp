// Any target is answered with views that lie within it, and matched keys are typed or refused.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "compile/image/built.h"
#include "horse_interface.h"
#include "json/reader.h"
#include "route/route_table.h"
#include "validate/validator.h"

namespace {

using cloesce::Arena;
namespace json = cloesce::json;
namespace route = cloesce::route;
namespace validate = cloesce::validate;

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_keys(const validate::TypeTable& types, std::uint32_t model, std::string_view keys) {
  Arena arena;
  const validate::Validator validator(types);
  const auto typed = validator.check_keys(model, keys, arena);
  if (!typed.ok()) return;
  json::Reader reader;
  const auto document = reader.open(json::pad(arena, *typed));
  CLOESCE_ASSERT(document.ok());
  CLOESCE_ASSERT(json::check_document(**document, 1, "").ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cloesce::cidl::Interface kInterface = cloesce::fuzz::horse_interface();
  static const auto kRoutes = cloesce::image::testing::built_routes(kInterface);
  static const auto kSources = cloesce::image::routes_of(kInterface);
  static const auto kTypes = cloesce::image::testing::built_types(kInterface);
  const std::string_view target(reinterpret_cast<const char*>(data), size);
  for (const std::string_view verb : {"GET", "POST", "DELETE", "OPTIONS"}) {
    const route::Match match = kRoutes->match(kInterface.route_prefix, verb, target);
    CLOESCE_ASSERT(lies_within(match.keys, target));
    CLOESCE_ASSERT(lies_within(match.query, target));
    if (match.outcome == route::Outcome::kMethodNotAllowed) {
      CLOESCE_ASSERT(!match.allow.empty() && match.allow.find(verb) == std::string_view::npos);
    }
    if (match.outcome != route::Outcome::kMatched) continue;
    const route::Route& found = kRoutes->route(match.route);
    CLOESCE_ASSERT(match.allow.find(verb) != std::string_view::npos);
    if (found.key_count == 0) continue;
    const std::uint32_t id = static_cast<std::uint32_t>(match.route);
    check_keys(*kTypes, kSources[id].owner, match.keys);
  }
  return 0;
}
