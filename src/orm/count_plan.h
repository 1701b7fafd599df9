// Counting rows, or only finding out whether there is one.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/string.h"
#include "orm/schema.h"
#include "orm/scopes.h"

namespace cloesce::orm {

enum class Counting : std::uint8_t { kRows, kExistence };

/// The statement for the rows that meet the conditions of a query's code; its parameters are the
/// query's, and that of the scopes. It answers `[[[n]]]`, for kExistence `true` or `false`.
[[nodiscard]] String plan_count(const ModelSchema& model, std::string_view code, Counting counting,
                                const Narrowing& narrowing = {});

}  // namespace cloesce::orm
