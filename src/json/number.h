// Numbers told by their text alone: nothing here needs their value.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloesce::json {

/// What a text is as a JSON number. Too large is one whose double would be infinite.
enum class NumberForm : std::uint8_t { kMalformed, kTooLarge, kFinite };

/// Looks at the whole of `text`; white space around a number is malformed.
[[nodiscard]] NumberForm number_form(std::string_view text);

/// What a text is as an integer written without fraction and exponent. Safe is one within
/// +-(2^53 - 1), which every reader of JSON keeps exact.
enum class IntegerForm : std::uint8_t { kMalformed, kUnsafe, kSafe };

/// Looks at the whole of `text`; `-0` is safe.
[[nodiscard]] IntegerForm integer_form(std::string_view text);

}  // namespace cloesce::json
