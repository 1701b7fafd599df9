// Result<T>: a value or a failure, the only failure channel of the core. Shaped like std::expected.
#pragma once

#include <optional>  // what a Result holds
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/error.h"

namespace cloesce {

/// Carries a failure into a Result: `return Failure{ErrorCode::kInternal, "no rows"};` The error is
/// on the heap: a Result is handed on at every level, a failure is rare. A Failure itself owns
/// nothing, so that it is passed as the one word that it is: it becomes a Result or is lost.
class [[nodiscard]] Failure {
 public:
  explicit Failure(Error error) : error_(make(std::move(error))) {}
  explicit Failure(ErrorCode code, std::string_view detail = {}, std::string_view path = {})
      : error_(make(code, detail, path)) {}
  Failure(const Failure&) = delete;
  Failure(Failure&&) = default;
  Failure& operator=(const Failure&) = delete;
  Failure& operator=(Failure&&) = delete;
  ~Failure() = default;

 private:
  template <class T>
  friend class Result;
  friend class ResultError;

  explicit Failure(Error* error) : error_(error) {}

  static Error* make(Error error);
  static Error* make(ErrorCode code, std::string_view detail, std::string_view path);
  static void discard(Error* error);

  Error* error_;
};

/// What a Result holds beside its value: the error that it owns, if it failed. Inline, so that no
/// code is left where it is known which of the two it is.
class ResultError {
 public:
  ResultError() = default;
  explicit ResultError(Failure failure) : error_(failure.error_) {}
  ResultError(const ResultError&) = delete;
  ResultError(ResultError&& other) noexcept : error_(std::exchange(other.error_, nullptr)) {}
  ResultError& operator=(const ResultError&) = delete;
  ResultError& operator=(ResultError&& other) noexcept {
    std::swap(error_, other.error_);
    return *this;
  }
  [[gnu::always_inline]] ~ResultError() {
    if (error_ != nullptr) Failure::discard(error_);
  }

  [[nodiscard]] Error* get() const { return error_; }
  [[nodiscard]] Failure release() { return Failure(std::exchange(error_, nullptr)); }

 private:
  Error* error_ = nullptr;
};

namespace detail {

/// What a failed Result holds in place of its value: nothing, which costs no code where a value
/// would not have to be destroyed.
template <class T>
union ResultValue {
  ResultValue() {}  // NOLINT(modernize-use-equals-default): it would be deleted.
  explicit ResultValue(T given) : value(std::move(given)) {}

  T& operator*() { return value; }
  const T& operator*() const { return value; }

  T value;
};
template <class T>
using ResultStorage =
    std::conditional_t<std::is_trivially_copyable_v<T>, ResultValue<T>, std::optional<T>>;

}  // namespace detail

/// Holds a T or an Error. `value()` and `operator*` require `ok()`; `error()` and `failure()`
/// require `!ok()`. Callers test first; a wrong access is undefined, as with std::expected's
/// operator*.
template <class T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a value is a result.
  Result(T value) : value_(std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a failure is a result.
  Result(Failure failure) : error_(std::move(failure)), value_() {}
  Result(Result&&) = default;
  Result& operator=(Result&&) = default;
  [[gnu::always_inline]] ~Result() = default;

  [[nodiscard]] bool ok() const { return error_.get() == nullptr; }
  [[nodiscard]] explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & { return *value_; }
  [[nodiscard]] const T& value() const& { return *value_; }
  [[nodiscard]] T&& value() && { return std::move(*value_); }
  [[nodiscard]] T& operator*() & { return *value_; }
  [[nodiscard]] const T& operator*() const& { return *value_; }
  [[nodiscard]] T&& operator*() && { return std::move(*value_); }
  [[nodiscard]] T* operator->() { return &*value_; }
  [[nodiscard]] const T* operator->() const { return &*value_; }

  [[nodiscard]] Error& error() & { return *error_.get(); }
  [[nodiscard]] const Error& error() const& { return *error_.get(); }
  [[nodiscard]] Error&& error() && { return std::move(*error_.get()); }
  /// The failure for a Result of another type.
  [[nodiscard]] Failure failure() && { return error_.release(); }

 private:
  ResultError error_;
  detail::ResultStorage<T> value_;
};

/// A Result without a value: default-constructed it is a success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a failure is a result.
  Result(Failure failure) : error_(std::move(failure)) {}
  Result(Result&&) = default;
  Result& operator=(Result&&) = default;
  [[gnu::always_inline]] ~Result() = default;

  [[nodiscard]] bool ok() const { return error_.get() == nullptr; }
  [[nodiscard]] explicit operator bool() const { return ok(); }
  [[nodiscard]] Error& error() & { return *error_.get(); }
  [[nodiscard]] const Error& error() const& { return *error_.get(); }
  [[nodiscard]] Error&& error() && { return std::move(*error_.get()); }
  [[nodiscard]] Failure failure() && { return error_.release(); }

 private:
  ResultError error_;
};

/// Early return of a failure: `CLOESCE_TRY(check(x));` for results whose value is not needed.
#define CLOESCE_TRY(expression)                                             \
  do {                                                                      \
    if (auto cloesce_try_result = (expression); !cloesce_try_result.ok()) { \
      return std::move(cloesce_try_result).failure();                       \
    }                                                                       \
  } while (false)

}  // namespace cloesce
