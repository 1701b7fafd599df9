// Failures, the results that carry them, and the hash.
#include "base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/code_point.h"
#include "base/hash.h"
#include "base/result.h"

namespace cloesce {
namespace {

TEST(ErrorRender, NamesCodePathAndDetail) {
  EXPECT_EQ(render(make_error(ErrorCode::kTypeMismatch, "expected Integer, got \"x\"",
                              "horse.likes[2].id")),
            "CLO1204: horse.likes[2].id: expected Integer, got \"x\"");
  EXPECT_EQ(render(make_error(ErrorCode::kBodyMissing, "")), "CLO1103: body missing");
}

TEST(ErrorCodes, HaveAnHttpStatusAndASummary) {
  EXPECT_EQ(http_status(ErrorCode::kRouteNotFound), 404);
  EXPECT_EQ(http_status(ErrorCode::kUnsupportedMediaType), 415);
  EXPECT_EQ(http_status(ErrorCode::kInternal), 500);
  EXPECT_EQ(summary(ErrorCode::kParameterUnknown), "unknown parameter");
}

Result<int> half(int number) {
  if (number % 2 != 0) return Failure{make_error(ErrorCode::kTypeMismatch, "odd")};
  return number / 2;
}

Result<std::string> halved_text(int number) {
  CLOESCE_TRY(half(number));
  return std::to_string(*half(number));
}

TEST(Result, CarriesAValueOrAFailure) {
  EXPECT_EQ(*half(4), 2);
  ASSERT_FALSE(half(3).ok());
  EXPECT_EQ(half(3).error().detail, "odd");
  EXPECT_EQ(*halved_text(8), "4");
  EXPECT_EQ(halved_text(7).error().code, ErrorCode::kTypeMismatch);
  EXPECT_TRUE(Result<void>().ok());
}

TEST(HashText, WorksAtCompileTimeAndTellsTextsApart) {
  static_assert(hash_text("Horse") != hash_text("horse"));
  static_assert(hash_text("a", 1) != hash_text("a", 2));
  std::set<std::uint64_t> hashes;
  std::string text;
  for (int length = 0; length < 100; ++length) {
    hashes.insert(hash_text(text));
    text.push_back('\0');
  }
  for (int number = 0; number < 10'000; ++number) {
    hashes.insert(hash_text("name" + std::to_string(number)));
  }
  EXPECT_EQ(hashes.size(), 10'100U);
}

TEST(DecodeCodePoint, TakesOnlyTheShortestForms) {
  struct Case {
    std::string_view text;
    char32_t value;
    std::size_t size;
  };
  for (const Case& expected : {
           Case{"a", U'a', 1},
           Case{"\xC3\xA9x", 0xE9, 2},
           Case{"\xE2\x82\xAC", 0x20AC, 3},
           Case{"\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
           Case{"", 0, 0},
           Case{"\x80", 0, 0},
           Case{"\xC0\x80", 0, 0},
           Case{"\xC3", 0, 0},
           Case{"\xC3x", 0, 0},
           Case{"\xE0\x80\x80", 0, 0},
           Case{"\xED\xA0\x80", 0, 0},
           Case{"\xF0\x80\x80\x80", 0, 0},
           Case{"\xF4\x90\x80\x80", 0, 0},
           Case{"\xFF", 0, 0},
       }) {
    const CodePoint decoded = decode_code_point(expected.text);
    EXPECT_EQ(decoded.value, expected.value);
    EXPECT_EQ(decoded.size, expected.size);
  }
}

}  // namespace
}  // namespace cloesce
