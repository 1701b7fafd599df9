// Escaping, numbers and layout of written JSON.
#include "json/writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>  // strtod
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "json/reader.h"

namespace cloesce::json {
namespace {

std::string string_text(std::string_view text) {
  Arena arena;
  ByteBuffer out(arena);
  append_string(out, text);
  return std::string(out.view());
}

std::string number_text(double value) {
  Arena arena;
  ByteBuffer out(arena);
  append_double(out, value);
  return std::string(out.view());
}

std::string integer_text(std::int64_t value) {
  Arena arena;
  ByteBuffer out(arena);
  append_integer(out, value);
  return std::string(out.view());
}

double read_back(std::string_view text) {
  Arena arena;
  Reader reader;
  auto document = reader.open(pad(arena, text));
  EXPECT_TRUE(document.ok()) << text;
  EXPECT_TRUE(check_document(**document, 0, "").ok()) << text;
  return std::strtod(std::string((*document)->root().token()).c_str(), nullptr);
}

TEST(JsonAppendString, EscapesOnlyWhatJsonAsksFor) {
  EXPECT_EQ(string_text(""), R"("")");
  EXPECT_EQ(string_text("plain"), R"("plain")");
  EXPECT_EQ(string_text("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(string_text("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(string_text(std::string_view("\0\x01\x1F", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(string_text("\x7F h\xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80"),
            "\"\x7F h\xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80\"");
}

TEST(JsonAppendString, FindsASpecialCharacterAtEveryPlaceOfAChunk) {
  for (std::size_t length = 1; length < 26; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      std::string text(length, 'x');
      text[place] = '"';
      const std::string expected =
          "\"" + std::string(place, 'x') + "\\\"" + std::string(length - place - 1, 'x') + "\"";
      EXPECT_EQ(string_text(text), expected);
    }
  }
}

TEST(JsonAppendString, EveryByteComesBackAsItWas) {
  std::string text;
  for (int byte = 0; byte < 0x80; ++byte) text.push_back(static_cast<char>(byte));
  for (int round = 0; round < 12; ++round) text += "é😀 and a longer plain run in between \n";
  Arena arena;
  Reader reader;
  auto document = reader.open(pad(arena, string_text(text)));
  ASSERT_TRUE(document.ok());
  std::string_view read;
  ASSERT_EQ((*document)->root().get_string(read), simdjson::SUCCESS);
  EXPECT_EQ(read, text);
}

TEST(JsonAppendInteger, WritesTheExtremes) {
  EXPECT_EQ(integer_text(0), "0");
  EXPECT_EQ(integer_text(-42), "-42");
  EXPECT_EQ(integer_text(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
  EXPECT_EQ(integer_text(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
}

TEST(JsonAppendDouble, WritesTheShortestTextThatReadsBackTheSame) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(12.5), "12.5");
  EXPECT_EQ(number_text(3), "3");
  for (const double value :
       {0.0, -0.0, 1.0 / 3, 1e21, -1e-7, 123456789.123, 9007199254740993.0,
        std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest(),
        std::numeric_limits<double>::min(), std::numeric_limits<double>::denorm_min()}) {
    const double read = read_back(number_text(value));
    EXPECT_EQ(std::memcmp(&read, &value, sizeof value), 0) << number_text(value);
  }
}

TEST(JsonAppendDouble, WhatJsonCannotSayBecomesNull) {
  EXPECT_EQ(number_text(std::nan("")), "null");
  EXPECT_EQ(number_text(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "null");
}

std::string sample(Layout layout) {
  Arena arena;
  ByteBuffer out(arena);
  Writer(out, layout)
      .begin_object()
      .key("name")
      .string("a\"b")
      .key("none")
      .begin_object()
      .end_object()
      .key("list")
      .begin_array()
      .integer(-1)
      .number(0.5)
      .boolean(true)
      .null()
      .begin_array()
      .end_array()
      .raw("{\"x\":1}")
      .end_array()
      .end_object();
  return std::string(out.view());
}

TEST(JsonWriter, PutsCommasAndColonsWhereTheyBelong) {
  EXPECT_EQ(sample(Layout::kCompact),
            R"({"name":"a\"b","none":{},"list":[-1,0.5,true,null,[],{"x":1}]})");
}

TEST(JsonWriter, WritesOnOneReadableLine) {
  EXPECT_EQ(sample(Layout::kLine),
            R"({"name": "a\"b", "none": {}, "list": [-1, 0.5, true, null, [], {"x":1}]})");
}

TEST(JsonWriter, IndentsTwoSpacesALevel) {
  EXPECT_EQ(sample(Layout::kIndented), R"({
  "name": "a\"b",
  "none": {},
  "list": [
    -1,
    0.5,
    true,
    null,
    [],
    {"x":1}
  ]
})");
}

TEST(JsonWriter, WritesALoneValue) {
  Arena arena;
  ByteBuffer out(arena);
  Writer(out, Layout::kIndented).string("x");
  EXPECT_EQ(out.view(), "\"x\"");
}

}  // namespace
}  // namespace cloesce::json
