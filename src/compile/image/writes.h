// What the SAVE of each model lets a caller write, as tables.
#pragma once

#include <vector>

#include "cidl/model.h"
#include "compile/image/routes.h"
#include "compile/image/writer.h"
#include "orm/schema.h"

namespace cloesce::image {

/// Fills in ModelSchema::writes and ModelSchema::save_route of `models`.
void write_writes(Writer& writer, Place<orm::ModelSchema> models, const cidl::Interface& interface,
                  const std::vector<RouteSource>& routes);

}  // namespace cloesce::image
