// Escapes in and out of URL parts.
#include "text/percent.h"

#include <cstring>

#include "base/ascii.h"
#include "text/utf8.h"

namespace cloesce::text {
namespace {

int hex_digit(char character) {
  if (is_digit(character)) return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

bool is_unreserved(char character) {
  return is_letter(character) || is_digit(character) || character == '-' || character == '.' ||
         character == '_' || character == '~';
}

Failure malformed(std::string_view detail) { return Failure{ErrorCode::kMalformedUrl, detail}; }

}  // namespace

Result<std::string_view> percent_decode(Arena& arena, std::string_view text, Plus plus) {
  const bool as_is = text.find('%') == std::string_view::npos &&
                     (plus == Plus::kLiteral || text.find('+') == std::string_view::npos);
  std::string_view decoded = text;
  if (!as_is) {
    char* const begin = arena.make_span<char>(text.size()).data();
    char* out = begin;
    for (std::size_t index = 0; index < text.size(); ++index) {
      const char character = text[index];
      if (character == '+' && plus == Plus::kSpace) {
        *out++ = ' ';
      } else if (character != '%') {
        *out++ = character;
      } else {
        if (text.size() - index < 3) return malformed("an escape in the URL is cut short");
        const int high = hex_digit(text[index + 1]);
        const int low = hex_digit(text[index + 2]);
        if (high < 0 || low < 0) return malformed("an escape in the URL is not hexadecimal");
        *out++ = static_cast<char>(high << 4 | low);
        index += 2;
      }
    }
    decoded = {begin, static_cast<std::size_t>(out - begin)};
  }
  if (!is_valid_utf8(decoded)) return malformed("the URL is not UTF-8");
  return decoded;
}

void append_percent_encoded(ByteBuffer& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (std::size_t index = 0; index < text.size();) {
    std::size_t end = index;
    while (end < text.size() && is_unreserved(text[end])) ++end;
    if (end > index) out.append(text.substr(index, end - index));
    if (end < text.size()) {
      const auto byte = static_cast<unsigned char>(text[end]);
      const char escape[] = {'%', kDigits[byte >> 4], kDigits[byte & 0xF]};
      out.append(std::string_view(escape, sizeof escape));
      ++end;
    }
    index = end;
  }
}

}  // namespace cloesce::text
