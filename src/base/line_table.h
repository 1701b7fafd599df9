// From byte offsets to the lines and columns that people and editors count.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace cloesce {

/// Both start at 1. The column counts code points.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  friend bool operator==(const LineColumn&, const LineColumn&) = default;
};

/// Where the lines of a text begin. Lines end with LF or CRLF. Borrows the text, which must be
/// shorter than 4 GiB.
class LineTable {
 public:
  explicit LineTable(std::string_view text);

  /// The place of the byte at `offset`. Beyond the end it is the end; inside a code point or
  /// between CR and LF it is the place of what the byte belongs to.
  [[nodiscard]] LineColumn locate(std::uint32_t offset) const;

  /// The text of a line without its end; empty when there is no such line.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;

  /// The offset at which a line begins; the text's size when there is no such line.
  [[nodiscard]] std::uint32_t line_begin(std::uint32_t number) const;

 private:
  std::string_view text_;
  std::vector<std::uint32_t> begins_;
};

}  // namespace cloesce
