// Where the routes start.
#pragma once

#include <string>

#include "compile/sema/pre_model.h"
#include "compile/sema/reporter.h"

namespace cloesce::sema {

/// The route prefix without slashes around it: the one of the app, else the path of `workersUrl`,
/// else `api`. Reports a prefix that is no path and a `workersUrl` that is no URL.
[[nodiscard]] std::string route_prefix_of(const pre::Project& project, const Reporter& reporter);

}  // namespace cloesce::sema
