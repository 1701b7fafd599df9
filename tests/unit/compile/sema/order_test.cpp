// Dependency order and cycles.
#include "compile/sema/order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cloesce::sema {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> ordered(const std::vector<std::string>& names,
                                 const std::vector<Dependency>& dependencies) {
  std::vector<std::string> result;
  for (const std::size_t index : order_by_dependency(names, dependencies)) {
    result.push_back(names[index]);
  }
  return result;
}

std::vector<std::string> cycles(const std::vector<std::string>& names,
                                const std::vector<Dependency>& dependencies) {
  std::vector<std::string> texts;
  for (const auto& cycle : find_cycles(names, dependencies)) {
    texts.push_back(cycle_text(names, cycle));
  }
  return texts;
}

TEST(OrderByDependency, GoesByNameWhereNothingElseDecides) {
  EXPECT_THAT(ordered({"b", "c", "a"}, {}), ElementsAre("a", "b", "c"));
}

TEST(OrderByDependency, PutsWhatIsNeededFirst) {
  // a needs c, c needs b
  EXPECT_THAT(ordered({"a", "b", "c", "d"}, {{0, 2}, {2, 1}}), ElementsAre("b", "c", "a", "d"));
}

TEST(OrderByDependency, DoesNotDependOnTheOrderOfItsInput) {
  EXPECT_EQ(ordered({"a", "b", "c"}, {{0, 2}, {0, 1}, {1, 2}}),
            ordered({"c", "b", "a"}, {{1, 0}, {2, 0}, {2, 1}}));
}

TEST(OrderByDependency, GivesUpOptionalDependenciesFirst) {
  // a needs b; b could do with a.
  EXPECT_THAT(ordered({"a", "b"}, {{0, 1}, {1, 0, Strength::kOptional}}), ElementsAre("b", "a"));
  EXPECT_THAT(ordered({"a", "b"}, {{0, 1, Strength::kOptional}, {1, 0}}), ElementsAre("a", "b"));
}

TEST(OrderByDependency, KeepsOptionalDependenciesThatAreNotInTheWay) {
  EXPECT_THAT(ordered({"a", "b"}, {{0, 1, Strength::kOptional}}), ElementsAre("b", "a"));
}

TEST(OrderByDependency, AnswersAllMembersOfACycleToo) {
  EXPECT_THAT(ordered({"a", "b", "c"}, {{0, 1}, {1, 0}, {2, 2}}), ElementsAre("c", "a", "b"));
}

TEST(FindCycles, BeginsWithTheSmallestNameAndFollowsTheNeeds) {
  EXPECT_THAT(cycles({"c", "b", "a"}, {{0, 1}, {1, 2}, {2, 0}}), ElementsAre("a -> c -> b -> a"));
}

TEST(FindCycles, FindsSeveralAndThoseOfOneMember) {
  EXPECT_THAT(cycles({"a", "b", "c"}, {{0, 1}, {1, 0}, {2, 2}}),
              ElementsAre("a -> b -> a", "c -> c"));
}

TEST(FindCycles, LeavesOutWhatOnlyLeadsToACycle) {
  EXPECT_THAT(cycles({"a", "b", "c"}, {{0, 1}, {1, 2}, {2, 1}}), ElementsAre("b -> c -> b"));
}

TEST(FindCycles, IgnoresOptionalDependencies) {
  EXPECT_THAT(cycles({"a", "b"}, {{0, 1}, {1, 0, Strength::kOptional}}), IsEmpty());
}

TEST(FindCycles, NeedsNoStackForLongChains) {
  std::vector<std::string> names;
  std::vector<Dependency> dependencies;
  for (std::size_t index = 0; index < 100'000; ++index) {
    names.push_back(std::to_string(index));
    if (index > 0) dependencies.push_back({index - 1, index});
  }
  EXPECT_THAT(find_cycles(names, dependencies), IsEmpty());
  EXPECT_EQ(order_by_dependency(names, dependencies).front(), 99'999U);
}

}  // namespace
}  // namespace cloesce::sema
