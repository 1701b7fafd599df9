// Parents before children, circles together, chains of any length.
#include "compile/migrate/order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compile/migrate/sample.h"

namespace cloesce::migrate::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<Table>& tables) {
  std::vector<const Table*> pointers;
  pointers.reserve(tables.size());
  for (const Table& table : tables) pointers.push_back(&table);
  std::vector<std::string> groups;
  for (const TableCycle& cycle : order_by_reference(pointers)) {
    std::string group;
    for (const Table* table : cycle) group += (group.empty() ? "" : " ") + table->name;
    groups.push_back(std::move(group));
  }
  return groups;
}

TEST(OrderByReference, PutsParentsFirst) {
  EXPECT_THAT(names({}), IsEmpty());
  EXPECT_THAT(names({table("A", {}, {reference("x", "B"), reference("y", "C")}),
                     table("B", {}, {reference("x", "C")}), table("C")}),
              ElementsAre("C", "B", "A"));
}

TEST(OrderByReference, KeepsACircleTogetherBetweenItsParentsAndChildren) {
  EXPECT_THAT(names({table("A", {}, {reference("x", "M")}), table("M", {}, {reference("x", "N")}),
                     table("N", {}, {reference("x", "M"), reference("y", "Z")}), table("Z")}),
              ElementsAre("Z", "M N", "A"));
}

TEST(OrderByReference, IgnoresItselfAndWhatIsNotListed) {
  EXPECT_THAT(names({table("A", {}, {reference("x", "A"), reference("y", "Elsewhere")})}),
              ElementsAre("A"));
}

TEST(OrderByReference, FollowsALongChain) {
  constexpr int kLength = 20000;
  std::vector<Table> chain;
  chain.reserve(kLength);
  for (int index = 0; index < kLength; ++index) {
    chain.push_back(
        table("T" + std::to_string(index), {}, {reference("x", "T" + std::to_string(index + 1))}));
  }
  const std::vector<std::string> ordered = names(chain);
  ASSERT_EQ(ordered.size(), chain.size());
  EXPECT_EQ(ordered.front(), chain.back().name);
  EXPECT_EQ(ordered.back(), chain.front().name);
}

}  // namespace
}  // namespace cloesce::migrate::testing
