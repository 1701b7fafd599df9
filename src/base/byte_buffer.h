// ByteBuffer: a growing text in an arena; what all hot-path writers append to.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/arena.h"

namespace cloesce {

/// Append-only bytes in an arena. `view()` is valid until the next append or the arena's reset.
class ByteBuffer {
 public:
  explicit ByteBuffer(Arena& arena, std::size_t reserve_bytes = 0) : arena_(&arena) {
    if (reserve_bytes > 0) reserve(reserve_bytes);
  }

  void append(std::string_view text) {
    if (text.empty()) return;
    if (text.size() > capacity_ - size_) reserve(size_ + text.size());
    // The analyzer takes the size of a text that is not empty for negative.
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker)
    std::memcpy(data_ + size_, text.data(), text.size());
    size_ += text.size();
  }

  void push(char character) {
    if (size_ == capacity_) reserve(size_ + 1);
    data_[size_++] = character;
  }

  /// Room for `bytes` more; the caller writes there and then calls `commit`.
  [[nodiscard]] char* prepare(std::size_t bytes) {
    if (bytes > capacity_ - size_) reserve(size_ + bytes);
    return data_ + size_;
  }
  void commit(std::size_t bytes) { size_ += bytes; }

  /// Drops everything after the first `size` bytes.
  void truncate(std::size_t size) { size_ = size; }

  /// At least `bytes` of capacity.
  void reserve(std::size_t bytes);

  /// The same at the beginning, for what may be too much: false when there is no room for it.
  [[nodiscard]] bool reserve_if_fits(std::size_t bytes);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::string_view view() const { return {data_, size_}; }
  [[nodiscard]] char* data() { return data_; }
  [[nodiscard]] Arena& arena() { return *arena_; }

 private:
  Arena* arena_;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace cloesce
