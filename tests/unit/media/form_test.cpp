// The parts of a form: order, names, what is missing and what is too much.
#include "media/form.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cloesce::media {
namespace {

struct FormCase {
  ParametersShape shape;
  std::vector<std::string_view> names;
  std::optional<std::uint32_t> json_part;
  std::vector<std::uint32_t> blobs;
  std::string_view failure = {};
};

std::vector<FormPart> parts_of(const std::vector<std::string_view>& names) {
  std::vector<FormPart> parts;
  for (const std::string_view name : names) parts.push_back({name, 3});
  return parts;
}

TEST(MapForm, SortsPartsByNameAndKeepsTheirOrder) {
  using Shape = ParametersShape;
  const FormCase cases[] = {
      {Shape::kMixed, {"json"}, 0, {}},
      {Shape::kMixed, {"json", "blob", "blob"}, 0, {1, 2}},
      {Shape::kMixed, {"blob", "json", "blob"}, 1, {0, 2}},
      {Shape::kOneBlob, {"blob"}, std::nullopt, {0}},
      {Shape::kOneBlob, {"json", "blob"}, 0, {1}},
      {Shape::kMixed, {}, {}, {}, "the json part is missing"},
      {Shape::kMixed, {"blob"}, {}, {}, "the json part is missing"},
      {Shape::kMixed, {"json", "blob", "json"}, {}, {}, "part 2 is a second json part"},
      {Shape::kOneBlob, {}, {}, {}, "there is neither a json part nor a blob part"},
      {Shape::kOneBlob, {"blob", "blob"}, {}, {}, "blob part 1 is referenced by nothing"},
      {Shape::kMixed,
       {"json", "Blob"},
       {},
       {},
       "part 1 is called \"Blob\"; parts are called json or blob"},
      {Shape::kMixed, {"json", ""}, {}, {}, "part 1 is called \"\"; parts are called json or blob"},
      {Shape::kMixed,
       {"js\non"},
       {},
       {},
       "part 0 is called \"js?on\"; parts are called json or blob"},
  };
  for (const FormCase& expected : cases) {
    Arena arena;
    const std::vector<FormPart> parts = parts_of(expected.names);
    const auto fields = map_form(expected.shape, parts, arena);
    SCOPED_TRACE(testing::PrintToString(expected.names));
    ASSERT_EQ(fields.ok(), expected.failure.empty());
    if (!fields.ok()) {
      EXPECT_EQ(fields.error().code, ErrorCode::kFormInvalid);
      EXPECT_EQ(fields.error().detail, expected.failure);
      continue;
    }
    EXPECT_EQ(fields->json_part, expected.json_part);
    EXPECT_EQ(std::vector<std::uint32_t>(fields->blob_parts.begin(), fields->blob_parts.end()),
              expected.blobs);
  }
}

TEST(MapForm, BoundsTheNumberOfParts) {
  Arena arena;
  std::vector<FormPart> parts(kMaximumFormParts, FormPart{"blob", 0});
  parts[0].name = "json";
  EXPECT_TRUE(map_form(ParametersShape::kMixed, parts, arena).ok());
  parts.push_back({"blob", 0});
  const auto refused = map_form(ParametersShape::kMixed, parts, arena);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

TEST(ExpectAllUsed, NamesTheFirstPartThatNothingReferences) {
  EXPECT_TRUE(expect_all_used({}).ok());
  const std::vector<std::uint8_t> all = {1, 1};
  EXPECT_TRUE(expect_all_used(all).ok());
  const std::vector<std::uint8_t> some = {1, 0, 0};
  const auto refused = expect_all_used(some);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kFormInvalid);
  EXPECT_EQ(refused.error().detail, "blob part 1 is referenced by nothing");
}

}  // namespace
}  // namespace cloesce::media
