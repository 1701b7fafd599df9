// What the strict reader accepts and refuses, beyond what simdjson checks by itself.
#include "json/reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cloesce::json {
namespace {

class JsonReaderTest : public testing::Test {
 protected:
  Result<std::string> check(std::string_view text, std::size_t depth = kDefaultDepth) {
    auto document = reader_.open(pad(arena_, text));
    if (!document.ok()) return Failure{document.error()};
    auto checked = check_document(**document, depth, "body");
    if (!checked.ok()) return Failure{checked.error()};
    return std::string(*checked);
  }

  // The first element of the array `text`.
  Value first(std::string_view text) {
    auto document = reader_.open(pad(arena_, text));
    EXPECT_TRUE(document.ok()) << text;
    Array elements;
    EXPECT_EQ((*document)->get_array(elements), simdjson::SUCCESS);
    Value element;
    EXPECT_TRUE(elements.next(element));
    return element;
  }

  Arena arena_;
  Reader reader_;
};

TEST_F(JsonReaderTest, AcceptsEveryKindOfValueAndAnswersItsText) {
  const std::vector<std::string_view> texts = {
      "null",
      "true",
      "false",
      "0",
      "-0",
      "-12.5e-3",
      "1E+2",
      "123456789012345678901234567890",
      "1.7976931348623157e308",
      R"("")",
      R"("plain")",
      R"("\" \\ \/ \b \f \n \r \t \u00e9 \uD83D\uDE00")",
      "\"h\xC3\xA9 \xF0\x9F\x98\x80\"",
      "[]",
      "{}",
      "[[],{}]",
      R"({"a":1,"b":[true,null,"x"],"":{}})",
      R"({"a":1,"a":2})",
      R"({"proto":1,"__proto":2,"__proto___":3,"proto__":4,"\u005fproto__":5})",
      R"(["__proto__"])",
      "\"\x7F\"",
  };
  for (const std::string_view text : texts) {
    const auto checked = check(text);
    ASSERT_TRUE(checked.ok()) << text << ": " << render(checked.error());
    EXPECT_EQ(*checked, text);
  }
}

TEST_F(JsonReaderTest, AnswersTheTextWithoutTheWhiteSpaceAround) {
  EXPECT_EQ(*check(" \t\r\n[ 1 , 2 ] \n"), "[ 1 , 2 ]");
  EXPECT_EQ(*check(" {\"a\" : 1 }  "), "{\"a\" : 1 }");
  EXPECT_EQ(*check("  7  "), "7");
}

TEST_F(JsonReaderTest, RefusesWhatIsNotJson) {
  using namespace std::string_view_literals;
  const std::vector<std::string_view> texts = {
      "",
      " ",
      "\n",
      "nul",
      "nulll",
      "null x",
      "tru",
      "truee",
      "True",
      "fals",
      "falsey",
      "undefined",
      "NaN",
      "Infinity",
      "'a'",
      "\"a",
      "\"",
      R"("a"b)",
      R"("\x41")",
      R"("\u12")",
      R"("\u12g4")",
      R"("\ud800")",
      R"("\ud800\u0041")",
      R"("\ud800\n")",
      R"("\udc00")",
      "\"a\nb\"",
      "\"\x01\"",
      "\"\0\""sv,
      "\"\xC3\"",
      "\"\xC0\x80\"",
      "\"\xED\xA0\x80\"",
      "\"\xF5\x80\x80\x80\"",
      "\xFF",
      "01",
      "-01",
      "00",
      "+1",
      "-",
      ".5",
      "1.",
      "1.e3",
      "1e",
      "1e+",
      "0x10",
      "1_000",
      "1e999",
      "-1e999",
      "1 2",
      "[",
      "]",
      "[1",
      "[1,",
      "[1,]",
      "[,1]",
      "[1 2]",
      "[1,,2]",
      "[1]]",
      "[[1]",
      "[1}",
      "{",
      "}",
      "{\"a\"",
      "{\"a\":",
      "{\"a\":1",
      "{\"a\":1,",
      "{\"a\":1,}",
      "{\"a\" 1}",
      "{\"a\"::1}",
      "{\"a\":}",
      "{a:1}",
      "{1:1}",
      "{'a':1}",
      "{null:1}",
      "{\"a\":1]",
      "{\"a\":1}}",
      "{\"a\":1}x",
      "{\"a\":1}{}",
      "[1]//",
      "/**/[1]",
      R"({"\q":1})",
      R"({"\ud800":1})",
      "[1]\0"sv,
      "\0"sv,
      R"([tru])",
      R"([truely])",
      R"([nul"abc"])",
      R"([null"abc"])",
      R"([1"abc"])",
      R"(["a" "b"])",
      R"(["a"1])",
  };
  for (const std::string_view text : texts) {
    const auto checked = check(text);
    ASSERT_FALSE(checked.ok()) << text;
    EXPECT_EQ(checked.error().code, ErrorCode::kJsonMalformed) << text << render(checked.error());
    EXPECT_FALSE(checked.error().detail.empty()) << text;
  }
}

