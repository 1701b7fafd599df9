// Query strings.
#include "text/query.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloesce::text {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Result<Pairs> read(std::string_view query, std::size_t maximum = kMaximumQueryPairs) {
  Arena arena;
  QueryReader reader(arena, query, maximum);
  Pairs pairs;
  while (true) {
    auto next = reader.next();
    if (!next.ok()) return Failure{next.error()};
    if (!next->has_value()) return pairs;
    pairs.emplace_back((**next).name, (**next).value);
  }
}

TEST(QueryReader, ReadsPairsInOrder) {
  struct Case {
    std::string_view query;
    Pairs pairs;
  };
  for (const Case& expected : std::vector<Case>{
           {"", {}},
           {"&&", {}},
           {"a=1", {{"a", "1"}}},
           {"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
           {"&a=1&&b=2&", {{"a", "1"}, {"b", "2"}}},
           {"a", {{"a", ""}}},
           {"a=", {{"a", ""}}},
           {"=1", {{"", "1"}}},
           {"a=1=2", {{"a", "1=2"}}},
           {"first+name=Ann+Lee%2B&x%3Dy=%26", {{"first name", "Ann Lee+"}, {"x=y", "&"}}},
           {"q=%7B%22a%22%3A1%7D", {{"q", R"({"a":1})"}}},
       }) {
    const auto pairs = read(expected.query);
    ASSERT_TRUE(pairs.ok()) << expected.query;
    EXPECT_EQ(*pairs, expected.pairs) << expected.query;
  }
}

TEST(QueryReader, RefusesWhatCannotBeDecoded) {
  for (const std::string_view query : {"a=%", "%zz=1", "ok=1&a=%FF"}) {
    const auto pairs = read(query);
    ASSERT_FALSE(pairs.ok()) << query;
    EXPECT_EQ(pairs.error().code, ErrorCode::kMalformedUrl);
  }
}

TEST(QueryReader, LimitsTheNumberOfPairs) {
  EXPECT_TRUE(read("a=1&b=2&", 2).ok());
  const auto pairs = read("a=1&b=2&c", 2);
  ASSERT_FALSE(pairs.ok());
  EXPECT_EQ(pairs.error().code, ErrorCode::kLimitExceeded);
}

TEST(QueryReader, AllocatesNothingWithoutEscapes) {
  Arena arena;
  QueryReader reader(arena, "a=1&b=two");
  while (true) {
    auto next = reader.next();
    ASSERT_TRUE(next.ok());
    if (!next->has_value()) break;
  }
  EXPECT_EQ(arena.capacity(), 0U);
}

}  // namespace
}  // namespace cloesce::text
