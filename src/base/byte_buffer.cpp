// Growing, which is rare and so kept out of the callers.
#include "base/byte_buffer.h"

namespace cloesce {

void ByteBuffer::reserve(std::size_t bytes) {
  if (bytes <= capacity_) return;
  std::size_t wanted = capacity_ < 256 ? 256 : capacity_ * 2;
  if (wanted < bytes) wanted = bytes;
  if (data_ != nullptr && arena_->extend(data_, capacity_, wanted)) {
    capacity_ = wanted;
    return;
  }
  char* grown = static_cast<char*>(arena_->allocate(wanted, 8));
  if (data_ != nullptr) std::memcpy(grown, data_, size_);
  data_ = grown;
  capacity_ = wanted;
}

}  // namespace cloesce
