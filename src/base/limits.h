// The platform's limits that more than one side checks.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloesce::limits {

#define CLOESCE_LIMIT(name, value) inline constexpr std::uint32_t name = value;
#define CLOESCE_LIMIT_TEXT(name, text) inline constexpr std::string_view name = text;
#include "base/limits.def"  // NOLINT
#undef CLOESCE_LIMIT
#undef CLOESCE_LIMIT_TEXT

}  // namespace cloesce::limits
