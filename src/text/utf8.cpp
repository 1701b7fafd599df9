// ASCII eight bytes at a time, the rest by code points.
#include "text/utf8.h"

#include <cstdint>
#include <cstring>

#include "base/code_point.h"

namespace cloesce::text {

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    if (text.size() >= 8) {
      std::uint64_t chunk = 0;
      std::memcpy(&chunk, text.data(), sizeof chunk);
      if ((chunk & 0x8080808080808080ULL) == 0) {
        text.remove_prefix(8);
        continue;
      }
    }
    const CodePoint point = decode_code_point(text);
    if (point.size == 0) return false;
    text.remove_prefix(point.size);
  }
  return true;
}

}  // namespace cloesce::text
