// Looking a name up: open addressing, a free slot ends the search.
#include "image/name_map.h"

#include <cstddef>

#include "base/hash.h"

namespace cloesce::image {

std::uint32_t NameMap::find(std::string_view name) const {
  const std::size_t mask = slots.size() - 1;
  std::size_t at = hash_text(name) & mask;
  while (slots[at].number != kNone && slots[at].name != name) at = (at + 1) & mask;
  return slots[at].number;
}

}  // namespace cloesce::image
