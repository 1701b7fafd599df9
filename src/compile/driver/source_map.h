// Source texts by line: where a byte offset is, as people count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace cloesce::driver {

/// Both count from 1; the column counts code points.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// One text with the places where its lines begin. Offsets beyond the end count as the end.
class SourceText {
 public:
  explicit SourceText(std::string text);

  [[nodiscard]] Position position(std::size_t offset) const;
  /// The bytes [begin, end) of the line that holds `offset`, without its line break.
  struct Line {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  [[nodiscard]] Line line(std::size_t offset) const;
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  [[nodiscard]] std::size_t line_index(std::size_t offset) const;

  std::string text_;
  std::vector<std::size_t> line_starts_;
};

/// The files of a compile. Empty for migrations, whose diagnostics have no places.
struct SourceMap {
  std::vector<std::string> paths;
  std::vector<SourceText> texts;  // as many as paths

  [[nodiscard]] bool holds(const Span& span) const {
    return static_cast<std::size_t>(span.file) < texts.size();
  }
  [[nodiscard]] const SourceText& text(const Span& span) const {
    return texts[static_cast<std::size_t>(span.file)];
  }
  [[nodiscard]] const std::string& path(const Span& span) const {
    return paths[static_cast<std::size_t>(span.file)];
  }
};

}  // namespace cloesce::driver
