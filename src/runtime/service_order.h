// Which services a route needs to be ready before its method runs.
#pragma once

#include <cstdint>

#include "base/list.h"
#include "base/string.h"
#include "cidl/model.h"
#include "route/route_table.h"

namespace cloesce::runtime {

/// Services with an `init` must be ready before user code can reach them; the others are made by
/// the host on first use, where nobody can tell the difference.
class ServiceOrder {
 public:
  ServiceOrder(const cidl::Interface& interface, const route::RouteTable& routes);

  /// JSON array of service indices in topological order, for a route without middleware. Empty
  /// text: none.
  [[nodiscard]] const String& for_route(route::RouteId route) const {
    return by_route_[static_cast<std::size_t>(route)];
  }
  /// The same for requests whose middleware may ask the container for any service.
  [[nodiscard]] const String& for_everything() const { return everything_; }

 private:
  List<String> by_route_;
  String everything_;
};

}  // namespace cloesce::runtime
