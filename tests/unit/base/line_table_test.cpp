// Lines and columns of byte offsets.
#include "base/line_table.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string_view>

namespace cloesce {

void PrintTo(const LineColumn& place, std::ostream* out) {
  *out << place.line << ":" << place.column;
}

namespace {

TEST(LineTable, CountsFromOne) {
  const LineTable table("ab\ncd\n");
  EXPECT_EQ(table.locate(0), (LineColumn{1, 1}));
  EXPECT_EQ(table.locate(1), (LineColumn{1, 2}));
  EXPECT_EQ(table.locate(2), (LineColumn{1, 3}));  // the line end itself
  EXPECT_EQ(table.locate(3), (LineColumn{2, 1}));
  EXPECT_EQ(table.locate(6), (LineColumn{3, 1}));
}

TEST(LineTable, TreatsCrLfAsOneLineEnd) {
  const LineTable table("ab\r\ncd");
  EXPECT_EQ(table.line(1), "ab");
  EXPECT_EQ(table.line(2), "cd");
  EXPECT_EQ(table.locate(2), (LineColumn{1, 3}));
  EXPECT_EQ(table.locate(3), (LineColumn{1, 3}));  // between CR and LF
  EXPECT_EQ(table.locate(4), (LineColumn{2, 1}));
}

TEST(LineTable, CountsCodePointsNotBytes) {
  constexpr std::string_view kText = "\xC3\xA9\xF0\x9F\x98\x80x";  // é, an emoji, x
  const LineTable table(kText);
  EXPECT_EQ(table.locate(0), (LineColumn{1, 1}));
  EXPECT_EQ(table.locate(1), (LineColumn{1, 1}));  // inside é
  EXPECT_EQ(table.locate(2), (LineColumn{1, 2}));
  EXPECT_EQ(table.locate(4), (LineColumn{1, 2}));  // inside the emoji
  EXPECT_EQ(table.locate(6), (LineColumn{1, 3}));
  EXPECT_EQ(table.locate(7), (LineColumn{1, 4}));
}

TEST(LineTable, StaysInsideTheText) {
  const LineTable table("ab");
  EXPECT_EQ(table.locate(100), (LineColumn{1, 3}));
  EXPECT_EQ(table.line(0), "");
  EXPECT_EQ(table.line(2), "");
  EXPECT_EQ(table.line_begin(2), 2U);
  const LineTable empty("");
  EXPECT_EQ(empty.locate(5), (LineColumn{1, 1}));
}

}  // namespace
}  // namespace cloesce
