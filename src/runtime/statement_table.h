// Numbers for SQL texts, so that a text crosses to the host once.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cloesce::runtime {

/// Gives each SQL text a number. A number never changes its meaning; when the table is full it is
/// emptied and numbers go on from where they were, so that a host's cache is never wrong.
class StatementTable {
 public:
  static constexpr std::size_t kMaximumTexts = 2048;

  /// The number of `text`, which is copied when it is new.
  [[nodiscard]] std::uint32_t number(std::string_view text);

  /// The text of a number, empty when it was forgotten or never given.
  [[nodiscard]] std::string_view text(std::uint32_t number) const;

 private:
  std::deque<std::string> texts_;  // a deque: its strings do not move
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::uint32_t first_ = 1;
};

}  // namespace cloesce::runtime
