// Pieces are measured first, so that the text is allocated once.
#include "base/concat.h"

#include "base/assert.h"

namespace cloesce {

String concat(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  String text;
  text.reserve(size);
  for (const std::string_view piece : pieces) text.append(piece);
  return text;
}

String filled(const char* text, std::initializer_list<std::string_view> pieces) {
  String result;
  for (const std::string_view piece : pieces) {
    const char* const begin = text;
    while (*text != '%') {
      CLOESCE_ASSERT(*text != '\0');
      ++text;
    }
    result.append({begin, static_cast<std::size_t>(text++ - begin)});
    result.append(piece);
  }
  result.append(text);
  return result;
}

Decimal::Decimal(std::uint64_t value) {
  do {
    digits_[--begin_] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
}

}  // namespace cloesce
