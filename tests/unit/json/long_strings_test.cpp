// What is taken out of a text before the reader sees it, and what is left where it is.
#include "json/long_strings.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

#include "base/concat.h"
#include "json/reader.h"

namespace cloesce::json {
namespace {

constexpr std::size_t kLong = 300;
constexpr std::size_t kNoLimit = 1 << 20;

class LongStrings : public testing::Test {
 protected:
  std::optional<Shortened> shorten_text(std::string_view text, std::size_t limit = kNoLimit) {
    char* const memory = static_cast<char*>(arena_.allocate(text.size() + kPadding, 1));
    std::memcpy(memory, text.data(), text.size());
    std::memset(memory + text.size(), 0, kPadding);
    return shorten({memory, text.size()}, limit, arena_, kLong);
  }

  std::string document(std::string_view text) {
    const auto shortened = shorten_text(text);
    return shortened ? std::string(std::string_view(shortened->document)) : "nothing";
  }

  Arena arena_;
};

const std::string kBase64(kLong, 'A');
const std::string kKept(kKeptOfLongString, 'A');

TEST_F(LongStrings, KeepTheirBeginningsInTheDocument) {
  const std::string text = concat({R"({"a":")", kBase64, R"(","b":[1,")", kBase64, R"x(B"]})x"});
  const auto shortened = shorten_text(text);
  ASSERT_TRUE(shortened);
  EXPECT_EQ(std::string_view(shortened->document),
            concat({R"({"a":")", kKept, R"(","b":[1,")", kKept, R"x("]})x"}));
  ASSERT_EQ(shortened->strings.size(), 2U);
  EXPECT_EQ(shortened->strings[0].offset, 6 + kKept.size());
  EXPECT_EQ(std::string_view(shortened->strings[0].characters.data(), kLong), kBase64);
  EXPECT_EQ(shortened->strings[1].characters.size(), kLong + 1);
  EXPECT_EQ(shortened->strings[1].characters.back(), 'B');
}

TEST_F(LongStrings, ThatMayNeedTheReaderStay) {
  const std::string half = kBase64.substr(0, kLong - 10);
  for (const std::string_view middle :
       {"\\n", "\\\"", "\\\\", " ", "\n", "\x01", "\xC3\xA9", "\xFF"}) {
    const std::string text = concat({"[\"", half, middle, half, "\",1]"});
    EXPECT_EQ(document(text), text) << middle;
  }
  const std::string short_one = concat({"[\"", kBase64.substr(1), "\"]"});
  EXPECT_EQ(document(short_one), short_one);
  const std::string name = concat({"{\"", kBase64, "\" \n:1}"});
  EXPECT_EQ(document(name), name);
}

TEST_F(LongStrings, AreFoundBehindAnyOtherString) {
  for (const std::string_view before :
       {R"("")", R"("\"")", R"("\\")", R"("\\\"x")", R"("with space")", R"("é")", "\"\t\""}) {
    EXPECT_EQ(document(concat({"[", before, ",\"", kBase64, "\"]"})),
              concat({"[", before, ",\"", kKept, "\"]"}))
        << before;
  }
}

TEST_F(LongStrings, OfAnUnfinishedTextStay) {
  for (const std::string_view end : {"", "\\", "\\\"", " ", "\\\\"}) {
    const std::string text = concat({"[\"", kBase64, end});
    EXPECT_EQ(document(text), text) << end;
  }
  EXPECT_EQ(document(""), "");
  EXPECT_EQ(document("\""), "\"");
}

TEST_F(LongStrings, WhatStaysHasALimit) {
  const std::string text = concat({"[\"", kBase64, "\", 12345]"});
  const std::size_t stays = text.size() - kLong + kKeptOfLongString;
  EXPECT_FALSE(shorten_text(text, stays - 1));
  const auto exactly = shorten_text(text, stays);
  ASSERT_TRUE(exactly);
  EXPECT_EQ(exactly->room, 0U);
  EXPECT_FALSE(shorten_text(text, 10));
  EXPECT_FALSE(shorten_text(std::string(100, ' '), 99));
}

}  // namespace
}  // namespace cloesce::json