TEST_F(JsonReaderTest, EveryCutOfAValidTextIsRefused) {
  constexpr std::string_view kText =
      R"({"name":"Ab\u00e9\n","list":[1,-2.5e3,{"deep":[true,false,null]}],"":""})";
  ASSERT_TRUE(check(kText).ok());
  for (std::size_t length = 0; length < kText.size(); ++length) {
    EXPECT_FALSE(check(kText.substr(0, length)).ok()) << kText.substr(0, length);
  }
}

TEST_F(JsonReaderTest, RefusesTheNameThatReachesPrototypesHoweverItIsWritten) {
  for (const std::string_view text : {
           R"({"__proto__":{}})",
           R"({"\u005f_proto__":1})",
           R"({"__pr\u006Fto__":1})",
           R"({"\u005f\u005f\u0070\u0072\u006f\u0074\u006f\u005f\u005f":1})",
       }) {
    const auto checked = check(text);
    ASSERT_FALSE(checked.ok()) << text;
    EXPECT_EQ(checked.error().code, ErrorCode::kNameForbidden) << text;
  }
  EXPECT_EQ(check(R"({"a":[0,{"__proto__":1}]})").error().path, "body.a[1]");
}

TEST_F(JsonReaderTest, NamesThePlaceOfAMistake) {
  const auto checked = check(R"({"a":{"b":[1,2,{"c":tru}]}})");
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(render(checked.error()), "CLO1104: body.a.b[2].c: expected true, false or null");
}

TEST_F(JsonReaderTest, CountsDepthInObjectsAndArrays) {
  EXPECT_TRUE(check("[[{}]]", 3).ok());
  EXPECT_TRUE(check("1", 0).ok());
  const auto too_deep = check("[[{}]]", 2);
  ASSERT_FALSE(too_deep.ok());
  EXPECT_EQ(too_deep.error().code, ErrorCode::kJsonTooDeep);

  for (const std::size_t levels : {std::size_t{65}, std::size_t{10'000}, std::size_t{1'000'000}}) {
    const auto deep = check(std::string(levels, '[') + std::string(levels, ']'));
    ASSERT_FALSE(deep.ok());
    EXPECT_EQ(deep.error().code, ErrorCode::kJsonTooDeep);
    EXPECT_FALSE(check(std::string(levels, '[')).ok());
  }
}

TEST_F(JsonReaderTest, LongStringsAreCheckedToTheirEnd) {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string run(length, 'x');
    EXPECT_TRUE(check("\"" + run + "\"").ok()) << length;
    EXPECT_TRUE(check("\"" + run + "\\n" + run + "\"").ok()) << length;
    EXPECT_FALSE(check("\"" + run + "\\q\"").ok()) << length;
    EXPECT_FALSE(check("[\"" + run + "\\u12\"]").ok()) << length;
  }
}

TEST_F(JsonReaderTest, ExpectEndSeesWhatWasNotRead) {
  auto document = reader_.open(pad(arena_, "{\"a\":1} x}"));
  ASSERT_TRUE(document.ok());
  Object members;
  ASSERT_EQ((*document)->get_object(members), simdjson::SUCCESS);
  Field member;
  while (members.next(member)) {
  }
  ASSERT_EQ(members.error(), simdjson::SUCCESS);
  const auto ended = expect_end(**document);
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, ErrorCode::kJsonMalformed);
}

