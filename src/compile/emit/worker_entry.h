// workers.ts: the worker's entry, a few lines over `cloesce/backend`.
#pragma once

#include <string>
#include <string_view>

#include "cidl/model.h"

namespace cloesce::emit {

/// The text of `workers.ts`, to be written into `out_dir` (relative to the project root).
[[nodiscard]] std::string emit_worker_entry(const cidl::Interface& interface,
                                            std::string_view out_dir);

}  // namespace cloesce::emit
