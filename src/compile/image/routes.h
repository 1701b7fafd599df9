// Fills the table of route/route_table.h.
#pragma once

#include <cstdint>
#include <vector>

#include "cidl/model.h"
#include "compile/image/writer.h"
#include "route/route_table.h"

namespace cloesce::image {

/// A route with what it came from; `model` or `service` is null.
struct RouteSource {
  const cidl::Model* model = nullptr;
  const cidl::Service* service = nullptr;
  const cidl::Method* method = nullptr;
  std::uint32_t owner = 0;         // index of the model or service
  std::uint32_t method_index = 0;  // within it

  [[nodiscard]] std::string_view namespace_name() const {
    return model != nullptr ? model->name : service->name;
  }
};

/// All routes in the order of their numbers: models in their order, then services, methods in
/// theirs.
[[nodiscard]] std::vector<RouteSource> routes_of(const cidl::Interface& interface);

/// When two routes say the same, the first wins.
void write_routes(Writer& writer, Place<route::RouteTable> table,
                  const std::vector<RouteSource>& routes);

}  // namespace cloesce::image
