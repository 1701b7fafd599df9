// Block handling of the arena.
#include "base/arena.h"

#include <algorithm>
#include <cstdlib>

namespace cloesce {
namespace {

// The header is padded so that the first allocation of a block is aligned for anything.
constexpr std::size_t kHeaderBytes = 32;

std::size_t padding_for(const char* cursor, std::size_t alignment) {
  const auto address = reinterpret_cast<std::uintptr_t>(cursor);
  return (alignment - (address & (alignment - 1))) & (alignment - 1);
}

}  // namespace

Arena::~Arena() {
  while (block_ != nullptr) {
    Block* previous = block_->previous;
    std::free(block_);
    block_ = previous;
  }
}

void Arena::add_block(std::size_t at_least) {
  static_assert(sizeof(Block) <= kHeaderBytes);
  // Doubling keeps the number of blocks logarithmic; the cap keeps one big body from doubling what
  // follows it.
  const std::size_t wanted =
      block_ == nullptr ? kFirstBlockBytes : std::min<std::size_t>(capacity_, 1024 * 1024);
  const std::size_t bytes = std::max(wanted, at_least);
  void* memory = std::malloc(kHeaderBytes + bytes);
  if (memory == nullptr) std::abort();
  block_ = ::new (memory) Block{block_, bytes};
  cursor_ = static_cast<char*>(memory) + kHeaderBytes;
  limit_ = cursor_ + bytes;
  capacity_ += bytes;
}

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  std::size_t padding = cursor_ == nullptr ? 0 : padding_for(cursor_, alignment);
  const auto room = static_cast<std::size_t>(limit_ - cursor_);
  if (cursor_ == nullptr || padding > room || bytes > room - padding) {
    add_block(bytes + alignment);
    padding = padding_for(cursor_, alignment);
  }
  char* result = cursor_ + padding;
  cursor_ = result + bytes;
  return result;
}

bool Arena::extend(void* last, std::size_t old_bytes, std::size_t new_bytes) {
  char* begin = static_cast<char*>(last);
  if (begin == nullptr || begin + old_bytes != cursor_) return false;
  if (new_bytes > static_cast<std::size_t>(limit_ - begin)) return false;
  cursor_ = begin + new_bytes;
  return true;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* memory = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(memory, text.data(), text.size());
  return {memory, text.size()};
}

void Arena::reset() {
  if (block_ == nullptr) return;
  while (block_->previous != nullptr) {
    Block* previous = block_->previous;
    capacity_ -= block_->bytes;
    std::free(block_);
    block_ = previous;
  }
  // A first block made for one big request is not kept for the small ones that follow.
  if (block_->bytes > kFirstBlockBytes) {
    std::free(block_);
    block_ = nullptr;
    cursor_ = limit_ = nullptr;
    capacity_ = 0;
    return;
  }
  cursor_ = reinterpret_cast<char*>(block_) + kHeaderBytes;
  limit_ = cursor_ + block_->bytes;
}

}  // namespace cloesce
