// Bytes as text for values that user code hands over or receives outside of a request's body.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "base/result.h"

namespace cloesce::runtime {

/// `bytes` in base64, in the arena.
[[nodiscard]] std::string_view bytes_to_text(std::string_view bytes, Arena& arena);

/// The bytes of a base64 text, in the arena; kBase64Invalid when it is none.
[[nodiscard]] Result<std::string_view> text_to_bytes(std::string_view text, Arena& arena);

}  // namespace cloesce::runtime
