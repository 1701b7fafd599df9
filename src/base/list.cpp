// The memory of lists.
#include "base/list.h"

#include <cstdlib>
#include <cstring>

namespace cloesce::detail {

void grow_list(ListMemory& list, std::size_t item_bytes, std::size_t capacity) {
  if (capacity > UINT32_MAX / item_bytes) std::abort();
  // Not realloc, which is larger than all of this.
  void* const items = std::malloc(capacity * item_bytes);
  if (items == nullptr) std::abort();
  if (list.size != 0) std::memcpy(items, list.items, list.size * item_bytes);
  std::free(list.items);
  list.items = items;
  list.capacity = static_cast<std::uint32_t>(capacity);
}

void* append_to_list(ListMemory& list, std::size_t item_bytes) {
  if (list.size == list.capacity) {
    grow_list(list, item_bytes, list.capacity == 0 ? 4 : std::size_t{list.capacity} * 2);
  }
  return static_cast<char*>(list.items) + list.size++ * item_bytes;
}

void copy_list(ListMemory& list, const ListMemory& from, std::size_t item_bytes) {
  if (from.size == 0) return;
  grow_list(list, item_bytes, from.size);
  std::memcpy(list.items, from.items, from.size * item_bytes);
  list.size = from.size;
}

void free_list(ListMemory& list) { std::free(list.items); }

}  // namespace cloesce::detail
