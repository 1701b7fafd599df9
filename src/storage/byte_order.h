// Keys are ordered as unsigned bytes of their UTF-8; a prefix is a range of that order.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cloesce::storage {

/// The first text behind all that begin with `prefix`; nothing when there is none, which is for the
/// empty prefix and for bytes 0xFF alone. It need not be UTF-8.
[[nodiscard]] std::optional<std::string> prefix_successor(std::string_view prefix);

/// True when `left` stands before `right`.
[[nodiscard]] bool stands_before(std::string_view left, std::string_view right);

/// Lower-case hexadecimal digits, for bytes that are no text.
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace cloesce::storage
