// openapi.json: the routes as an OpenAPI 3.1 document.
#pragma once

#include <string>

#include "cidl/model.h"

namespace cloesce::emit {

/// The document as indented JSON, ending in a newline.
[[nodiscard]] std::string emit_openapi(const cidl::Interface& interface);

}  // namespace cloesce::emit
