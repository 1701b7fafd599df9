// Reading of the hook description.
#include "runtime/hooks.h"

#include <string>
#include <utility>

#include "base/arena.h"
#include "base/concat.h"

namespace cloesce::runtime {
namespace {

Failure unreadable() {
  return Failure{ErrorCode::kInternal, "the hooks of the app cannot be read"};
}

Failure no_route(std::string_view hook, std::string_view name_space, std::string_view method) {
  const std::string_view point = method.empty() ? "" : ".";
  return Failure{ErrorCode::kInternal, concat({"the app has a hook ", hook, " for ", name_space,
                                               point, method, ", which has no route"})};
}

}  // namespace

Result<HookTable> HookTable::parse(std::string_view text, const route::RouteTable& routes,
                                   json::Reader& reader) {
  Arena arena;
  HookTable table(routes);
  auto document = reader.open(json::pad(arena, text));
  if (!document.ok()) return unreadable();
  // Answers whether there is such a route: a hook that guards nothing is a mistake in the app.
  const auto mark = [&](std::string_view name_space, std::string_view method, std::uint8_t bit) {
    bool found = false;
    for (std::size_t index = 0; index < routes.routes.size(); ++index) {
      const route::Route& route = routes.routes[index];
      if (route.namespace_name != name_space) continue;
      if (bit == kOfMethod && route.method_name != method) continue;
      table.by_route_[index] = static_cast<std::uint8_t>(table.by_route_[index] | bit);
      found = true;
    }
    return found;
  };

  json::object object;
  if ((*document)->get_object().get(object) != simdjson::SUCCESS) return unreadable();
  if (object["request"].get_bool().get(table.request_) != simdjson::SUCCESS) return unreadable();

  json::array namespaces;
  if (object["namespaces"].get_array().get(namespaces) != simdjson::SUCCESS) return unreadable();
  json::Elements entries(namespaces);
  for (json::value item; entries.next(item);) {
    std::string_view name;
    if (item.get_string().get(name) != simdjson::SUCCESS) return unreadable();
    if (!mark(name, {}, kOfNamespace)) return no_route("onNamespace", name, {});
  }
  if (entries.error() != simdjson::SUCCESS) return unreadable();

  json::array methods;
  if (object["methods"].get_array().get(methods) != simdjson::SUCCESS) return unreadable();
  json::Elements pairs(methods);
  for (json::value item; pairs.next(item);) {
    json::array pair;
    if (item.get_array().get(pair) != simdjson::SUCCESS) return unreadable();
    json::Elements parts(pair);
    std::string_view names[2];
    std::size_t count = 0;
    for (json::value part; parts.next(part);) {
      if (count == 2) return unreadable();
      if (part.get_string().get(names[count++]) != simdjson::SUCCESS) return unreadable();
    }
    if (count != 2 || parts.error() != simdjson::SUCCESS) return unreadable();
    if (!mark(names[0], names[1], kOfMethod)) return no_route("onMethod", names[0], names[1]);
  }
  if (pairs.error() != simdjson::SUCCESS) return unreadable();
  return table;
}

}  // namespace cloesce::runtime
