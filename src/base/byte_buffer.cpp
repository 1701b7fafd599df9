// Growing, which is rare and so kept out of the callers.
#include "base/byte_buffer.h"

namespace cloesce {
namespace {

constexpr std::size_t kLarge = 1024 * 1024;

}  // namespace

void ByteBuffer::reserve(std::size_t bytes) {
  if (bytes <= capacity_) return;
  // Large texts grow by less: twice their size may be more than there is.
  std::size_t wanted = capacity_ < 256      ? 256
                       : capacity_ < kLarge ? capacity_ * 2
                                            : capacity_ + capacity_ / 4;
  // What is added to a text is seldom its end, and a little more would be a copy of all of it.
  if (wanted < bytes) wanted = data_ == nullptr ? bytes : bytes + bytes / 16;
  if (data_ != nullptr && arena_->extend(data_, capacity_, wanted)) {
    capacity_ = wanted;
    return;
  }
  char* grown = static_cast<char*>(arena_->allocate(wanted, 8));
  if (data_ != nullptr) std::memcpy(grown, data_, size_);
  data_ = grown;
  capacity_ = wanted;
}

bool ByteBuffer::reserve_if_fits(std::size_t bytes) {
  auto* const memory = static_cast<char*>(arena_->allocate_if_fits(bytes));
  if (memory == nullptr) return false;
  data_ = memory;
  size_ = 0;
  capacity_ = bytes;
  return true;
}

}  // namespace cloesce
