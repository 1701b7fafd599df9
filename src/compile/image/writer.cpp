// The bytes behind an image that grows.
#include "compile/image/writer.h"

#include "base/hash.h"

namespace cloesce::image {

std::uint32_t Writer::add_bytes(std::size_t count, std::size_t alignment) {
  const std::size_t at = (size_ + alignment - 1) / alignment * alignment;
  size_ = at + count;
  words_.resize((size_ + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t));
  return static_cast<std::uint32_t>(at);
}

std::uint32_t Writer::pooled(std::string_view text) {
  if (const auto known = texts_.find(text); known != texts_.end()) return known->second;
  const std::uint32_t at = add_bytes(text.size(), 1);
  if (!text.empty()) std::memcpy(base() + at, text.data(), text.size());
  texts_.emplace(text, at);
  return at;
}

void Writer::link(std::uint32_t at, std::uint32_t target, std::size_t count) {
  auto& field = (*this)[Place<Array<char>>{at}];
  field.distance_ = static_cast<std::int32_t>(target) - static_cast<std::int32_t>(at);
  field.size_ = static_cast<std::uint32_t>(count);
}

void Writer::names(NameMap& field, std::span<const std::string_view> names) {
  std::size_t capacity = 4;
  while (capacity < names.size() * 2) capacity *= 2;
  const Place<NameSlot> slots = array(field.slots, capacity);
  for (std::size_t index = 0; index < capacity; ++index) {
    (*this)[slots + index].number = NameMap::kNone;
  }
  for (std::size_t number = 0; number < names.size(); ++number) {
    std::size_t at = hash_text(names[number]) & (capacity - 1);
    while ((*this)[slots + at].number != NameMap::kNone &&
           (*this)[slots + at].name != names[number]) {
      at = (at + 1) & (capacity - 1);
    }
    if ((*this)[slots + at].number != NameMap::kNone) continue;
    (*this)[slots + at].number = static_cast<std::uint32_t>(number);
    text((*this)[slots + at].name, names[number]);
  }
}

}  // namespace cloesce::image
