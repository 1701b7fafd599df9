// Base64 in both directions.
#include "text/base64.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace cloesce::text {
namespace {

std::string encode(std::string_view bytes) {
  Arena arena;
  ByteBuffer out(arena);
  append_base64(out, bytes);
  return std::string(out.view());
}

struct Pair {
  std::string_view bytes;
  std::string_view text;
};

// The vectors of RFC 4648 §10, and the two last characters of the alphabet.
constexpr std::array kPairs = {
    Pair{"", ""},
    Pair{"f", "Zg=="},
    Pair{"fo", "Zm8="},
    Pair{"foo", "Zm9v"},
    Pair{"foob", "Zm9vYg=="},
    Pair{"fooba", "Zm9vYmE="},
    Pair{"foobar", "Zm9vYmFy"},
    Pair{"\xFB\xEF\xBE\xFF", "++++/w=="},
};

TEST(Base64, KnowsTheVectorsOfTheStandard) {
  Arena arena;
  for (const Pair& pair : kPairs) {
    EXPECT_EQ(encode(pair.bytes), pair.text);
    EXPECT_EQ(base64_encoded_size(pair.bytes.size()), pair.text.size());
    EXPECT_EQ(base64_decoded_size(pair.text), pair.bytes.size());
    const auto decoded = base64_decode(arena, pair.text);
    ASSERT_TRUE(decoded.ok()) << pair.text;
    EXPECT_EQ(*decoded, pair.bytes);
  }
}

TEST(Base64, BringsBackEveryLength) {
  std::string bytes;
  Arena arena;
  for (int length = 0; length < 300; ++length) {
    const auto decoded = base64_decode(arena, encode(bytes));
    ASSERT_TRUE(decoded.ok()) << length;
    EXPECT_EQ(*decoded, bytes);
    bytes.push_back(static_cast<char>(length * 37 + 11));
  }
}

TEST(Base64, DecodesInPlaceEveryLength) {
  std::string bytes;
  for (int length = 0; length < 3000; ++length) {
    std::string text = encode(bytes);
    const auto decoded = base64_decode_in_place(text);
    ASSERT_TRUE(decoded.ok()) << length;
    EXPECT_EQ(*decoded, bytes);
    bytes.push_back(static_cast<char>(length * 37 + 11));
  }
  for (const std::string_view wrong : {"Zg=", "Zh==", "Zm9=", "Zm9v Zm9v Zm9v", "Z*=="}) {
    std::string text(wrong);
    EXPECT_FALSE(base64_decode_in_place(text).ok()) << wrong;
  }
}

TEST(Base64, DecodesIntoTheCallersMemory) {
  std::array<char, 3> room{};
  ASSERT_TRUE(base64_decode("Zm9v", room).ok());
  EXPECT_EQ(std::string_view(room.data(), room.size()), "foo");
}

TEST(Base64, RefusesEverythingElse) {
  using namespace std::string_view_literals;
  Arena arena;
  for (const std::string_view text : {
           "Z"sv,        "Zg"sv,       "Zg="sv,    "Zm8"sv,     "Zm9vYg"sv,
           "="sv,        "=="sv,       "===="sv,   "Z==="sv,    "Zg=g"sv,
           "=Zg="sv,     "Zg==Zg=="sv, "Zm9v\n"sv, " Zm9v"sv,   "Zm 9"sv,
           "Zm9v===="sv, "Zm-_"sv,     "Zm9\0"sv,  "Zm9\xC3"sv, "Zm9v\r\n"sv,
           "Zh=="sv,     "Zm9="sv,     "Zm9!"sv,   "\"Zm="sv,   "Zg==\0\0\0\0"sv,
       }) {
    const auto decoded = base64_decode(arena, text);
    ASSERT_FALSE(decoded.ok()) << text;
    EXPECT_EQ(decoded.error().code, ErrorCode::kBase64Invalid);
  }
}

TEST(Base64, FindsAWrongCharacterAnywhereInALongText) {
  Arena arena;
  const std::string text(400, 'A');
  ASSERT_TRUE(base64_decode(arena, text).ok());
  for (std::size_t place = 0; place < text.size(); ++place) {
    std::string changed = text;
    changed[place] = '*';
    EXPECT_FALSE(base64_decode(arena, changed).ok()) << place;
  }
}

}  // namespace
}  // namespace cloesce::text
