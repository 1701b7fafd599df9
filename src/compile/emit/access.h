// What callers can reach, as a table for people: `cloesce compile --access`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cidl/model.h"

namespace cloesce::emit {

/// What a hook stands in front of, or that it is the scope of a model.
enum class GuardKind : std::uint8_t { kRequest, kNamespace, kMethod, kInstance, kScope };

/// A hook of the app. `name_space` and `method` are empty where the kind has none, or where they
/// are not written out; a name may be that of a variable.
struct Guard {
  GuardKind kind = GuardKind::kRequest;
  std::string name_space;
  std::string method;
};

/// A block for each model and service that has routes: what of it can be read, and a line for each
/// route with its guards and what it does.
[[nodiscard]] std::string access_table(const cidl::Interface& interface,
                                       const std::vector<Guard>& guards);

}  // namespace cloesce::emit
