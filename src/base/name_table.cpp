// Open addressing with linear probing.
#include "base/name_table.h"

#include <utility>

#include "base/assert.h"
#include "base/hash.h"

namespace cloesce {

bool NameTable::insert(std::string_view name, std::size_t number) {
  CLOESCE_ASSERT(number < kNone);
  if (size_ * 4 >= slots_.size() * 3) {
    const List<Slot> old =
        std::exchange(slots_, List<Slot>(slots_.empty() ? 16 : slots_.size() * 2));
    for (const Slot& slot : old) {
      if (slot.number != kNone) slots_[place_of(slot.name)] = slot;
    }
  }
  Slot& slot = slots_[place_of(name)];
  if (slot.number != kNone) return false;
  slot = {name, static_cast<std::uint32_t>(number)};
  ++size_;
  return true;
}

std::uint32_t NameTable::find(std::string_view name) const {
  return slots_.empty() ? kNone : slots_[place_of(name)].number;
}

// Where a name stands, or would stand.
std::size_t NameTable::place_of(std::string_view name) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t place = static_cast<std::size_t>(hash_text(name)) & mask;
  while (slots_[place].number != kNone && slots_[place].name != name) place = (place + 1) & mask;
  return place;
}

}  // namespace cloesce
