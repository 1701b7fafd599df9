// List: a growing array. It does what std::vector does for the rooms that a Worker ships, with one
// copy of the code that allocates and grows, where each std::vector<T> brings its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "base/assert.h"

namespace cloesce {

/// True when a value may be moved by copying its bytes and forgetting the old ones. A class whose
/// members all are says so with a static member `kRelocatable`.
template <class T, class = void>
inline constexpr bool kRelocatable = std::is_trivially_copyable_v<T>;
template <class T>
inline constexpr bool kRelocatable<T, std::void_t<decltype(T::kRelocatable)>> = T::kRelocatable;
template <class T>
inline constexpr bool kRelocatable<std::unique_ptr<T>, void> = true;
template <class First, class Second>
inline constexpr bool kRelocatable<std::pair<First, Second>, void> =
    kRelocatable<First>&& kRelocatable<Second>;
#ifdef _LIBCPP_VERSION
/// Emscripten's library; others keep a pointer into the string itself.
template <>
inline constexpr bool kRelocatable<std::string, void> = true;
#endif

namespace detail {

/// A list without its type.
struct ListMemory {
  void* items = nullptr;
  std::uint32_t size = 0;
  std::uint32_t capacity = 0;
};

/// Room for at least `capacity` items, moved as bytes. Running out of memory ends the instance, as
/// operator new does.
void grow_list(ListMemory& list, std::size_t item_bytes, std::size_t capacity);

/// Room for one more item, moved as bytes; answers where it goes.
[[nodiscard]] void* append_to_list(ListMemory& list, std::size_t item_bytes);

/// Makes an empty list a copy of another, byte by byte.
void copy_list(ListMemory& list, const ListMemory& from, std::size_t item_bytes);

void free_list(ListMemory& list);

}  // namespace detail

/// Addresses of items change when the list grows; a list that is moved from is empty.
template <class T>
class List {
 public:
  static constexpr bool kRelocatable = true;

  using value_type = T;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using const_reference = const T&;
  using iterator = T*;
  using const_iterator = const T*;

  List() = default;
  explicit List(std::size_t count, const T& value = T()) { resize(count, value); }
  List(std::initializer_list<T> items) { append(items.begin(), items.end()); }
  List(const List& other) { copy(other); }
  List(List&& other) noexcept : list_(std::exchange(other.list_, {})) {}
  List& operator=(List other) noexcept {
    std::swap(list_, other.list_);
    return *this;
  }
  ~List() {
    clear();
    detail::free_list(list_);
  }

  [[nodiscard]] std::size_t size() const { return list_.size; }
  [[nodiscard]] bool empty() const { return list_.size == 0; }
  [[nodiscard]] T* data() { return static_cast<T*>(list_.items); }
  [[nodiscard]] const T* data() const { return static_cast<const T*>(list_.items); }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] T* end() { return data() + list_.size; }
  [[nodiscard]] const T* end() const { return data() + list_.size; }
  [[nodiscard]] T& operator[](std::size_t index) { return data()[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const { return data()[index]; }
  [[nodiscard]] T& front() { return *begin(); }
  [[nodiscard]] const T& front() const { return *begin(); }
  [[nodiscard]] T& back() { return end()[-1]; }
  [[nodiscard]] const T& back() const { return end()[-1]; }

  /// `value` is taken by value, so that it may be an item of the list itself.
  T& push_back(T value) { return *::new (room()) T(std::move(value)); }

  template <class... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    return push_back(T{std::forward<Arguments>(arguments)...});
  }

  /// The items of a range that is not this list's.
  template <class Iterator>
  void append(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(T(*first));
  }

  void pop_back() { end()[-1].~T(), --list_.size; }

  void clear() {
    if constexpr (!std::is_trivially_destructible_v<T>) {
      for (T& item : *this) item.~T();
    }
    list_.size = 0;
  }

  void reserve(std::size_t count) {
    if (count > list_.capacity) grow(count);
  }

  void resize(std::size_t count, const T& value = T()) {
    while (size() > count) pop_back();
    reserve(count);
    while (size() < count) push_back(value);
  }

  friend bool operator==(const List& left, const List& right) {
    if (left.size() != right.size()) return false;
    for (std::size_t index = 0; index < left.size(); ++index) {
      if (!(left[index] == right[index])) return false;
    }
    return true;
  }

 private:
  void* room() {
    if constexpr (cloesce::kRelocatable<T>) {
      return detail::append_to_list(list_, kItemBytes);
    } else {
      if (list_.size == list_.capacity) grow(list_.capacity == 0 ? 4 : list_.capacity * 2);
      return data() + list_.size++;
    }
  }

  void grow(std::size_t capacity) {
    if constexpr (cloesce::kRelocatable<T>) {
      detail::grow_list(list_, kItemBytes, capacity);
    } else {
      detail::ListMemory grown;
      detail::grow_list(grown, kItemBytes, capacity);
      for (T& item : *this) {
        ::new (static_cast<T*>(grown.items) + grown.size++) T(std::move(item));
        item.~T();  // NOLINT(bugprone-use-after-move): an item ends even when it was moved from.
      }
      detail::free_list(list_);
      list_ = grown;
    }
  }

  void copy(const List& other) {
    if constexpr (std::is_trivially_copyable_v<T>) {
      detail::copy_list(list_, other.list_, kItemBytes);
    } else {
      append(other.begin(), other.end());
    }
  }

  // NOLINTNEXTLINE(bugprone-sizeof-expression): of a list of addresses the items are addresses.
  static constexpr std::size_t kItemBytes = sizeof(T);

  static_assert(alignof(T) <= alignof(std::max_align_t));

  detail::ListMemory list_;
};

}  // namespace cloesce
