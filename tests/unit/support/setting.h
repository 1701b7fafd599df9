// Numbers that whoever runs a property test may set: how many cases, and from which seed on.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace cloesce::testing {

/// The environment variable `name`, or what is said otherwise.
inline std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace cloesce::testing
