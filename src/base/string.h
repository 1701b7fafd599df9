// String: a text that owns its bytes. What std::string is to the compiler, in the rooms that a
// Worker ships: that one keeps short texts in itself, and every look at it first asks where.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/list.h"

namespace cloesce {

/// Grows as a List does. A string that is moved from is empty.
class String {
 public:
  static constexpr bool kRelocatable = true;

  String() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a text is a text.
  String(std::string_view text) { append(text); }
  // NOLINTNEXTLINE(google-explicit-constructor): a literal too.
  String(const char* text) : String(std::string_view(text)) {}
  String(const String& other) : String(other.view()) {}
  String(String&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  String& operator=(String other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~String() { detail::free_list(bytes_); }

  [[nodiscard]] std::string_view view() const {
    return {static_cast<const char*>(bytes_.items), bytes_.size};
  }
  // NOLINTNEXTLINE(google-explicit-constructor): a text is a text.
  operator std::string_view() const { return view(); }
  // NOLINTNEXTLINE(google-explicit-constructor): for the rooms that keep std::string.
  operator std::string() const { return std::string(view()); }

  [[nodiscard]] const char* data() const { return static_cast<const char*>(bytes_.items); }
  [[nodiscard]] std::size_t size() const { return bytes_.size; }
  [[nodiscard]] bool empty() const { return bytes_.size == 0; }
  [[nodiscard]] char front() const { return *data(); }
  [[nodiscard]] char* begin() { return static_cast<char*>(bytes_.items); }
  [[nodiscard]] char* end() { return begin() + bytes_.size; }
  [[nodiscard]] const char* begin() const { return data(); }
  [[nodiscard]] const char* end() const { return data() + bytes_.size; }

  void reserve(std::size_t size) {
    if (size > bytes_.capacity) detail::grow_list(bytes_, 1, size);
  }
  /// `text` is not part of this string.
  void append(std::string_view text);
  String& operator+=(std::string_view text) {
    append(text);
    return *this;
  }
  String& operator+=(char character) {
    append({&character, 1});
    return *this;
  }

  friend bool operator==(const String& left, const String& right) {
    return left.view() == right.view();
  }
  friend bool operator==(const String& left, std::string_view right) {
    return left.view() == right;
  }
  friend bool operator==(const String& left, const char* right) { return left.view() == right; }
  /// For the messages of tests; any stream of the standard library.
  template <class Stream>
  friend auto operator<<(Stream& out, const String& text) -> decltype(out.write("", 0)) {
    return out.write(text.data(), static_cast<std::ptrdiff_t>(text.size()));
  }

 private:
  detail::ListMemory bytes_;
};

}  // namespace cloesce
