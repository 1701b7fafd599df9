// Pages: prefixes as ranges of the byte order, cursors, groups.
#include "storage/list_page.h"

#include <gtest/gtest.h>

#include "storage/byte_order.h"

namespace cloesce::storage {
namespace {

TEST(ByteOrder, ThePrefixEndsAtItsSuccessor) {
  EXPECT_EQ(prefix_successor("ab"), "ac");
  EXPECT_EQ(prefix_successor("a\xFF\xFF"), "b");
  EXPECT_EQ(prefix_successor(""), std::nullopt);
  EXPECT_EQ(prefix_successor("\xFF"), std::nullopt);
  EXPECT_EQ(prefix_successor("\x7F"), "\x80");
}

TEST(ByteOrder, IsThatOfUnsignedBytes) {
  EXPECT_TRUE(stands_before("z", "\xC3\xA9"));
  EXPECT_TRUE(stands_before("\xEE\x80\x80", "\xF0\x90\x80\x80"));  // U+E000 before U+10000
  EXPECT_TRUE(stands_before("a", "ab"));
  EXPECT_FALSE(stands_before("a", "a"));
}

TEST(ListPage, TheLaterBeginningCounts) {
  const Bounds plain = *bounds({"p/", std::nullopt, std::nullopt});
  EXPECT_EQ(plain.lower, "p/");
  EXPECT_TRUE(plain.inclusive);
  EXPECT_EQ(plain.upper, "p0");
  const std::string cursor = cursor_behind("p/m", Entry::kKey);
  EXPECT_EQ(bounds({"p/", "p/a", cursor})->lower, "p/m");
  EXPECT_EQ(bounds({"p/", "p/z", cursor})->lower, "p/z");
  EXPECT_FALSE(bounds({"p/", "p/z", cursor})->inclusive);
  EXPECT_TRUE(bounds({"p/", "a", std::nullopt})->inclusive);
  EXPECT_FALSE(bounds({"", "", std::nullopt})->inclusive);  // the empty key is left out
}

TEST(ListPage, AGroupIsSkippedWhole) {
  const Bounds behind = *bounds({"", std::nullopt, cursor_behind("a/", Entry::kGroup)});
  EXPECT_TRUE(stands_before("a/\xF4\x8F\xBF\xBF", behind.lower));
  EXPECT_TRUE(stands_before(behind.lower, "a0"));
}

TEST(ListPage, MadeUpCursorsAreRecognised) {
  for (const std::string_view cursor : {"junk", "YQ==", "=", "%", "AA=="})
    EXPECT_FALSE(bounds({"", std::nullopt, cursor}).has_value()) << cursor;
}

TEST(ListPage, AGroupGoesToTheFirstDelimiter) {
  EXPECT_EQ(group_of("a/b/c", "", "/"), "a/");
  EXPECT_EQ(group_of("a/b/c", "a/", "/"), "a/b/");
  EXPECT_EQ(group_of("a/", "", "/"), "a/");
  EXPECT_EQ(group_of("a/", "a/", "/"), std::nullopt);
  EXPECT_EQ(group_of("a--b", "", "--"), "a--");
  EXPECT_EQ(group_of("ab", "", ""), std::nullopt);
}

}  // namespace
}  // namespace cloesce::storage
