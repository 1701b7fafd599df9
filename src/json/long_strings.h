// Takes the insides of long strings out of a JSON text before the reader sees it: the reader's
// index takes several bytes for each byte of its document, and megabytes of base64 hold nothing to
// find.
#pragma once

#include <simdjson.h>

#include <cstddef>  // size_t
#include <optional>
#include <span>

#include "base/arena.h"
#include "base/list.h"

namespace cloesce::json {

/// Characters that stay of a long string: more than any name has, and than any message shows.
inline constexpr std::size_t kKeptOfLongString = 256;

/// A string value of which only the first characters are in the document.
struct LongString {
  std::size_t offset;          // in the document, of what was taken out
  std::span<char> characters;  // all that stands between its quotes, in the original text
};

/// What a reader is to see of a JSON text. A text is a document with nothing taken out.
struct Shortened {
  // NOLINTNEXTLINE(google-explicit-constructor): see above.
  Shortened(simdjson::padded_string_view text) : document(text) {}

  simdjson::padded_string_view document;
  List<LongString> strings;  // in their order
  std::size_t room = 0;      // bytes that may be put back
};

/// Shortens every string value of at least `long_from` characters (more than kKeptOfLongString)
/// that are all ASCII without white space, controls, quotes and backslashes, as base64 is: whatever
/// is wrong with the text, the same is wrong with the document. Nothing when more than `limit`
/// bytes would stay. `text` must be followed by kPadding zero bytes, and live as long as the
/// answer.
[[nodiscard]] std::optional<Shortened> shorten(std::span<char> text, std::size_t limit,
                                               Arena& arena, std::size_t long_from = 4096);

}  // namespace cloesce::json
