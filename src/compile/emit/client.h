// client.ts: the typed client, classes over `cloesce/client`.
#pragma once

#include <string>

#include "cidl/model.h"

namespace cloesce::emit {

/// The text of `client.ts`.
[[nodiscard]] std::string emit_client(const cidl::Interface& interface);

}  // namespace cloesce::emit
