// The letters and digits of ASCII.
#include "base/ascii.h"

#include <gtest/gtest.h>

#include <string>

namespace cloesce {
namespace {

TEST(Ascii, KnowsItsLettersAndDigitsAlone) {
  std::string letters;
  std::string digits;
  std::string lowered;
  for (int byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    if (is_letter(character)) letters += character;
    if (is_digit(character)) digits += character;
    if (to_lower(character) != character) lowered += to_lower(character);
  }
  EXPECT_EQ(letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(digits, "0123456789");
  EXPECT_EQ(lowered, "abcdefghijklmnopqrstuvwxyz");
}

TEST(SameButForCase, ComparesWholeTexts) {
  EXPECT_TRUE(same_but_for_case("", ""));
  EXPECT_TRUE(same_but_for_case("Horse_1", "hORSE_1"));
  EXPECT_FALSE(same_but_for_case("horse", "horses"));
  EXPECT_FALSE(same_but_for_case("horses", "horse"));
  EXPECT_FALSE(same_but_for_case("a[", "a{"));
  EXPECT_FALSE(same_but_for_case("\u00c4", "\u00e4"))
      << "letters of other alphabets are told apart";
}

}  // namespace
}  // namespace cloesce
