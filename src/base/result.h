// Result<T>: a value or a failure, the only failure channel of the core. Shaped like std::expected.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"

namespace cloesce {

/// Carries a failure into a Result: `return Failure{make_error(...)};`
template <class E>
struct BasicFailure {
  E error;
};
using Failure = BasicFailure<Error>;

template <class E>
BasicFailure(E) -> BasicFailure<E>;

/// Holds a T or an E. `value()` and `operator*` require `ok()`; `error()` requires `!ok()`.
/// Callers test first; a wrong access is undefined, as with std::expected's operator*.
template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a value is a result.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a failure is a result.
  Result(BasicFailure<E> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  [[nodiscard]] explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& { return *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  [[nodiscard]] E& error() & { return *std::get_if<1>(&state_); }
  [[nodiscard]] const E& error() const& { return *std::get_if<1>(&state_); }
  [[nodiscard]] E&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, E> state_;
};

/// A Result without a value: default-constructed it is a success.
template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a failure is a result.
  Result(BasicFailure<E> failure) : error_(std::move(failure.error)) {}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  [[nodiscard]] explicit operator bool() const { return ok(); }
  [[nodiscard]] E& error() & { return *error_; }
  [[nodiscard]] const E& error() const& { return *error_; }
  [[nodiscard]] E&& error() && { return std::move(*error_); }

 private:
  std::optional<E> error_;
};

/// Early return of a failure: `CLOESCE_TRY(check(x));` for results whose value is not needed.
#define CLOESCE_TRY(expression)                                              \
  do {                                                                       \
    if (auto cloesce_try_result = (expression); !cloesce_try_result.ok()) {  \
      return ::cloesce::BasicFailure{std::move(cloesce_try_result).error()}; \
    }                                                                        \
  } while (false)

}  // namespace cloesce
