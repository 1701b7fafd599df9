// Resolves the models of an interface into orm/schema.h.
#pragma once

#include "base/result.h"
#include "cidl/model.h"
#include "compile/image/writer.h"
#include "orm/schema.h"

namespace cloesce::image {

/// kCidlInvalid when a name leads nowhere or a model is beyond the limits of orm/schema.h, which
/// only an interface made by hand can be. Answers where the models are.
[[nodiscard]] Result<Place<orm::ModelSchema>> write_schema(Writer& writer, Place<orm::Schema> place,
                                                           const cidl::Interface& interface);

void write_data_source(Writer& writer, Place<orm::DataSource> place,
                       const cidl::DataSource& source);

}  // namespace cloesce::image
