// Values that the source writes out: as JSON, and as the type that they suggest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cidl/model.h"
#include "compile/sema/pre_model.h"

namespace cloesce::sema {

/// How a value compares with the type of what it is the default of.
enum class Fit : std::uint8_t { kFits, kMisfit, kUnknown };

/// `kUnknown` of what is no literal, or of a class.
[[nodiscard]] Fit fit_of(const pre::ValueNode& value, const cidl::Type& type);

/// The JSON text of a value that is written out whole; nothing for other expressions.
[[nodiscard]] std::optional<std::string> json_of(const pre::ValueNode& value);

/// The type to write where a member has none: `Integer` beside `= 3`.
[[nodiscard]] std::string_view suggested_type(const std::optional<pre::ValueNode>& value);

}  // namespace cloesce::sema
