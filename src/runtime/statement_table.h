// Numbers for SQL texts, so that a text crosses to the host once.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/list.h"
#include "base/name_table.h"

namespace cloesce::runtime {

/// Gives each SQL text a number. A number never changes its meaning, so that a host's cache is
/// never wrong. When there are too many texts the older half is forgotten: the last kMaximumBatch
/// numbers given are always known, as far as their texts have fewer bytes
/// than kMaximumBytes.
class StatementTable {
 public:
  static constexpr std::size_t kMaximumBatch = 2048;

  /// Bytes of texts in a half: callers choose the shape of queries, and with it what is kept here.
  /// No batch has as many.
  static constexpr std::size_t kMaximumBytes = 2 * 1024 * 1024;

  /// The number of `text`, which is copied when it is new.
  [[nodiscard]] std::uint32_t number(std::string_view text);

  /// The text of a number, empty when it was forgotten or never given.
  [[nodiscard]] std::string_view text(std::uint32_t number) const;

 private:
  // Numbered from `first` on.
  struct Half {
    Arena arena;
    List<std::string_view> texts;
    NameTable numbers;
    std::uint32_t first = 1;
  };

  Half halves_[2];
  Half* newer_ = &halves_[0];
  Half* older_ = &halves_[1];
};

}  // namespace cloesce::runtime
