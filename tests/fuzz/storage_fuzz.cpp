// Names decode back, ranges lie inside, pages hold their own cursors, and no call minds its input.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "storage/blob_name.h"
#include "storage/byte_order.h"
#include "storage/calls.h"
#include "storage/http_date.h"
#include "storage/list_page.h"
#include "storage/r2_condition.h"
#include "storage/range_header.h"

namespace {

namespace storage = cloesce::storage;

constexpr std::string_view kDigits = "0123456789abcdef0123456789abcdef";

void check_name(std::string_view text) {
  const auto id = storage::blob_id(text, kDigits, kDigits);
  CLOESCE_ASSERT(id.has_value() && storage::is_blob_id(*id) && id->size() <= 255);
  const auto key = storage::key_of(*id);
  CLOESCE_ASSERT(!key.has_value() || *key == text);
  CLOESCE_ASSERT(key.has_value() || text.size() > storage::kSurelyWhole);
  if (storage::is_blob_id(text)) {
    CLOESCE_ASSERT(text.find_first_of("/\\") == std::string_view::npos);
  }
}

void check_range(std::string_view text, std::uint64_t size) {
  const storage::Ranges found = storage::parse_range(text, size);
  CLOESCE_ASSERT((found.kind == storage::RangeKind::kSome) == !found.ranges.empty());
  for (const storage::ByteRange& range : found.ranges)
    CLOESCE_ASSERT(range.start <= range.end && range.end < size);
}

void check_page(std::string_view text) {
  const std::string_view prefix = text.substr(0, text.size() / 2);
  const auto successor = storage::prefix_successor(prefix);
  CLOESCE_ASSERT(!successor.has_value() || storage::stands_before(text, *successor));
  const auto page =
      storage::bounds({"", std::nullopt, storage::cursor_behind(text, storage::Entry::kKey)});
  CLOESCE_ASSERT(page.has_value() && page->lower == text && !page->inclusive);
  const auto group = storage::group_of(text, prefix, "/");
  CLOESCE_ASSERT(!group.has_value() || (text.starts_with(*group) && group->ends_with('/')));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_name(text);
  check_range(text, data[0]);
  check_page(text);
  (void)storage::parse_http_date(text);
  (void)storage::parse_etags(text);
  for (const storage::Call call :
       {storage::make_blob_id, storage::read_blob_id, storage::folder_name, storage::read_range,
        storage::kv_get, storage::kv_put, storage::kv_list, storage::r2_keys, storage::r2_range,
        storage::r2_condition, storage::read_etags, storage::r2_list, storage::list_groups,
        storage::list_cursor, storage::r2_upload, storage::r2_complete, storage::cache_put,
        storage::cache_match})
    (void)call(text);
  return 0;
}
