// The version of each model, and the SQL that finds out whether a row is at a revision.
#pragma once

#include "cidl/model.h"
#include "compile/image/writer.h"
#include "orm/schema.h"

namespace cloesce::image {

/// Fills in ModelSchema::version and ModelSchema::version_guard.
void write_version(Writer& writer, Place<orm::ModelSchema> place, const cidl::Model& model);

}  // namespace cloesce::image
