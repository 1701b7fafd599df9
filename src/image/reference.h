// References inside an app image: texts, arrays and single values, found by their distance from the
// reference itself, so that an image can be used wherever its bytes lie.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace cloesce::image {

// An image is made on one machine and used on another.
static_assert(std::endian::native == std::endian::little);

class Writer;

/// A value elsewhere in the image, or none. Like everything in an image it is written once, by
/// compile/image, and neither copied nor moved: the distance would lead somewhere else.
template <class T>
class Reference {
 public:
  Reference() = default;
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  /// Null when there is none.
  [[nodiscard]] const T* get() const {
    if (distance_ == 0) return nullptr;
    return reinterpret_cast<const T*>(reinterpret_cast<const char*>(this) + distance_);
  }
  [[nodiscard]] const T& operator*() const { return *get(); }
  [[nodiscard]] const T* operator->() const { return get(); }
  // NOLINTNEXTLINE(google-explicit-constructor): what it stands for.
  operator const T*() const { return get(); }

 private:
  friend class Writer;

  std::int32_t distance_;
};

/// Values of one type, one behind the other.
template <class T>
class Array {
 public:
  Array() = default;
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  [[nodiscard]] const T* data() const {
    return reinterpret_cast<const T*>(reinterpret_cast<const char*>(this) + distance_);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + size_; }
  [[nodiscard]] const T& operator[](std::size_t index) const { return data()[index]; }
  [[nodiscard]] const T& front() const { return *data(); }

 private:
  friend class Writer;

  std::int32_t distance_;
  std::uint32_t size_;
};

/// UTF-8 without a terminator. At least seven bytes of the image follow it.
class Text {
 public:
  Text() = default;
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
  // NOLINTNEXTLINE(google-explicit-constructor): a text is a text.
  operator std::string_view() const { return view(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  /// Whether `other` is the same. Seven bytes behind `other` must be readable: then both are
  /// compared by words, which wasm's memcmp does not.
  [[nodiscard]] bool equals_padded(std::string_view other) const {
    if (other.size() != size()) return false;
    const char* left = bytes_.data();
    const char* right = other.data();
    std::size_t rest = other.size();
    for (; rest > sizeof(std::uint64_t); rest -= sizeof(std::uint64_t)) {
      if (word_at(left) != word_at(right)) return false;
      left += sizeof(std::uint64_t);
      right += sizeof(std::uint64_t);
    }
    const std::uint64_t difference = word_at(left) ^ word_at(right);
    return rest == 0 || difference << (64 - 8 * rest) == 0;
  }

  friend bool operator==(const Text& left, std::string_view right) { return left.view() == right; }
  friend bool operator==(const Text& left, const Text& right) {
    return left.view() == right.view();
  }

 private:
  friend class Writer;

  static std::uint64_t word_at(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
  }

  Array<char> bytes_;
};

}  // namespace cloesce::image
