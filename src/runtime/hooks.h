// Which middleware the host has registered, as the exchange needs to know it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/engine.h"
#include "base/list.h"
#include "base/result.h"
#include "orm/schema.h"
#include "route/route_table.h"

namespace cloesce::runtime {

/// The hooks of each route.
class HookTable {
 public:
  HookTable(const route::RouteTable& routes, const orm::Schema& schema)
      : by_route_(routes.routes.size(), 0), scoped_(schema.models.size(), false) {}

  /// Reads lines, each ended by a line feed: `1` when there are hooks of every request, else `0`;
  /// then a line for each other hook: the namespace, and behind a tab the method of one for that
  /// alone, `*` for one of the instance, or `?` for the scope of a model.
  [[nodiscard]] static Result<HookTable> parse(std::string_view text,
                                               const route::RouteTable& routes,
                                               const orm::Schema& schema);

  [[nodiscard]] bool request() const { return request_; }
  [[nodiscard]] bool any(route::RouteId route) const { return bits(route) != 0; }
  [[nodiscard]] bool of_namespace(route::RouteId route) const {
    return (bits(route) & kOfNamespace) != 0;
  }
  [[nodiscard]] bool of_method(route::RouteId route) const {
    return (bits(route) & kOfMethod) != 0;
  }
  [[nodiscard]] bool of_instance(route::RouteId route) const {
    return (bits(route) & kOfInstance) != 0;
  }
  /// Whether any model has a scope.
  [[nodiscard]] bool scopes() const { return serves_scopes() && scopes_; }
  [[nodiscard]] bool scoped(const orm::ModelSchema& model) const { return scoped_[model.index]; }

 private:
  static constexpr std::uint8_t kOfNamespace = 1;
  static constexpr std::uint8_t kOfMethod = 2;
  static constexpr std::uint8_t kOfInstance = 4;

  [[nodiscard]] std::uint8_t bits(route::RouteId route) const {
    return by_route_[static_cast<std::size_t>(route)];
  }

  bool request_ = false;
  bool scopes_ = false;
  List<std::uint8_t> by_route_;
  List<bool> scoped_;  // by model
};

}  // namespace cloesce::runtime
