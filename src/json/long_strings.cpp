// One pass over the quotes of a text, eight bytes at a time inside strings.
#include "json/long_strings.h"

#include <cstring>
#include <string_view>

#include "base/byte_buffer.h"
#include "json/detail/escapes.h"
#include "json/reader.h"

namespace cloesce::json {
namespace {

// The first character from `cursor` that a long string may not hold. Zero is one.
char* skip_plain(char* cursor) {
  while (!detail::any_special<'!'>(cursor)) cursor += 8;
  while (!detail::is_special<'!'>(*cursor) && static_cast<unsigned char>(*cursor) < 0x80) ++cursor;
  return cursor;
}

// The closing quote of the string that goes on at `cursor`; at or behind `end` when there is none.
char* skip_string(char* cursor, const char* end) {
  while (cursor < end && *cursor != '"') {
    cursor += *cursor == '\\' ? 2 : 1;
    while (!detail::any_special(cursor)) cursor += 8;
    while (!detail::is_special(*cursor)) ++cursor;
  }
  return cursor;
}

// Whether a string that ends before `cursor` is the name of a member.
bool is_name(const char* cursor) {
  while (*cursor == ' ' || *cursor == '\n' || *cursor == '\r' || *cursor == '\t') ++cursor;
  return *cursor == ':';
}

}  // namespace

std::optional<Shortened> shorten(std::span<char> text, std::size_t limit, Arena& arena,
                                 std::size_t long_from) {
  ByteBuffer document(arena);
  List<LongString> strings;
  char* const end = text.data() + text.size();
  const char* copied = text.data();
  const auto copy_to = [&](const char* position) {
    const auto more = static_cast<std::size_t>(position - copied);
    if (more > limit - document.size()) return false;
    document.append({copied, more});
    copied = position;
    return true;
  };
  for (char* cursor = text.data(); cursor < end;) {
    auto* const quote =
        static_cast<char*>(std::memchr(cursor, '"', static_cast<std::size_t>(end - cursor)));
    if (quote == nullptr) break;
    char* const begin = quote + 1;
    char* close = skip_plain(begin);
    const auto length = static_cast<std::size_t>(close - begin);
    if (*close == '"' && length >= long_from && !is_name(close + 1)) {
      if (!copy_to(begin + kKeptOfLongString)) return std::nullopt;
      strings.push_back({document.size(), {begin, length}});
      copied = close;
    } else {
      close = skip_string(close, end);
    }
    cursor = close + 1;
  }
  if (!copy_to(end)) return std::nullopt;
  std::memset(document.prepare(kPadding), 0, kPadding);
  Shortened shortened(
      simdjson::padded_string_view(document.data(), document.size(), document.size() + kPadding));
  shortened.strings = std::move(strings);
  shortened.room = limit - document.size();
  return shortened;
}

}  // namespace cloesce::json
