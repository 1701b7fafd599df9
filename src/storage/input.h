// The JSON that the host hands a rule, as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloesce::storage {

enum class InputKind : unsigned char { kNull, kBoolean, kNumber, kString, kArray, kObject };

/// A value of the input. Asking for what it is not answers the empty value of that kind: the host
/// is our own code, and nothing worse may come of its mistakes.
class Input {
 public:
  /// Levels of arrays and objects.
  static constexpr int kMostLevels = 8;

  /// Nothing when `json` is no JSON or too deep.
  [[nodiscard]] static std::optional<Input> parse(std::string_view json);

  [[nodiscard]] InputKind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == InputKind::kNull; }
  [[nodiscard]] bool flag() const { return kind_ == InputKind::kBoolean && number_ != 0; }
  [[nodiscard]] double number() const { return number_; }
  [[nodiscard]] std::optional<double> maybe_number() const;
  /// A size: what is negative, broken or beyond 2^53 counts as zero.
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::optional<std::string_view> maybe_text() const;
  [[nodiscard]] const std::vector<Input>& items() const { return items_; }
  /// The item at `index`, or a null.
  [[nodiscard]] const Input& at(std::size_t index) const;
  /// The member of that name, or a null.
  [[nodiscard]] const Input& member(std::string_view name) const;

 private:
  friend class InputReader;

  InputKind kind_ = InputKind::kNull;
  double number_ = 0;
  std::string text_;
  std::vector<Input> items_;
  std::vector<std::string> names_;  // of the items of an object
};

}  // namespace cloesce::storage
