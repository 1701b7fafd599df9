// Writes `cidl.json`.
#pragma once

#include <string>

#include "cidl/model.h"

namespace cloesce::cidl {

/// The interface as indented JSON with a stable member order; ends in a newline. Absent and empty
/// optional members are left out, so that the file reads well. `load(save(x))` equals `x`.
[[nodiscard]] std::string save(const Interface& interface);

/// One type as JSON: `"Integer"` or `{"Array":"Integer"}`.
[[nodiscard]] std::string type_to_json(const Type& type);

/// One type as people read it in messages: `Integer`, `Horse[]`, `Horse | null`,
/// `DeepPartial<Horse>`.
[[nodiscard]] std::string type_to_text(const Type& type);

}  // namespace cloesce::cidl
