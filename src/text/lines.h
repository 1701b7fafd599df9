// Texts of lines: what crosses between the host and the core without being JSON.
#pragma once

#include <optional>
#include <string_view>

namespace cloesce::text {

/// Takes the first line off `text`, without the line feed that must end it; nothing when there is
/// none.
[[nodiscard]] std::optional<std::string_view> take_line(std::string_view& text);

/// Takes what stands before the first `separator` off `text`, and the separator; all of it when
/// there is none.
[[nodiscard]] std::string_view take_part(std::string_view& text, char separator);

}  // namespace cloesce::text
