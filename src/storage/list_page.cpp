#include "storage/list_page.h"

#include <algorithm>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "storage/byte_order.h"
#include "text/base64.h"

namespace cloesce::storage {
namespace {

/// The first byte of a cursor, so that what somebody made up is recognised and formats can change.
constexpr char kVersion = 1;
/// No UTF-8 text has it, so behind a group it stands behind all of the group's keys.
constexpr char kBehindAll = static_cast<char>(0xFF);

/// Moves the lower bound up to just behind `text`.
void skip_to(Bounds& bounds, std::string_view text) {
  if (stands_before(text, bounds.lower)) return;
  bounds.lower = text;
  bounds.inclusive = false;
}

}  // namespace

std::optional<Bounds> bounds(const Page& page) {
  Bounds found{std::string(page.prefix), true, prefix_successor(page.prefix)};
  if (page.start_after.has_value()) skip_to(found, *page.start_after);
  if (page.cursor.has_value()) {
    Arena arena;
    const auto bytes = text::base64_decode(arena, *page.cursor);
    if (!bytes.ok() || bytes->empty() || bytes->front() != kVersion) return std::nullopt;
    skip_to(found, bytes->substr(1));
  }
  return found;
}

std::string cursor_behind(std::string_view last, Entry entry) {
  std::string bytes(1, kVersion);
  bytes += last;
  if (entry == Entry::kGroup) bytes += kBehindAll;
  Arena arena;
  ByteBuffer text(arena);
  text::append_base64(text, bytes);
  return std::string(text.view());
}

std::optional<std::string_view> group_of(std::string_view key, std::string_view prefix,
                                         std::string_view delimiter) {
  if (delimiter.empty() || !key.starts_with(prefix)) return std::nullopt;
  const std::size_t at = key.find(delimiter, prefix.size());
  if (at == std::string_view::npos) return std::nullopt;
  return key.substr(0, at + delimiter.size());
}

}  // namespace cloesce::storage
