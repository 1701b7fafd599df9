// Numbers of SQL texts over a long life.
#include "runtime/statement_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace cloesce::runtime {
namespace {

TEST(StatementTable, SameTextSameNumber) {
  StatementTable table;
  const std::uint32_t one = table.number("select 1");
  EXPECT_NE(one, 0U);
  EXPECT_NE(table.number("select 2"), one);
  EXPECT_EQ(table.number(std::string("select 1")), one);
  EXPECT_EQ(table.text(one), "select 1");
}

TEST(StatementTable, NumbersNeverChangeTheirMeaning) {
  StatementTable table;
  std::map<std::uint32_t, std::string> given;
  for (int round = 0; round < 10'000; ++round) {
    const std::string text = "select " + std::to_string(round % 7000);
    const std::uint32_t number = table.number(text);
    const auto [known, added] = given.emplace(number, text);
    EXPECT_EQ(known->second, text);
    EXPECT_EQ(table.text(number), text);
  }
  for (const auto& [number, text] : given) {
    const std::string_view known = table.text(number);
    EXPECT_TRUE(known.empty() || known == text);
  }
}

TEST(StatementTable, TheWholeBatchIsKnownWhereverItBegins) {
  for (const std::size_t before :
       {std::size_t{0}, std::size_t{1}, StatementTable::kMaximumBatch - 1,
        StatementTable::kMaximumBatch, StatementTable::kMaximumBatch * 2 - 3}) {
    StatementTable table;
    for (std::size_t index = 0; index < before; ++index)
      (void)table.number("before " + std::to_string(index));
    std::map<std::uint32_t, std::string> batch;
    for (std::size_t index = 0; index < StatementTable::kMaximumBatch; ++index) {
      const std::string text = "batch " + std::to_string(index);
      batch.emplace(table.number(text), text);
    }
    for (const auto& [number, text] : batch) EXPECT_EQ(table.text(number), text);
  }
}

TEST(StatementTable, NumbersNeverGivenHaveNoText) {
  StatementTable table;
  EXPECT_EQ(table.text(0), "");
  EXPECT_EQ(table.text(1), "");
  (void)table.number("select 1");
  EXPECT_EQ(table.text(2), "");
  EXPECT_EQ(table.text(UINT32_MAX), "");
}

}  // namespace
}  // namespace cloesce::runtime
