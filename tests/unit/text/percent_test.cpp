// Percent-coding and UTF-8.
#include "text/percent.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "text/utf8.h"

namespace cloesce::text {
namespace {

TEST(PercentDecode, UndoesEscapes) {
  struct Case {
    std::string_view text;
    std::string_view decoded;
  };
  using namespace std::string_view_literals;
  Arena arena;
  for (const Case& expected : {
           Case{"", ""},
           Case{"plain", "plain"},
           Case{"a%20b", "a b"},
           Case{"%2F%2f", "//"},
           Case{"100%25", "100%"},
           Case{"%C3%A9", "é"},
           Case{"\xC3%A9", "é"},
           Case{"%F0%9F%98%80", "😀"},
           Case{"a+b", "a+b"},
           Case{"%00"sv, "\0"sv},
       }) {
    const auto decoded = percent_decode(arena, expected.text);
    ASSERT_TRUE(decoded.ok()) << expected.text;
    EXPECT_EQ(*decoded, expected.decoded);
  }
}

TEST(PercentDecode, RefusesBrokenEscapesAndWrongUtf8) {
  Arena arena;
  for (const std::string_view text : {"%", "a%", "%2", "%2x", "%x2", "%%20", "%+1", "%FF", "%C3",
                                      "%C0%80", "%ED%A0%80", "\xFF"}) {
    const auto decoded = percent_decode(arena, text);
    ASSERT_FALSE(decoded.ok()) << text;
    EXPECT_EQ(decoded.error().code, ErrorCode::kMalformedUrl);
  }
}

TEST(PercentDecode, BorrowsWhatNeedsNoDecoding) {
  Arena arena;
  constexpr std::string_view kText = "horse+1";
  EXPECT_EQ(percent_decode(arena, kText)->data(), kText.data());
  EXPECT_EQ(arena.capacity(), 0U);
  EXPECT_EQ(*percent_decode(arena, kText, Plus::kSpace), "horse 1");
}

// The encoded form of `text`.
std::string percent_encoded(std::string_view text) {
  Arena arena;
  ByteBuffer out(arena);
  append_percent_encoded(out, text);
  return std::string(out.view());
}

TEST(PercentEncode, EscapesAllButUnreservedCharacters) {
  EXPECT_EQ(percent_encoded("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encoded("a/b c+d%é"), "a%2Fb%20c%2Bd%25%C3%A9");
  EXPECT_EQ(percent_encoded(""), "");
  Arena arena;
  ByteBuffer out(arena);
  out.append("/");
  append_percent_encoded(out, "x y");
  EXPECT_EQ(out.view(), "/x%20y");
}

TEST(PercentEncode, IsUndoneByDecoding) {
  std::string text;
  for (int byte = 0; byte < 0x80; ++byte) text.push_back(static_cast<char>(byte));
  text += "é馬😀";
  Arena arena;
  EXPECT_EQ(*percent_decode(arena, percent_encoded(text)), text);
}

TEST(IsValidUtf8, LooksAtEveryByte) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8("plain ascii, longer than a chunk"));
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string run(before, 'x');
    EXPECT_TRUE(is_valid_utf8(run + "\xF4\x8F\xBF\xBF" + run));
    EXPECT_TRUE(is_valid_utf8(run + "é馬😀"));
    for (const std::string_view wrong : {"\x80", "\xC3", "\xC0\xAF", "\xE9\xA6", "\xED\xBF\xBF",
                                         "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF8", "\xFE"}) {
      EXPECT_FALSE(is_valid_utf8(run + std::string(wrong) + run)) << before;
    }
  }
}

}  // namespace
}  // namespace cloesce::text
