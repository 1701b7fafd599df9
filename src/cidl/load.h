// Reads `cidl.json`.
#pragma once

#include <string_view>

#include "base/result.h"
#include "cidl/model.h"

namespace cloesce::cidl {

/// The format that `save` writes and `load` accepts.
inline constexpr int kFormatVersion = 1;

/// Parses `text` (UTF-8, no padding needed). Refuses unknown versions, missing and mistyped members
/// and types that name nothing, with kCidlInvalid and the place as path. Unknown members are
/// ignored.
[[nodiscard]] Result<Interface> load(std::string_view text);

}  // namespace cloesce::cidl
