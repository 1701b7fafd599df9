// Makes the app image of an interface: what cloesce-runtime.wasm is opened with.
#pragma once

#include <string>

#include "base/result.h"
#include "cidl/model.h"

namespace cloesce::image {

/// The bytes of a runtime::AppImage, the same for the same interface. kCidlInvalid when the
/// interface, made by hand, is not consistent.
[[nodiscard]] Result<std::string> build_image(const cidl::Interface& interface);

/// The same in base64, as App::open takes it.
[[nodiscard]] Result<std::string> build_image_text(const cidl::Interface& interface);

}  // namespace cloesce::image
