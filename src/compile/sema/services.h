// @Service classes: attributes, init and routes.
#pragma once

#include <vector>

#include "cidl/model.h"
#include "compile/sema/bytes.h"
#include "compile/sema/context.h"

namespace cloesce::sema {

/// The services of the project, those that others need first. Services that need each other in a
/// circle are reported with the circle.
[[nodiscard]] std::vector<cidl::Service> analyse_services(const Context& context,
                                                          const BytesFinder& bytes);

}  // namespace cloesce::sema
