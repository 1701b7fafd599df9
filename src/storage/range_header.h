// The `Range` header of HTTP, read against the size of what it asks for.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace cloesce::storage {

/// Both ends are part of it.
struct ByteRange {
  std::uint64_t start = 0;
  std::uint64_t end = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

enum class RangeKind : std::uint8_t {
  kWhole,          // nothing in particular was asked for
  kSome,           // `ranges`, in the order of the header, as they overlap
  kUnsatisfiable,  // none of it, or no range at all
};

struct Ranges {
  RangeKind kind = RangeKind::kWhole;
  std::vector<ByteRange> ranges;
};

/// A header with more ranges is answered with everything: each costs a part, and nobody reads so
/// many.
inline constexpr std::size_t kMostRanges = 100;

/// Units are compared without case, and blanks may stand around every part. An end beyond the size
/// is cut; a suffix of at least the whole size makes it the whole; a suffix of nothing asks for
/// nothing.
[[nodiscard]] Ranges parse_range(std::string_view header, std::uint64_t size);

}  // namespace cloesce::storage
