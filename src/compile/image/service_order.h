// Which services a route needs to be ready before its method runs.
#pragma once

#include <string>

#include "cidl/model.h"
#include "compile/image/routes.h"

namespace cloesce::image {

/// JSON array of service indices in topological order, for a route without middleware. Empty text:
/// none. Services with an `init` must be ready before user code can reach them; the others are made
/// by the host on first use, where nobody can tell the difference.
[[nodiscard]] std::string services_of(const cidl::Interface& interface, const RouteSource& route);

/// The same for requests whose middleware may ask the container for any service.
[[nodiscard]] std::string all_services(const cidl::Interface& interface);

}  // namespace cloesce::image
