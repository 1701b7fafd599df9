// Appending to a string.
#include "base/string.h"

#include <algorithm>
#include <cstring>

namespace cloesce {

void String::append(std::string_view text) {
  if (text.empty()) return;
  const std::size_t size = bytes_.size + text.size();
  if (size > bytes_.capacity) {
    detail::grow_list(bytes_, 1, std::max<std::size_t>(size, bytes_.size * std::size_t{2}));
  }
  std::memcpy(static_cast<char*>(bytes_.items) + bytes_.size, text.data(), text.size());
  bytes_.size = static_cast<std::uint32_t>(size);
}

}  // namespace cloesce
