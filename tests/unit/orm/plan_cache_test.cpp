// The cache: one plan per model, tree and selection; bounded; what was handed out stays.
#include "orm/plan_cache.h"

#include <gtest/gtest.h>

#include <string>

#include "orm/fixture.h"
#include "orm/interfaces.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;

TEST(PlanCache, AnswersTheSamePlanAgain) {
  Fixture fixture(testing::library());
  PlanCache cache;
  const auto first = *cache.select(fixture.tree("Author", "books mentor"), {});
  EXPECT_EQ(first, *cache.select(fixture.tree("Author", "mentor books"), {}));
  EXPECT_EQ(cache.size(), 1U);
}

TEST(PlanCache, KeepsSelectionsAndTreesApart) {
  Fixture fixture(testing::library());
  PlanCache cache;
  const RowSelection selections[] = {
      {},
      {.kind = Selection::kKey},
      {.kind = Selection::kKey, .projection = Projection::kKey},
      {.kind = Selection::kKey, .generated_keys = 1},
      {.kind = Selection::kFrom, .from = "select * from Author"},
      {.kind = Selection::kFrom, .from = "select * from Author limit 1"}};
  std::vector<Counted<SelectPlan>> plans;
  for (const char* tree : {"", "books"}) {
    for (const RowSelection& selection : selections) {
      plans.push_back(*cache.select(fixture.tree("Author", tree), selection));
    }
  }
  plans.push_back(*cache.select(fixture.tree("Tag", ""), {}));
  EXPECT_EQ(cache.size(), plans.size());
  std::size_t index = 0;
  for (const char* tree : {"", "books"}) {
    for (const RowSelection& selection : selections) {
      EXPECT_EQ(plans[index++], *cache.select(fixture.tree("Author", tree), selection));
    }
  }
}

TEST(PlanCache, ForgetsWhatWasUsedLongestAgo) {
  Fixture fixture(testing::library());
  PlanCache cache(2);
  const auto author = *cache.select(fixture.tree("Author", ""), {});
  const auto book = *cache.select(fixture.tree("Book", ""), {});
  EXPECT_EQ(author, *cache.select(fixture.tree("Author", ""), {}));
  const auto tag = *cache.select(fixture.tree("Tag", ""), {});
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_EQ(author, *cache.select(fixture.tree("Author", ""), {}));
  // The forgotten plan is still whole for those who hold it.
  EXPECT_NE(book, *cache.select(fixture.tree("Book", ""), {}));
  EXPECT_EQ(book->statements.back().sql,
            (*cache.select(fixture.tree("Book", ""), {}))->statements.back().sql);
}

TEST(PlanCache, IsBoundedInBytes) {
  Fixture fixture(testing::library());
  PlanCache cache(1000, 64 * 1024);
  for (int index = 0; index < 500; ++index) {
    const std::string from =
        "select * from Author where id = " + std::to_string(index) + std::string(400, ' ');
    ASSERT_TRUE(
        cache.select(fixture.tree("Author", "books"), {.kind = Selection::kFrom, .from = from})
            .ok());
    EXPECT_LE(cache.bytes(), 64U * 1024U);
  }
  EXPECT_GT(cache.size(), 1U);
  const std::string huge = "select * from Author" + std::string(30'000, ' ');
  const std::size_t before = cache.size();
  ASSERT_TRUE(
      cache.select(fixture.tree("Author", ""), {.kind = Selection::kFrom, .from = huge}).ok());
  EXPECT_EQ(cache.size(), before);
}

TEST(PlanCache, AStatementThatIsTooLongIsRefused) {
  Fixture fixture(testing::library());
  PlanCache cache;
  const std::string from = "select * from Author" + std::string(100'000, ' ');
  auto plan = cache.select(fixture.tree("Author", ""), {.kind = Selection::kFrom, .from = from});
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, ErrorCode::kLimitExceeded);
  // In the statement of a relation too.
  const std::string half = "select * from Author" + std::string(60'000, ' ');
  EXPECT_FALSE(cache
                   .select(fixture.tree("Author", "students(mentor(students))"),
                           {.kind = Selection::kFrom, .from = std::string(99'990, ' ')})
                   .ok());
  EXPECT_TRUE(
      cache.select(fixture.tree("Author", "books"), {.kind = Selection::kFrom, .from = half}).ok());
}

}  // namespace
}  // namespace cloesce::orm
