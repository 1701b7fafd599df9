// Whether two key templates can reach the same key. For the compiler; a Worker does not ship it.
#pragma once

#include <cstdint>

#include "keys/template.h"

namespace cloesce::keys {

/// A template for one key, or for all keys that begin with it.
enum class Reach : std::uint8_t { kKey, kPrefix };

/// Whether some key is reached by both, for some values of their placeholders. Both must be `ok`.
[[nodiscard]] bool overlap(const Template& left, Reach left_reach, const Template& right,
                           Reach right_reach);

}  // namespace cloesce::keys
