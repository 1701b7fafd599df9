// Writes paths and excerpts for messages.
#include "validate/detail/path.h"

#include <algorithm>  // all_of

#include "base/ascii.h"
#include "base/concat.h"
#include "text/utf8.h"

namespace cloesce::validate::detail {
namespace {

constexpr std::size_t kExcerptCharacters = 40;

bool is_continuation(char character) {
  return (static_cast<unsigned char>(character) & 0xC0U) == 0x80U;
}

bool is_identifier(std::string_view name) {
  return !name.empty() && name.size() <= kExcerptCharacters &&
         std::all_of(name.begin(), name.end(), [](char character) {
           return is_letter(character) || is_digit(character) || character == '_' ||
                  character == '$';
         });
}

void append_path(String& out, const PathStep* step) {
  if (step->parent != nullptr) append_path(out, step->parent);
  if (step->name.data() == nullptr) {
    out += filled("[%]", {decimal(step->index)});
  } else if (is_identifier(step->name)) {
    if (!out.empty()) out += '.';
    out += step->name;
  } else {
    out += filled("[%]", {quote_excerpt(step->name)});
  }
}

}  // namespace

String render_path(const PathStep* last) {
  String path;
  if (last != nullptr) append_path(path, last);
  return path;
}

String quote_excerpt(std::string_view text) {
  // Four bytes hold any character, so the excerpt never needs more of the text than this.
  const std::string_view head = text.substr(0, kExcerptCharacters * 4 + 4);
  const bool readable = text::is_valid_utf8(text);
  String out = "\"";
  std::size_t characters = 0;
  for (const char character : head) {
    if (readable && is_continuation(character)) {
      out += character;
      continue;
    }
    if (characters++ == kExcerptCharacters) {
      out += "...";
      break;
    }
    const auto code = static_cast<unsigned char>(character);
    if (code < 0x20 || code == 0x7F) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\u00";
      out += kDigits[code >> 4U];
      out += kDigits[code & 0xFU];
    } else if (code >= 0x80 && !readable) {
      out += '?';
    } else {
      if (character == '"' || character == '\\') out += '\\';
      out += character;
    }
  }
  out += '"';
  return out;
}

}  // namespace cloesce::validate::detail
