// Which middleware the host has registered, as the exchange needs to know it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/list.h"
#include "base/result.h"
#include "route/route_table.h"

namespace cloesce::runtime {

/// The hooks of each route.
class HookTable {
 public:
  explicit HookTable(const route::RouteTable& routes) : by_route_(routes.routes.size(), 0) {}

  /// Reads lines, each ended by a line feed: `1` when there are hooks of every request, else `0`;
  /// then a line for each other hook: the namespace, and behind a tab the method of one for that
  /// alone, or `*` for one of the instance.
  [[nodiscard]] static Result<HookTable> parse(std::string_view text,
                                               const route::RouteTable& routes);

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

 private:
  static constexpr std::uint8_t kOfNamespace = 1;
  static constexpr std::uint8_t kOfMethod = 2;
  static constexpr std::uint8_t kOfInstance = 4;

  [[nodiscard]] std::uint8_t bits(route::RouteId route) const {
    return by_route_[static_cast<std::size_t>(route)];
  }

  bool request_ = false;
  List<std::uint8_t> by_route_;
};

}  // namespace cloesce::runtime
