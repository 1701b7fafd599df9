// What each route runs, for runtime/app_image.h.
#pragma once

#include <vector>

#include "cidl/model.h"
#include "compile/image/routes.h"
#include "compile/image/types.h"
#include "compile/image/writer.h"
#include "runtime/app_image.h"

namespace cloesce::image {

/// What decides which bodies a method takes: its parameters, injected ones aside.
[[nodiscard]] media::ParametersShape parameters_shape(const cidl::Method& method);

void write_methods(Writer& writer, Place<Array<runtime::Method>> field,
                   const cidl::Interface& interface, const std::vector<RouteSource>& routes,
                   const ParameterShapes& shapes, Place<orm::ModelSchema> models);

}  // namespace cloesce::image
