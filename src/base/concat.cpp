// Pieces are measured first, so that the text is allocated once.
#include "base/concat.h"

#include <fmt/format.h>

#include <cstring>

namespace cloesce {

std::string concat(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  std::string text;
  text.reserve(size);
  for (const std::string_view piece : pieces) text.append(piece);
  return text;
}

Decimal::Decimal(std::uint64_t value) {
  const fmt::format_int text(value);
  size_ = text.size();
  std::memcpy(digits_, text.data(), size_);
}

}  // namespace cloesce
