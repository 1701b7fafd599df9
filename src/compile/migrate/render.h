// Steps as SQL text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compile/migrate/step.h"

namespace cloesce::migrate {

/// The longest statement that D1 takes, in bytes.
inline constexpr std::size_t kMaximumStatementBytes = 100'000;

/// The statements of one step, each ending in `;` and a line break, comments above them.
[[nodiscard]] std::string render_step(const Step& step);

/// A whole file: `header` lines as comments, then the steps with an empty line between them. It
/// ends with a statement: D1 refuses a text that ends with a comment. No statement opens a
/// transaction, wrangler applies a file as one batch.
[[nodiscard]] std::string render_file(const std::vector<std::string>& header,
                                      const std::vector<Step>& steps);

}  // namespace cloesce::migrate
