// Options of stored fields in include trees.
#pragma once

#include <string>
#include <vector>

#include "cidl/model.h"
#include "compile/sema/pre_model.h"
#include "compile/sema/reporter.h"

namespace cloesce::sema {

/// What the object `value` says of how to fill `field`; reports what it cannot say. `subject` names
/// the field as the data source reaches it.
[[nodiscard]] std::vector<cidl::IncludeOption> read_include_options(const Reporter& reporter,
                                                                    const cidl::StoredField& field,
                                                                    const pre::ValueNode& value,
                                                                    const std::string& subject);

}  // namespace cloesce::sema
