// Reading of the hook description.
#include "runtime/hooks.h"

#include <utility>

#include "base/concat.h"
#include "text/lines.h"

namespace cloesce::runtime {
namespace {

Failure unreadable_hooks() {
  return Failure{ErrorCode::kInternal, "the hooks of the app cannot be read"};
}

Failure no_route(std::string_view name_space, std::string_view method) {
  const bool whole = method.empty();
  return Failure{ErrorCode::kInternal, filled("the app has a hook % for %%%, which has no route",
                                              {whole ? "onNamespace" : "onMethod", name_space,
                                               whole ? "" : ".", method})};
}

Failure no_scopes() {
  return Failure{
      ErrorCode::kInternal,
      "the app has scopes, which its engine leaves out: call `scope` in a source, or in a "
      "file that one imports, and run cloesce compile"};
}

Failure no_rows(std::string_view name) {
  return Failure{ErrorCode::kInternal,
                 concat({"the app has a scope for ", name, ", which is no model on D1"})};
}

}  // namespace

Result<HookTable> HookTable::parse(std::string_view text, const route::RouteTable& routes,
                                   const orm::Schema& schema) {
  HookTable table(routes, schema);
  const auto first = text::take_line(text);
  if (first != "0" && first != "1") return unreadable_hooks();
  table.request_ = *first == "1";
  while (const auto line = text::take_line(text)) {
    std::string_view method = *line;
    const std::string_view name_space = text::take_part(method, '\t');
    if (method == "?") {
      if (!serves_scopes()) return no_scopes();
      const orm::ModelSchema* const model = schema.model(name_space);
      if (model == nullptr || !model->has_rows()) return no_rows(name_space);
      table.scopes_ = table.scoped_[model->index] = true;
      continue;
    }
    std::uint8_t bit = method.empty() ? kOfNamespace : kOfMethod;
    if (method == "*") {
      bit = kOfInstance;
      method = {};
    }
    // A hook that guards nothing is a mistake in the app.
    bool found = false;
    for (std::size_t index = 0; index < routes.routes.size(); ++index) {
      const route::Route& route = routes.routes[index];
      if (route.namespace_name != name_space) continue;
      if (!method.empty() && route.method_name != method) continue;
      table.by_route_[index] = static_cast<std::uint8_t>(table.by_route_[index] | bit);
      found = true;
    }
    if (!found) return no_route(name_space, method);
  }
  return text.empty() ? Result<HookTable>(std::move(table)) : unreadable_hooks();
}

}  // namespace cloesce::runtime
