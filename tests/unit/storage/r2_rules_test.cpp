// R2's ranges, conditions and multipart uploads.
#include "storage/r2_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/r2_condition.h"

namespace cloesce::storage {
namespace {

using ::testing::ElementsAre;

TEST(R2Range, IsCutToTheObject) {
  EXPECT_EQ(resolve_r2_range({3, {}, {}}, 10).value(), (ByteRange{3, 9}));
  EXPECT_EQ(resolve_r2_range({8, 50, {}}, 10).value(), (ByteRange{8, 9}));
  EXPECT_EQ(resolve_r2_range({{}, 4, {}}, 10).value(), (ByteRange{0, 3}));
  EXPECT_EQ(resolve_r2_range({{}, {}, 30}, 10).value(), (ByteRange{0, 9}));
  EXPECT_EQ(resolve_r2_range({{}, {}, 3}, 10).value(), (ByteRange{7, 9}));
}

TEST(R2Range, SaysWhyNot) {
  for (const R2Range& range : {R2Range{{}, {}, 0}, R2Range{{}, 0, {}}, R2Range{10, {}, {}}})
    EXPECT_EQ(resolve_r2_range(range, 10).refusal().code, 10039);
  EXPECT_EQ(resolve_r2_range({0, {}, {}}, 0).refusal().code, 10039);
  EXPECT_EQ(resolve_r2_range({-1, {}, {}}, 10).refusal().message,
            "Invalid range. Starting offset (-1) must be greater than or equal to 0.");
  EXPECT_EQ(resolve_r2_range({1.5, {}, {}}, 10).refusal().message,
            "Invalid range. Starting offset (1.5) must be an integer, not floating point.");
  EXPECT_EQ(resolve_r2_range({{}, {}, -1}, 10).refusal().message,
            "Invalid suffix. Suffix (-1) must be greater than or equal to 0.");
  EXPECT_EQ(resolve_r2_range({1, {}, 1}, 10).refusal().code, kTypeError);
}

TEST(R2Condition, TagsThatMustMatchDoSoStrongly) {
  const R2Stored stored{"x", 5000};
  const auto tags = [](std::string text, bool weak) {
    return std::vector<Etag>{{std::move(text), weak}};
  };
  EXPECT_TRUE(holds({tags("x", false), {}, {}, {}}, stored));
  EXPECT_FALSE(holds({tags("x", true), {}, {}, {}}, stored));
  EXPECT_FALSE(holds({{}, tags("x", true), {}, {}}, stored));
  EXPECT_FALSE(holds({{}, tags("*", false), {}, {}}, stored));
  EXPECT_TRUE(holds({{}, tags("*", false), {}, {}}, std::nullopt));
  EXPECT_FALSE(holds({tags("*", false), {}, {}, {}}, std::nullopt));
}

TEST(R2Condition, DatesAreStrictUnlessATagDecided) {
  const R2Stored stored{"x", 5500};
  const std::vector<Etag> own = {{"x", false}};
  const std::vector<Etag> other = {{"y", false}};
  EXPECT_FALSE(holds({{}, {}, 5500, {}}, stored));
  EXPECT_TRUE(holds({{}, {}, 5501, {}}, stored));
  EXPECT_FALSE(holds({{}, {}, {}, 5500}, stored));
  EXPECT_TRUE(holds({{}, {}, {}, 5499}, stored));
  EXPECT_FALSE(holds({{}, {}, {}, 5000, true}, stored));
  EXPECT_TRUE(holds({own, {}, 1, {}}, stored));
  EXPECT_TRUE(holds({{}, other, {}, 9999}, stored));
  EXPECT_FALSE(holds({{}, {}, {}, 0}, std::nullopt));
  EXPECT_TRUE(holds({{}, {}, 0, {}}, std::nullopt));
}

TEST(R2Condition, ReadsTagsOfHeaders) {
  const auto tags = parse_etags("\"a\", W/\"b\" ,*");
  ASSERT_TRUE(tags.has_value());
  EXPECT_EQ(tags->at(0).text, "a");
  EXPECT_TRUE(tags->at(1).weak);
  EXPECT_EQ(tags->at(2).text, "*");
  for (const std::string_view text : {"", "a", "\"a", "W/a"})
    EXPECT_FALSE(parse_etags(text).has_value());
}

TEST(R2Upload, IsCompletedInTheOrderOfItsChecks) {
  constexpr std::uint64_t kFull = 5ULL * 1024 * 1024;
  const std::vector<R2Part> there = {
      {1, "a", kFull}, {2, "b", kFull}, {3, "c", 10}, {4, "d", kFull + 1}};
  const auto code = [&](const std::vector<R2Part>& chosen) {
    return complete_r2_upload(chosen, there).refusal().code;
  };
  EXPECT_THAT(complete_r2_upload({{2, "b"}, {1, "a"}, {3, "c"}}, there).value(),
              ElementsAre(1, 2, 3));
  EXPECT_THAT(complete_r2_upload({}, there).value(), ElementsAre());
  EXPECT_EQ(code({{1, "a"}, {1, "a"}}), 10001);
  EXPECT_EQ(code({{1, "b"}}), 10025);
  EXPECT_EQ(code({{9, "a"}}), 10025);
  EXPECT_EQ(code({{3, "c"}, {1, "a"}}), 10011);
  EXPECT_EQ(code({{1, "a"}, {4, "d"}}), 10048);
  EXPECT_EQ(code({{4, "d"}, {1, "a"}, {3, "c"}}), 10048);
}

TEST(R2Upload, MayBeAbortedTwiceButNotUsed) {
  EXPECT_EQ(check_r2_upload(Upload::kDone)->code, 10024);
  EXPECT_EQ(check_r2_completion(Upload::kAborted)->code, 10024);
  EXPECT_EQ(check_r2_completion(Upload::kUnknown)->code, 10001);
  EXPECT_FALSE(check_r2_abort(Upload::kDone).has_value());
  EXPECT_EQ(check_r2_abort(Upload::kUnknown)->code, 10001);
}

TEST(R2Rules, Limits) {
  EXPECT_FALSE(check_r2_key(std::string(1024, 'a')).has_value());
  EXPECT_EQ(check_r2_key(std::string(1025, 'a'))->code, 10020);
  EXPECT_EQ(check_r2_metadata(8193)->code, 10012);
  EXPECT_EQ(r2_page_size({}, Detail::kPlain).value(), 1000);
  EXPECT_EQ(r2_page_size(500, Detail::kMetadata).value(), 100);
  EXPECT_EQ(r2_page_size(0, Detail::kPlain).refusal().code, 10022);
  EXPECT_EQ(r2_page_size(1001, Detail::kPlain).refusal().code, 10022);
  EXPECT_EQ(check_r2_part_number(0)->message,
            "Part number must be between 1 and 10000 (inclusive). Actual value was: 0");
  EXPECT_FALSE(check_r2_part_number(10000).has_value());
}

}  // namespace
}  // namespace cloesce::storage
