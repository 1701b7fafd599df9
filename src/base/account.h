// Account: how much memory the requests of an app take, and how much they may.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cloesce {

/// Memory is counted where it is taken and where it is given back. Whoever takes much, or little
/// again and again, asks first (`fits`) or looks afterwards (`exceeded`), and gives up with
/// kNoRoom: running out of memory ends the instance, and everybody's requests with it.
struct Account {
  std::size_t limit = SIZE_MAX;
  std::size_t used = 0;

  [[nodiscard]] bool exceeded() const { return used > limit; }
  [[nodiscard]] bool fits(std::size_t bytes) const { return !exceeded() && bytes <= limit - used; }
};

}  // namespace cloesce
