// Refusal: why a rule said no, in the platform's numbers and words.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace cloesce::storage {

/// `code` is the platform's: an HTTP status of KV, a v4 code of R2; 0 is a TypeError and 1 a
/// RangeError of the binding itself.
struct Refusal {
  int code = 0;
  std::string message;
};

inline constexpr int kTypeError = 0;
inline constexpr int kRangeError = 1;

/// A value or a refusal.
template <class T>
class [[nodiscard]] Ruled {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a value is an answer.
  Ruled(T value) : held_(std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): so is a refusal.
  Ruled(Refusal refusal) : held_(std::move(refusal)) {}

  [[nodiscard]] bool ok() const { return held_.index() == 0; }
  /// Each requires what its name says.
  [[nodiscard]] const T& value() const { return *std::get_if<0>(&held_); }
  [[nodiscard]] const Refusal& refusal() const { return *std::get_if<1>(&held_); }

 private:
  std::variant<T, Refusal> held_;
};

}  // namespace cloesce::storage
