// Numbers by name, in an image.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/reference.h"

namespace cloesce::image {

struct NameSlot {
  Text name;
  std::uint32_t number;
};

/// A hash table that was filled once. What base/name_table.h is to tables that grow.
struct NameMap {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  Array<NameSlot> slots;  // a power of two of them, at least one free: its number is kNone

  /// The number of a name, or kNone.
  [[nodiscard]] std::uint32_t find(std::string_view name) const;
};

}  // namespace cloesce::image
