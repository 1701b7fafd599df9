// Result<T>: a value or a failure, the only failure channel of the core. Shaped like std::expected.
#pragma once

#include <memory>    // unique_ptr
#include <optional>  // what a Result holds
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/error.h"

namespace cloesce {

/// Carries a failure into a Result: `return Failure{ErrorCode::kInternal, "no rows"};` The error is
/// on the heap: a Result is handed on at every level, a failure is rare.
class Failure {
 public:
  explicit Failure(Error error);
  explicit Failure(ErrorCode code, std::string_view detail = {}, std::string_view path = {});

 private:
  template <class T>
  friend class Result;

  // Not inline, so that a Result costs a call where it is thrown away.
  struct Delete {
    void operator()(Error* error) const;
  };
  using Pointer = std::unique_ptr<Error, Delete>;

  explicit Failure(Pointer error) : error_(std::move(error)) {}

  Pointer error_;
};

namespace detail {

/// What a failed Result holds in place of its value: nothing where that would have to be destroyed,
/// else a T that nobody looks at, which costs no code.
template <class T>
struct ResultValue {
  T value;

  T& operator*() { return value; }
  const T& operator*() const { return value; }
};
template <class T>
using ResultStorage =
    std::conditional_t<std::is_trivially_destructible_v<T> && std::is_default_constructible_v<T>,
                       ResultValue<T>, std::optional<T>>;

}  // namespace detail

/// Holds a T or an Error. `value()` and `operator*` require `ok()`; `error()` and `failure()`
/// require `!ok()`. Callers test first; a wrong access is undefined, as with std::expected's
/// operator*.
template <class T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a value is a result.
  Result(T value) : value_{std::move(value)} {}
  // NOLINTNEXTLINE(google-explicit-constructor): a failure is a result.
  Result(Failure failure) : error_(std::move(failure.error_)), value_{} {}

  [[nodiscard]] bool ok() const { return error_ == nullptr; }
  [[nodiscard]] explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & { return *value_; }
  [[nodiscard]] const T& value() const& { return *value_; }
  [[nodiscard]] T&& value() && { return std::move(*value_); }
  [[nodiscard]] T& operator*() & { return *value_; }
  [[nodiscard]] const T& operator*() const& { return *value_; }
  [[nodiscard]] T&& operator*() && { return std::move(*value_); }
  [[nodiscard]] T* operator->() { return &*value_; }
  [[nodiscard]] const T* operator->() const { return &*value_; }

  [[nodiscard]] Error& error() & { return *error_; }
  [[nodiscard]] const Error& error() const& { return *error_; }
  [[nodiscard]] Error&& error() && { return std::move(*error_); }
  /// The failure for a Result of another type.
  [[nodiscard]] Failure failure() && { return Failure(std::move(error_)); }

 private:
  Failure::Pointer error_;
  detail::ResultStorage<T> value_;
};

/// A Result without a value: default-constructed it is a success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a failure is a result.
  Result(Failure failure) : error_(std::move(failure.error_)) {}

  [[nodiscard]] bool ok() const { return error_ == nullptr; }
  [[nodiscard]] explicit operator bool() const { return ok(); }
  [[nodiscard]] Error& error() & { return *error_; }
  [[nodiscard]] const Error& error() const& { return *error_; }
  [[nodiscard]] Error&& error() && { return std::move(*error_); }
  [[nodiscard]] Failure failure() && { return Failure(std::move(error_)); }

 private:
  Failure::Pointer error_;
};

/// Early return of a failure: `CLOESCE_TRY(check(x));` for results whose value is not needed.
#define CLOESCE_TRY(expression)                                             \
  do {                                                                      \
    if (auto cloesce_try_result = (expression); !cloesce_try_result.ok()) { \
      return std::move(cloesce_try_result).failure();                       \
    }                                                                       \
  } while (false)

}  // namespace cloesce
