// Block handling of the arena.
#include "base/arena.h"

#include <algorithm>
#include <cstdlib>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define CLOESCE_POISON(begin, bytes) ASAN_POISON_MEMORY_REGION(begin, bytes)
#define CLOESCE_UNPOISON(begin, bytes) ASAN_UNPOISON_MEMORY_REGION(begin, bytes)
#endif
#endif
#ifndef CLOESCE_POISON
#define CLOESCE_POISON(begin, bytes) static_cast<void>(bytes)
#define CLOESCE_UNPOISON(begin, bytes) static_cast<void>(bytes)
#endif

namespace cloesce {
namespace {

// The header is padded so that the first allocation of a block is aligned for anything.
constexpr std::size_t kHeaderBytes = 32;

// What is kept for the next arena, at most.
constexpr std::size_t kMostSpareBytes = 8 * 1024 * 1024;

// Sizes of blocks are multiples of an eighth to a quarter of themselves, and of this.
constexpr std::size_t kSmallestStep = 256;

std::size_t padding_for(const char* cursor, std::size_t alignment) {
  const auto address = reinterpret_cast<std::uintptr_t>(cursor);
  return (alignment - (address & (alignment - 1))) & (alignment - 1);
}

}  // namespace

Arena::~Arena() {
  while (block_ != nullptr) drop_block();
}

Account::~Account() { Arena::free_spare(*this); }

void Arena::free_spare(Account& account) {
  while (account.spare != nullptr) {
    ArenaBlock* const block = account.spare;
    account.spare = block->previous;
    CLOESCE_UNPOISON(reinterpret_cast<char*>(block) + kHeaderBytes, block->bytes);
    std::free(block);
  }
  account.spare_bytes = 0;
}

void Arena::drop_block() {
  ArenaBlock* const block = block_;
  block_ = block->previous;
  capacity_ -= block->bytes;
  if (account_ == nullptr) return std::free(block);
  account_->used -= kHeaderBytes + block->bytes;
  if (account_->spare_bytes + block->bytes > kMostSpareBytes) return std::free(block);
  CLOESCE_POISON(reinterpret_cast<char*>(block) + kHeaderBytes, block->bytes);
  account_->spare_bytes += block->bytes;
  block->previous = account_->spare;
  account_->spare = block;
}

// A block of `bytes` or a little more, which `bytes` then says; null when there is no memory.
void* Arena::take_block(std::size_t& bytes) {
  if (account_ == nullptr) return std::malloc(kHeaderBytes + bytes);
  // Few sizes, so that a block serves what is a little larger too.
  std::size_t step = kSmallestStep;
  while (step * 8 <= bytes) step *= 2;
  bytes = (bytes + step - 1) / step * step;
  for (ArenaBlock** link = &account_->spare; *link != nullptr; link = &(*link)->previous) {
    ArenaBlock* const block = *link;
    if (block->bytes < bytes || block->bytes > bytes * 2) continue;
    *link = block->previous;
    account_->spare_bytes -= block->bytes;
    bytes = block->bytes;
    return block;
  }
  void* const memory = std::malloc(kHeaderBytes + bytes);
  if (memory != nullptr || account_->spare == nullptr) return memory;
  free_spare(*account_);
  return std::malloc(kHeaderBytes + bytes);
}

bool Arena::add_block(std::size_t at_least) {
  static_assert(sizeof(ArenaBlock) <= kHeaderBytes);
  // Doubling keeps the number of blocks logarithmic; the cap keeps one big body from doubling what
  // follows it.
  const std::size_t wanted =
      block_ == nullptr ? first_block_bytes_ : std::min<std::size_t>(capacity_, 1024 * 1024);
  std::size_t bytes = std::max(wanted, at_least);
  void* const memory = take_block(bytes);
  if (memory == nullptr) return false;
  if (account_ != nullptr) account_->used += kHeaderBytes + bytes;
  block_ = ::new (memory) ArenaBlock{block_, bytes};
  cursor_ = static_cast<char*>(memory) + kHeaderBytes;
  limit_ = cursor_ + bytes;
  capacity_ += bytes;
  return true;
}

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  std::size_t padding = cursor_ == nullptr ? 0 : padding_for(cursor_, alignment);
  const auto room = static_cast<std::size_t>(limit_ - cursor_);
  if (cursor_ == nullptr || padding > room || bytes > room - padding) {
    if (!add_block(bytes + alignment)) std::abort();
    padding = padding_for(cursor_, alignment);
  }
  char* result = cursor_ + padding;
  CLOESCE_UNPOISON(result, bytes);
  cursor_ = result + bytes;
  return result;
}

void* Arena::allocate_if_fits(std::size_t bytes) {
  if (bytes > static_cast<std::size_t>(limit_ - cursor_)) {
    if (account_ != nullptr && !account_->fits(bytes + kHeaderBytes)) return nullptr;
    if (!add_block(bytes)) return nullptr;
  }
  return allocate(bytes, 1);
}

bool Arena::extend(void* last, std::size_t old_bytes, std::size_t new_bytes) {
  char* begin = static_cast<char*>(last);
  if (begin == nullptr || begin + old_bytes != cursor_) return false;
  if (new_bytes > static_cast<std::size_t>(limit_ - begin)) return false;
  CLOESCE_UNPOISON(begin, new_bytes);
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
  while (block_->previous != nullptr) drop_block();
  // A first block made for one big request is not kept for the small ones that follow.
  if (block_->bytes > first_block_bytes_) {
    drop_block();
    cursor_ = limit_ = nullptr;
    return;
  }
  cursor_ = reinterpret_cast<char*>(block_) + kHeaderBytes;
  limit_ = cursor_ + block_->bytes;
  // Whoever still looks at what was there is found out.
  CLOESCE_POISON(cursor_, block_->bytes);
}

}  // namespace cloesce
