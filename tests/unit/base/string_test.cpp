// Texts that own their bytes.
#include "base/string.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace cloesce {
namespace {

TEST(String, GrowsByTextsAndCharacters) {
  String text;
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text, "");
  std::string expected;
  for (int times = 0; times < 200; ++times) {
    text += "ab";
    text += 'c';
    text.append("");
    expected += "abc";
  }
  EXPECT_EQ(text, std::string_view(expected));
  EXPECT_EQ(text.size(), expected.size());
  EXPECT_EQ(text.front(), 'a');
}

TEST(String, KeepsBytesOfEveryKind) {
  const std::string_view bytes("a\0b\xFF", 4);
  const String text = bytes;
  EXPECT_EQ(text, bytes);
  EXPECT_EQ(std::string(text), bytes);
}

TEST(String, IsCopiedAndMoved) {
  String text = "one";
  String copy = text;
  copy += " more";
  EXPECT_EQ(text, "one");
  String moved = std::move(copy);
  EXPECT_EQ(moved, "one more");
  text = moved;
  EXPECT_TRUE(text == moved);
  String& self = text;
  text = self;
  EXPECT_EQ(text, "one more");
}

}  // namespace
}  // namespace cloesce
