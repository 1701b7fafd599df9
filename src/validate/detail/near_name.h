// Finds the name that a misspelled one was probably meant to be.
#pragma once

#include <span>
#include <string_view>

#include "validate/type_table.h"

namespace cloesce::validate::detail {

/// The member whose name is nearest to `name` (at most two edits away, or equal but for case);
/// empty when none is near. Names over 32 bytes have no near ones.
[[nodiscard]] std::string_view nearest_name(std::span<const Member> members, std::string_view name);

}  // namespace cloesce::validate::detail
