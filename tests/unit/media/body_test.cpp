// Which bodies a method takes, for every shape of parameters.
#include "media/body.h"

#include <gtest/gtest.h>

#include <optional>

namespace cloesce::media {
namespace {

constexpr std::string_view kJsonType = "application/json";
constexpr std::string_view kOctetType = "application/octet-stream";
constexpr std::string_view kFormType = "multipart/form-data; boundary=x";

struct BodyCase {
  ParametersShape shape;
  std::string_view content_type;
  BodyPresence presence;
  std::optional<BodyKind> expected;  // nothing: 415
};

TEST(ChooseBody, FollowsTheTable) {
  using Shape = ParametersShape;
  using Kind = BodyKind;
  constexpr auto kPresent = BodyPresence::kPresent;
  constexpr auto kUnknown = BodyPresence::kUnknown;
  constexpr auto kEmpty = BodyPresence::kEmpty;
  const BodyCase cases[] = {
      {Shape::kNone, kJsonType, kPresent, Kind::kJson},
      {Shape::kNone, kJsonType, kUnknown, Kind::kJson},
      {Shape::kNone, kJsonType, kEmpty, Kind::kNone},
      {Shape::kNone, kOctetType, kPresent, std::nullopt},
      {Shape::kNone, kOctetType, kEmpty, std::nullopt},
      {Shape::kNone, kFormType, kPresent, std::nullopt},
      {Shape::kNone, "", kEmpty, Kind::kNone},
      {Shape::kNone, "", kUnknown, Kind::kNone},
      {Shape::kNone, "", kPresent, std::nullopt},

      {Shape::kJson, kJsonType, kPresent, Kind::kJson},
      {Shape::kJson, "application/vnd.x+json", kPresent, Kind::kJson},
      {Shape::kJson, "application/json;charset=UTF-8", kPresent, Kind::kJson},
      {Shape::kJson, "application/json;charset=latin1", kPresent, std::nullopt},
      {Shape::kJson, "text/plain", kPresent, std::nullopt},
      {Shape::kJson, "application/x-www-form-urlencoded", kPresent, std::nullopt},
      {Shape::kJson, "nonsense", kPresent, std::nullopt},
      {Shape::kJson, kFormType, kPresent, std::nullopt},
      {Shape::kJson, kOctetType, kPresent, std::nullopt},
      {Shape::kJson, "", kPresent, std::nullopt},
      {Shape::kJson, "", kUnknown, std::nullopt},
      {Shape::kJson, "", kEmpty, Kind::kNone},

      {Shape::kOneBlob, kJsonType, kPresent, Kind::kJson},
      {Shape::kOneBlob, kOctetType, kPresent, Kind::kOctet},
      {Shape::kOneBlob, kFormType, kPresent, Kind::kForm},
      {Shape::kOneBlob, "multipart/form-data", kPresent, std::nullopt},
      {Shape::kOneBlob, "", kPresent, std::nullopt},

      {Shape::kOneStream, kOctetType, kPresent, Kind::kStream},
      {Shape::kOneStream, kJsonType, kPresent, std::nullopt},
      {Shape::kOneStream, kFormType, kPresent, std::nullopt},

      {Shape::kMixed, kFormType, kPresent, Kind::kForm},
      {Shape::kMixed, kJsonType, kPresent, Kind::kJson},
      {Shape::kMixed, kOctetType, kPresent, std::nullopt},
  };
  for (const BodyCase& expected : cases) {
    SCOPED_TRACE(std::string(expected.content_type) + " for shape " +
                 std::to_string(static_cast<int>(expected.shape)) + ", presence " +
                 std::to_string(static_cast<int>(expected.presence)));
    const auto chosen = choose_body(expected.shape, expected.content_type, expected.presence);
    ASSERT_EQ(chosen.ok(), expected.expected.has_value());
    if (chosen.ok()) {
      EXPECT_EQ(*chosen, *expected.expected);
    } else {
      EXPECT_EQ(chosen.error().code, ErrorCode::kUnsupportedMediaType);
      EXPECT_NE(chosen.error().detail.view().find(acceptable(expected.shape)), std::string::npos);
    }
  }
}

TEST(ChooseBody, ShowsAHostileHeaderAsPrintableText) {
  const auto chosen =
      choose_body(ParametersShape::kJson, "text/\r\nx: y\xFF", BodyPresence::kPresent);
  ASSERT_FALSE(chosen.ok());
  EXPECT_EQ(chosen.error().detail, "expected application/json, got text/??x: y?");
}

TEST(BodyPresence, ReadsTheContentLength) {
  EXPECT_EQ(body_presence(""), BodyPresence::kUnknown);
  EXPECT_EQ(body_presence("0"), BodyPresence::kEmpty);
  EXPECT_EQ(body_presence("000"), BodyPresence::kEmpty);
  EXPECT_EQ(body_presence("17"), BodyPresence::kPresent);
  EXPECT_EQ(body_presence("99999999999999999999999999"), BodyPresence::kPresent);
  EXPECT_EQ(body_presence("-1"), BodyPresence::kUnknown);
  EXPECT_EQ(body_presence("x"), BodyPresence::kUnknown);
}

}  // namespace
}  // namespace cloesce::media
