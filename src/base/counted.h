// Counted: shared ownership of an immutable value. std::shared_ptr would bring the C++ runtime's
// type information to what a Worker ships.
#pragma once

#include <cstdint>
#include <utility>

namespace cloesce {

/// A pointer to a value that lives until its last holder lets go. Not for use by several threads.
template <class T>
class Counted {
 public:
  Counted() = default;
  ~Counted() { release(); }
  Counted(const Counted& other) : box_(other.box_) {
    if (box_ != nullptr) ++box_->holders;
  }
  Counted(Counted&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  Counted& operator=(Counted other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }

  [[nodiscard]] static Counted make(T value) {
    Counted counted;
    counted.box_ = new Box{std::move(value)};
    return counted;
  }

  [[nodiscard]] const T* get() const { return box_ == nullptr ? nullptr : &box_->value; }
  [[nodiscard]] const T& operator*() const { return box_->value; }
  [[nodiscard]] const T* operator->() const { return &box_->value; }
  [[nodiscard]] explicit operator bool() const { return box_ != nullptr; }

  friend bool operator==(const Counted& left, const Counted& right) {
    return left.box_ == right.box_;
  }

 private:
  struct Box {
    T value;
    std::uint32_t holders = 1;
  };

  void release() {
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDelete): the analyzer does not follow the count.
    if (box_ != nullptr && --box_->holders == 0) delete box_;
  }

  Box* box_ = nullptr;
};

}  // namespace cloesce
