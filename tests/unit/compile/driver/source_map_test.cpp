// Lines and columns.
#include "compile/driver/source_map.h"

#include <gtest/gtest.h>

namespace cloesce::driver {
namespace {

struct PlaceCase {
  std::size_t offset;
  std::uint32_t line;
  std::uint32_t column;
};

TEST(SourceText, CountsLinesAndCodePointsFromOne) {
  // Offsets: a0 newline1, two bytes of e-acute 2-3, b4 newline5, four bytes of a horse 6-9, c10.
  const SourceText text(
      "a\n\xC3\xA9"
      "b\n\xF0\x9F\x90\xB4"
      "c");
  const PlaceCase cases[] = {{0, 1, 1}, {1, 1, 2},  {2, 2, 1},  {4, 2, 2},   {5, 2, 3},
                             {6, 3, 1}, {10, 3, 2}, {11, 3, 3}, {1000, 3, 3}};
  for (const PlaceCase& one : cases) {
    const Position position = text.position(one.offset);
    EXPECT_EQ(position.line, one.line) << one.offset;
    EXPECT_EQ(position.column, one.column) << one.offset;
  }
}

TEST(SourceText, LinesEndBeforeTheirBreak) {
  const SourceText text("ab\r\ncd\n");
  EXPECT_EQ(text.line(1).end, 2U);
  EXPECT_EQ(text.line(4).begin, 4U);
  EXPECT_EQ(text.line(5).end, 6U);
  EXPECT_EQ(text.line(7).begin, 7U);
  EXPECT_EQ(text.line(7).end, 7U);
}

TEST(SourceText, AnEmptyTextHasOneEmptyLine) {
  const SourceText text("");
  EXPECT_EQ(text.position(5).line, 1U);
  EXPECT_EQ(text.line(5).end, 0U);
}

}  // namespace
}  // namespace cloesce::driver
