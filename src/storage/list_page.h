// Pages of a list: where one begins and ends in the order of keys, its cursor, and groups.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cloesce::storage {

/// Keys of a page lie between these, in order. The lower bound itself is part of it when it is
/// `inclusive`.
struct Bounds {
  std::string lower;
  bool inclusive = true;
  std::optional<std::string> upper;  // never part of it
};

/// What is asked for. `start_after` and a cursor leave out the key they name; the later of them
/// counts.
struct Page {
  std::string_view prefix;
  std::optional<std::string_view> start_after;
  std::optional<std::string_view> cursor;
};

/// Nothing when the cursor is none of ours.
[[nodiscard]] std::optional<Bounds> bounds(const Page& page);

/// What the last entry of a page was.
enum class Entry : unsigned char { kKey, kGroup };

/// The cursor behind a key or a whole group. Keys that are put later do not make a group come
/// again.
[[nodiscard]] std::string cursor_behind(std::string_view last, Entry entry);

/// The part of `key` up to the first delimiter behind `prefix`, with it; nothing when there is
/// none.
[[nodiscard]] std::optional<std::string_view> group_of(std::string_view key,
                                                       std::string_view prefix,
                                                       std::string_view delimiter);

}  // namespace cloesce::storage
