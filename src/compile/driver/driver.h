// The compiler as functions from JSON to text; docs/internals/compiler.md has the formats.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cloesce::driver {

/// Analyses `pre` of the request and, without errors, emits all files. Findings of the sources are
/// part of the answer; fails only when the request itself is not in its format.
[[nodiscard]] Result<std::string> compile(std::string_view request);

/// Plans the migration from the last snapshot to the interface of the request. Findings are part
/// of the answer; fails when the request or its `cidl` is not in its format.
[[nodiscard]] Result<std::string> migrate(std::string_view request);

/// The app image, in base64, of the text of a `cidl.json`.
[[nodiscard]] Result<std::string> image(std::string_view cidl);

}  // namespace cloesce::driver
