// Bytes of a caller as a message shows them.
#pragma once

#include <cstddef>  // size_t
#include <string_view>

#include "base/string.h"

namespace cloesce::media::detail {

/// The first `shown` bytes of `text`, those that are not printable ASCII replaced by question
/// marks.
String printable(std::string_view text, std::size_t shown);

}  // namespace cloesce::media::detail
