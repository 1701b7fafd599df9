// Texts put together from pieces: what messages are made with in the rooms that a Worker ships. A
// compiled fmt format is expanded where it stands, ten times the size of this call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/string.h"

namespace cloesce {

/// `pieces` one after the other: `concat({"expected ", type, ", got ", decimal(count)})`.
[[nodiscard]] String concat(std::initializer_list<std::string_view> pieces);

/// `text` with a piece in place of each `%`, of which it has as many: `filled("expected %, got %",
/// {type, decimal(count)})`. A literal among the pieces of `concat` costs two words where it is
/// called, one in `text` nothing.
[[nodiscard]] String filled(const char* text, std::initializer_list<std::string_view> pieces);

/// The decimal digits of a number, as a piece. Lives as long as the expression it stands in.
class Decimal {
 public:
  explicit Decimal(std::uint64_t value);
  // NOLINTNEXTLINE(google-explicit-constructor): a piece of text.
  operator std::string_view() const { return {digits_ + begin_, kLongest - begin_}; }

 private:
  static constexpr std::size_t kLongest = 20;
  char digits_[kLongest];  // at the end
  std::size_t begin_ = kLongest;
};

[[nodiscard]] inline Decimal decimal(std::uint64_t value) { return Decimal(value); }

}  // namespace cloesce