TEST_F(JsonReaderTest, AReaderGoesOnAfterARefusedText) {
  EXPECT_FALSE(check("{\"a\":").ok());
  EXPECT_FALSE(check("\"open").ok());
  EXPECT_TRUE(check("{\"a\":1}").ok());
}

TEST_F(JsonReaderTest, CheckAnyLeavesTheDocumentBehindTheValue) {
  auto document = reader_.open(pad(arena_, R"({"a" : {"x":[1]} , "b":2})"));
  ASSERT_TRUE(document.ok());
  Object members;
  ASSERT_EQ((*document)->get_object(members), simdjson::SUCCESS);
  std::vector<std::string> seen;
  for (Field member; members.next(member);) {
    const auto text = check_any(member.value(), kDefaultDepth, "");
    ASSERT_TRUE(text.ok());
    seen.emplace_back(*text);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{R"({"x":[1]})", "2"}));
  EXPECT_TRUE(expect_end(**document).ok());
}

TEST_F(JsonReaderTest, IntegerTokenKeepsTheExactText) {
  for (const std::string_view text : {"0", "1", "-1", "9007199254740991", "-9007199254740991"}) {
    const auto token = integer_token(first("[ " + std::string(text) + " ]"), "id");
    ASSERT_TRUE(token.ok()) << text;
    EXPECT_EQ(*token, text);
  }
  EXPECT_EQ(*integer_token(first("[-0]"), ""), "0");
}

TEST_F(JsonReaderTest, IntegerTokenRefusesTheRest) {
  struct Case {
    std::string_view text;
    ErrorCode code;
  };
  for (const Case& refused : {
           Case{"9007199254740992", ErrorCode::kIntegerOutOfRange},
           Case{"-9007199254740992", ErrorCode::kIntegerOutOfRange},
           Case{"9223372036854775808", ErrorCode::kIntegerOutOfRange},
           Case{"100000000000000000000000", ErrorCode::kIntegerOutOfRange},
           Case{"1.0", ErrorCode::kTypeMismatch},
           Case{"1e3", ErrorCode::kTypeMismatch},
           Case{"\"1\"", ErrorCode::kTypeMismatch},
           Case{"null", ErrorCode::kTypeMismatch},
           Case{"true", ErrorCode::kTypeMismatch},
           Case{"{}", ErrorCode::kTypeMismatch},
           Case{"01", ErrorCode::kJsonMalformed},
           Case{"1x", ErrorCode::kJsonMalformed},
           Case{"-", ErrorCode::kJsonMalformed},
       }) {
    const auto token = integer_token(first("[" + std::string(refused.text) + "]"), "id");
    ASSERT_FALSE(token.ok()) << refused.text;
    EXPECT_EQ(token.error().code, refused.code) << refused.text;
    EXPECT_EQ(token.error().path, "id");
  }
  EXPECT_EQ(integer_token(first("[\"x\"]"), "id").error().detail, "expected Integer, got \"x\"");
}

TEST_F(JsonReaderTest, DescribesAValueInAFewCharacters) {
  EXPECT_EQ(describe(first("[ \"x\" ]")), "\"x\"");
  EXPECT_EQ(describe(first("[12.5]")), "12.5");
  EXPECT_EQ(describe(first("[null]")), "null");
  EXPECT_EQ(describe(first("[{\"a\":1}]")), "an object");
  EXPECT_EQ(describe(first("[[]]")), "an array");
  EXPECT_EQ(describe(first("[\"" + std::string(100, 'x') + "\"]")),
            "\"" + std::string(39, 'x') + "…");
  EXPECT_EQ(describe(first("[\"ééééééééééééééééééééééééééééééééééééééé\"]")),
            "\"ééééééééééééééééééééééééééééééééééééééé…");
}

}  // namespace
}  // namespace cloesce::json
