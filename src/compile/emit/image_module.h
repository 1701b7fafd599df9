// image.ts: the app image as text, for the worker's entry to import.
#pragma once

#include <string>
#include <string_view>

namespace cloesce::emit {

/// The text of `image.ts`; `base64` is an image (compile/image/build.h).
[[nodiscard]] std::string emit_image_module(std::string_view base64);

}  // namespace cloesce::emit
