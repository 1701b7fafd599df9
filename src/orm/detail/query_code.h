// What a query asks, without its values: a short text that is the key of its plan, and all that the
// plan is made of.
//
//   order     count, then for each term: relations that lead to it, column, direction, cursor
//   page      whether there is a limit, whether there is an offset
//   where     one condition, operators before what they apply to
//
// Counts and columns are one byte, relations two. The values are parameters in the order in which
// the code needs them: of the cursor, of the conditions, the limit, the offset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/byte_buffer.h"

namespace cloesce::orm::detail {

/// Begins a condition.
enum class Op : char {
  kAll = '&',    // count, conditions
  kAny = '|',    // count, conditions
  kNot = '!',    // condition: true where that is false or not known
  kToOne = '.',  // relation, condition of the row that it leads to
  kSome = '*',   // relation, condition of one of the rows that it leads to
  kEqual = '=',  // this and all others: column, case
  kLess = '<',
  kAtMost = 'm',
  kMore = '>',
  kAtLeast = 'l',
  kIn = 'i',
  kContains = 'c',
  kStartsWith = 's',
  kEndsWith = 'e',
  kIsNull = '0',  // no value
};

enum class Case : char { kSensitive = '-', kInsensitive = 'i' };

/// Of a term: whether the page begins behind a value, behind a null, or at the beginning.
enum class After : char { kNothing = '-', kValue = 'v', kNull = 'n' };

inline constexpr char kAscending = 'a';
inline constexpr char kDescending = 'd';
inline constexpr char kPresent = '1';
inline constexpr char kAbsent = '0';

/// Relations that lead to the column of one term.
inline constexpr std::size_t kMaximumSteps = 8;

/// A term of an order.
struct OrderTerm {
  std::uint16_t steps[kMaximumSteps] = {};  // to-one relations, by number in their model
  std::uint8_t step_count = 0;
  std::uint8_t column = 0;
  char direction = kAscending;
  After after = After::kNothing;
};

class CodeReader {
 public:
  explicit CodeReader(std::string_view code) : rest_(code) {}

  char character() {
    const char first = rest_.front();
    rest_.remove_prefix(1);
    return first;
  }
  std::size_t byte() { return static_cast<unsigned char>(character()); }
  std::size_t number() {
    const std::size_t high = byte();
    return high << 8 | byte();
  }
  OrderTerm term() {
    OrderTerm term;
    term.step_count = static_cast<std::uint8_t>(byte());
    for (std::size_t step = 0; step < term.step_count; ++step) {
      term.steps[step] = static_cast<std::uint16_t>(number());
    }
    term.column = static_cast<std::uint8_t>(byte());
    term.direction = character();
    term.after = static_cast<After>(character());
    return term;
  }

 private:
  std::string_view rest_;
};

inline void append_number(ByteBuffer& code, std::size_t number) {
  code.push(static_cast<char>(number >> 8));
  code.push(static_cast<char>(number & 0xFF));
}

}  // namespace cloesce::orm::detail
