// The findings of the analysis: stable codes, their severities and titles.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace cloesce::sema {

enum class Code : std::uint16_t {
#define CLOESCE_CODE(name, number, severity, title) name = number,
#include "compile/sema/codes.def"  // NOLINT
#undef CLOESCE_CODE
};

[[nodiscard]] Severity severity_of(Code code);

/// `CLO2201`.
[[nodiscard]] std::string code_text(Code code);

}  // namespace cloesce::sema
