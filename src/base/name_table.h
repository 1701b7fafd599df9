// NameTable: numbers by name. One plain table for every room, where each std::unordered_map would
// bring its own kilobytes to what a Worker ships.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/list.h"

namespace cloesce {

/// A hash table from names, which are borrowed, to numbers other than kNone.
class NameTable {
 public:
  static constexpr bool kRelocatable = true;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// False when the name is taken, whose number stays.
  bool insert(std::string_view name, std::size_t number);

  /// The number of a name, or kNone.
  [[nodiscard]] std::uint32_t find(std::string_view name) const;

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::string_view name;
    std::uint32_t number = kNone;  // kNone: free
  };

  [[nodiscard]] std::size_t place_of(std::string_view name) const;

  List<Slot> slots_;  // a power of two of them, at most three quarters taken
  std::size_t size_ = 0;
};

}  // namespace cloesce
