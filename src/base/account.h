// Account: how much memory the requests of an app take, and how much they may.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cloesce {

/// A block of an arena: what it has room for lies behind it.
struct ArenaBlock {
  ArenaBlock* previous;
  std::size_t bytes;
};

/// Memory is counted where it is taken and where it is given back. Whoever takes much, or little
/// again and again, asks first (`fits`) or looks afterwards (`exceeded`), and gives up with
/// kNoRoom: running out of memory ends the instance, and everybody's requests with it.
///
/// Blocks that arenas have done with are kept for the next one, as `spare`: given back to malloc,
/// little things that stay would be put into them, and the next large block would find no place
/// but behind everything.
struct Account {
  explicit Account(std::size_t most = SIZE_MAX) : limit(most) {}
  ~Account();
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  std::size_t limit;
  std::size_t used = 0;  // without what is spare
  ArenaBlock* spare = nullptr;
  std::size_t spare_bytes = 0;  // in them

  [[nodiscard]] bool exceeded() const { return used > limit; }
  [[nodiscard]] bool fits(std::size_t bytes) const { return !exceeded() && bytes <= limit - used; }
};

}  // namespace cloesce
