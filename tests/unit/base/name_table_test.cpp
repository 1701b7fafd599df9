// Names and their numbers, few and many.
#include "base/name_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cloesce {
namespace {

TEST(NameTable, FindsNothingInAnEmptyTable) {
  EXPECT_EQ(NameTable().find("a"), NameTable::kNone);
  EXPECT_EQ(NameTable().find(""), NameTable::kNone);
}

TEST(NameTable, KeepsTheFirstNumberOfAName) {
  NameTable table;
  EXPECT_TRUE(table.insert("a", 1));
  EXPECT_FALSE(table.insert("a", 2));
  EXPECT_TRUE(table.insert("", 0));
  EXPECT_EQ(table.find("a"), 1U);
  EXPECT_EQ(table.find(""), 0U);
  EXPECT_EQ(table.find("b"), NameTable::kNone);
  EXPECT_EQ(table.size(), 2U);
}

TEST(NameTable, GrowsAndLosesNothing) {
  std::vector<std::string> names;
  for (int index = 0; index < 5000; ++index) names.push_back("name" + std::to_string(index));
  NameTable table;
  for (std::size_t index = 0; index < names.size(); ++index) {
    ASSERT_TRUE(table.insert(names[index], index));
  }
  for (std::size_t index = 0; index < names.size(); ++index) {
    ASSERT_EQ(table.find(names[index]), index);
    ASSERT_EQ(table.find(names[index] + "x"), NameTable::kNone);
  }
}

}  // namespace
}  // namespace cloesce
