// Writing an image: room for values, and the distances between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "image/name_map.h"
#include "image/reference.h"

namespace cloesce::image {

/// Where a value is in an image that is still growing.
template <class T>
struct Place {
  std::uint32_t offset = 0;

  /// Of the values of an array.
  [[nodiscard]] Place operator+(std::size_t index) const {
    return {offset + static_cast<std::uint32_t>(index * sizeof(T))};
  }
};

/// Collects the bytes of an image. Everything is zero until it is set. A C++ reference into the
/// image, such as the fields that the functions below take, is good until the next call that adds
/// something: ask for it anew, by its place.
class Writer {
 public:
  /// Room for `count` values.
  template <class T>
  Place<T> add(std::size_t count = 1) {
    static_assert(alignof(T) <= sizeof(std::uint64_t));
    return {add_bytes(count * sizeof(T), alignof(T))};
  }

  template <class T>
  [[nodiscard]] T& operator[](Place<T> place) {
    return *reinterpret_cast<T*>(base() + place.offset);
  }

  /// Where a field of the image is.
  template <class T>
  [[nodiscard]] Place<T> place_of(const T& field) const {
    return {offset_of(field)};
  }

  void text(Text& field, std::string_view text) {
    const std::uint32_t at = offset_of(field.bytes_);
    link(at, pooled(text), text.size());
  }

  void texts(Array<Text>& field, std::span<const std::string_view> texts) {
    const Place<Text> first = array(field, texts.size());
    for (std::size_t index = 0; index < texts.size(); ++index) {
      text((*this)[first + index], texts[index]);
    }
  }

  /// Makes `field` an array of `count` new values; answers the first.
  template <class T>
  Place<T> array(Array<T>& field, std::size_t count) {
    const std::uint32_t at = offset_of(field);
    const Place<T> first = add<T>(count);
    link(at, first.offset, count);
    return first;
  }

  /// Makes `field` an array that is a copy of `values`, which hold no references.
  template <class T>
  void copy(Array<T>& field, std::span<const T> values) {
    // Padding would bring bytes of chance into the image.
    static_assert(std::has_unique_object_representations_v<T>);
    const Place<T> first = array(field, values.size());
    if (!values.empty()) {
      std::memcpy(base() + first.offset, values.data(), values.size() * sizeof(T));
    }
  }

  template <class T>
  void refer(Reference<T>& field, Place<T> target) {
    field.distance_ =
        static_cast<std::int32_t>(target.offset) - static_cast<std::int32_t>(offset_of(field));
  }

  /// Numbers by name; the first of equal names wins.
  void names(NameMap& field, std::span<const std::string_view> names);

  /// The bytes that must follow the last text.
  void pad() { static_cast<void>(add<std::uint64_t>()); }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(words_.data()), size_};
  }

 private:
  template <class Field>
  [[nodiscard]] std::uint32_t offset_of(const Field& field) const {
    return static_cast<std::uint32_t>(reinterpret_cast<const std::byte*>(&field) -
                                      reinterpret_cast<const std::byte*>(words_.data()));
  }
  [[nodiscard]] std::byte* base() { return reinterpret_cast<std::byte*>(words_.data()); }

  std::uint32_t add_bytes(std::size_t count, std::size_t alignment);
  /// Equal texts stand in the image once.
  std::uint32_t pooled(std::string_view text);
  /// Sets the array at offset `at`.
  void link(std::uint32_t at, std::uint32_t target, std::size_t count);

  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> texts_;
};

}  // namespace cloesce::image
