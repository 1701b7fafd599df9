// Accept headers: qualities, wildcards, and the answer that is chosen.
#include "media/accept.h"

#include <gtest/gtest.h>

namespace cloesce::media {
namespace {

struct QualityCase {
  std::string_view accept;
  std::uint32_t any;
  std::uint32_t by_name;
};

TEST(Accept, GivesTheQualityOfTheMostSpecificRange) {
  const QualityCase cases[] = {
      {"", 1000, 0},
      {" \t", 1000, 0},
      {"*/*", 1000, 0},
      {"application/*;q=0.3", 300, 0},
      {"application/json", 1000, 1000},
      {"APPLICATION/JSON;Q=0.25", 250, 250},
      {"application/json;q=0", 0, 0},
      {"*/*, application/json;q=0", 0, 0},
      {"application/json;q=0.5, */*;q=0.9", 500, 500},
      {"application/*;q=0.1,*/*;q=0.9", 100, 0},
      {"text/html, application/json;v=1;q=0.999, x/y", 999, 999},
      {"text/html", 0, 0},
      {"text/html;a=\",application/json\"", 0, 0},
      {"application/json;q=1.001", 0, 0},
      {"application/json;q=2", 0, 0},
      {"application/json;q=0.1234", 0, 0},
      {"application/json;q=-1", 0, 0},
      {"application/json;q=", 0, 0},
      {"application/json;q", 0, 0},
      {"*/json", 0, 0},
      {"application", 0, 0},
      {";;;,,,application/json;q=1.", 1000, 1000},
      {"broken/, application/json;q=0.7", 700, 700},
      {"\"unclosed, application/json", 0, 0},
  };
  for (const QualityCase& expected : cases) {
    SCOPED_TRACE(expected.accept);
    EXPECT_EQ(quality(expected.accept, "application", "json", Mention::kAny), expected.any);
    EXPECT_EQ(quality(expected.accept, "application", "json", Mention::kByName), expected.by_name);
  }
}

TEST(Accept, AnswersFormDataOnlyWhenItIsAskedForByName) {
  EXPECT_EQ(negotiate(ReturnShape::kJson, ""), ResponseKind::kJson);
  EXPECT_EQ(negotiate(ReturnShape::kJson, "*/*"), ResponseKind::kJson);
  EXPECT_EQ(negotiate(ReturnShape::kJson, "multipart/*"), ResponseKind::kJson);
  EXPECT_EQ(negotiate(ReturnShape::kJson, "text/html"), ResponseKind::kJson);
  EXPECT_EQ(negotiate(ReturnShape::kJson, "multipart/form-data"), ResponseKind::kForm);
  EXPECT_EQ(negotiate(ReturnShape::kJson, "multipart/form-data, */*"), ResponseKind::kForm);
  EXPECT_EQ(negotiate(ReturnShape::kJson, "multipart/form-data, application/json"),
            ResponseKind::kJson);
  EXPECT_EQ(negotiate(ReturnShape::kJson, "multipart/form-data, application/json;q=0.9"),
            ResponseKind::kForm);
  EXPECT_EQ(negotiate(ReturnShape::kJson, "multipart/form-data;q=0"), ResponseKind::kJson);
  EXPECT_EQ(negotiate(ReturnShape::kOctet, "multipart/form-data"), ResponseKind::kOctet);
}

TEST(Accept, AnswersProblemsOnlyWhenTheyAreAskedForByName) {
  EXPECT_EQ(negotiate_error(""), ErrorKind::kText);
  EXPECT_EQ(negotiate_error("*/*"), ErrorKind::kText);
  EXPECT_EQ(negotiate_error("application/json"), ErrorKind::kText);
  EXPECT_EQ(negotiate_error("application/problem+json"), ErrorKind::kProblem);
  EXPECT_EQ(negotiate_error("application/json, application/problem+json;q=0.5"),
            ErrorKind::kProblem);
  EXPECT_EQ(negotiate_error("application/problem+json;q=0.5, text/plain"), ErrorKind::kText);
  EXPECT_EQ(negotiate_error("application/problem+json;q=0"), ErrorKind::kText);
}

}  // namespace
}  // namespace cloesce::media
