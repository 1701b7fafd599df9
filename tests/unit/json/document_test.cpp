// Walking over a document: what is read, what is passed over, and what is refused on the way.
#include "json/document.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "json/reader.h"

namespace cloesce::json {
namespace {

class JsonDocumentTest : public testing::Test {
 protected:
  Document& open(std::string_view text) {
    auto document = reader_.open(pad(arena_, text));
    EXPECT_TRUE(document.ok()) << text;
    return **document;
  }

  Object object(std::string_view text) {
    Object members;
    EXPECT_EQ(open(text).get_object(members), simdjson::SUCCESS) << text;
    return members;
  }

  Array array(std::string_view text) {
    Array elements;
    EXPECT_EQ(open(text).get_array(elements), simdjson::SUCCESS) << text;
    return elements;
  }

  // The tokens of the elements, none of which is read; behind them what ended the walk.
  std::string tokens(std::string_view text) {
    Array elements = array(text);
    std::string seen;
    for (Value element; elements.next(element);) seen.append(element.token()).append(" ");
    return seen + (elements.error() ? "error" : "end");
  }

  Arena arena_;
  Reader reader_;
};

TEST_F(JsonDocumentTest, PassesOverWhatNobodyReads) {
  EXPECT_EQ(tokens(R"([1, "a", {"b": [2, {"c": 3}]}, [], {}, [[]], null ])"),
            R"(1 "a" { [ { [ null end)");
  EXPECT_EQ(tokens("[]"), "end");
  EXPECT_EQ(tokens(" [ ] "), "end");
}

TEST_F(JsonDocumentTest, GoesOnBehindWhatWasReadInPart) {
  Array outer = array(R"([[1, [2, 3], 4], {"a": {"b": 5}, "c": 6}, [7], 8])");
  std::vector<std::string> seen;
  for (Value element; outer.next(element);) {
    seen.emplace_back(element.token());
    Array inner;
    Object members;
    Value first;
    Field member;
    if (element.get_array(inner) == simdjson::SUCCESS) {
      ASSERT_TRUE(inner.next(first));
    } else if (element.get_object(members) == simdjson::SUCCESS) {
      ASSERT_TRUE(members.next(member));
      ASSERT_EQ(member.value().get_object(members), simdjson::SUCCESS);
    }
  }
  EXPECT_EQ(outer.error(), simdjson::SUCCESS);
  EXPECT_EQ(seen, (std::vector<std::string>{"[", "{", "[", "8"}));
}

TEST_F(JsonDocumentTest, OpeningAContainerReadsNothingOfIt) {
  Array outer = array(R"([["a", "b"], {"c": 1}, 2])");
  std::size_t count = 0;
  for (Value element; outer.next(element); ++count) {
    Array inner;
    Object members;
    EXPECT_EQ(element.get_array(inner) == simdjson::SUCCESS, count == 0);
    EXPECT_EQ(element.get_object(members) == simdjson::SUCCESS, count == 1);
  }
  EXPECT_EQ(outer.error(), simdjson::SUCCESS);
  EXPECT_EQ(count, 3U);
}

TEST_F(JsonDocumentTest, WhatIsPassedOverHasToBeginAValue) {
  for (const std::string_view text : {"[,]", "[1,]", "[:]", "[1,,2]", "[{\"a\":}]", "[}]", "[1 2]",
                                      "[\"a\":1]", "[{\"a\",1}]", "[{1:2}]"}) {
    Array elements;
    if (open(text).get_array(elements)) continue;
    for (Value element; elements.next(element);) {
      Object members;
      Field member;
      if (element.get_object(members)) continue;
      while (members.next(member)) {
      }
    }
    EXPECT_NE(elements.error(), simdjson::SUCCESS) << text;
  }
}

TEST_F(JsonDocumentTest, RefusesADocumentThatItsLastTokenDoesNotClose) {
  for (const std::string_view text : {"[1", "{\"a\":1", "[1}", "{\"a\":1]", "[", "[1],2"}) {
    Value root;
    EXPECT_EQ(open(text).get_value(root), simdjson::INCOMPLETE_ARRAY_OR_OBJECT) << text;
  }
  // Closed, but not by what is in it.
  Array outer = array("[[1]");
  Value element;
  ASSERT_TRUE(outer.next(element));
  Array inner;
  ASSERT_EQ(element.get_array(inner), simdjson::SUCCESS);
  ASSERT_TRUE(inner.next(element));
  EXPECT_FALSE(inner.next(element));
  EXPECT_EQ(inner.error(), simdjson::INCOMPLETE_ARRAY_OR_OBJECT);
  EXPECT_FALSE(outer.next(element));
}

TEST_F(JsonDocumentTest, FindsMembersInAnyOrder) {
  Object members = object(R"({"a": {"b": [1]}, "c": 2, "d": "\u0065", "c": 3})");
  Value value;
  std::uint64_t number = 0;
  std::string_view text;
  Object inner;
  ASSERT_EQ(members.find("d", value), simdjson::SUCCESS);
  ASSERT_EQ(value.get_string(text), simdjson::SUCCESS);
  EXPECT_EQ(text, "e");
  ASSERT_EQ(members.find("c", value), simdjson::SUCCESS);
  ASSERT_EQ(value.get_uint64(number), simdjson::SUCCESS);
  EXPECT_EQ(number, 2U);
  EXPECT_EQ(members.find("none", value), simdjson::NO_SUCH_FIELD);
  ASSERT_EQ(members.find("a", value), simdjson::SUCCESS);
  ASSERT_EQ(value.get_object(inner), simdjson::SUCCESS);
  EXPECT_EQ(inner.find("c", value), simdjson::NO_SUCH_FIELD);
  EXPECT_EQ(inner.find("b", value), simdjson::SUCCESS);
  EXPECT_EQ(members.find("c", value), simdjson::SUCCESS);
  EXPECT_EQ(members.find("b", value), simdjson::NO_SUCH_FIELD);
}

TEST_F(JsonDocumentTest, AnswersTheWholeTextOfAValue) {
  Object members = object(R"({"a" : [ 1 , {"x":[]} ] , "b" : "x\n" , "c" : -1.5 , "d":{} })");
  std::vector<std::string> texts;
  for (Field member; members.next(member);) {
    std::string_view text;
    ASSERT_EQ(member.value().raw_json(text), simdjson::SUCCESS);
    texts.emplace_back(text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{R"([ 1 , {"x":[]} ])", R"("x\n")", "-1.5", "{}"}));
}

TEST_F(JsonDocumentTest, AScalarIsADocumentToo) {
  Document& document = open("  \"a\\u0041\"  ");
  Value root;
  ASSERT_EQ(document.get_value(root), simdjson::SUCCESS);
  EXPECT_EQ(root.token(), "\"a\\u0041\"");
  EXPECT_FALSE(document.at_end());
  std::string_view text;
  ASSERT_EQ(root.get_string(text), simdjson::SUCCESS);
  EXPECT_EQ(text, "aA");
  EXPECT_TRUE(document.at_end());
}

TEST_F(JsonDocumentTest, TextsLiveUntilTheNextDocument) {
  Array elements = array(R"(["plain", "a\tb", "", "\\", "é\u00e9", "c\td"])");
  std::vector<std::string_view> texts;
  for (Value element; elements.next(element);) {
    ASSERT_EQ(element.get_string(texts.emplace_back()), simdjson::SUCCESS);
    // Once more, as it may be described in a message.
    ASSERT_EQ(element.get_string(texts.back()), simdjson::SUCCESS);
  }
  EXPECT_EQ(texts, (std::vector<std::string_view>{"plain", "a\tb", "", "\\", "éé", "c\td"}));
}

TEST_F(JsonDocumentTest, WholeNumbersAreDigitsAlone) {
  const auto number = [&](std::string_view text) {
    std::uint64_t read = 0;
    const error_code code = open(text).root().get_uint64(read);
    return code ? std::string("refused") : std::to_string(read);
  };
  for (const std::string_view text : {"0", "7", "255", "4294967296", "9999999999999999999"}) {
    EXPECT_EQ(number(text), text);
  }
  for (const std::string_view text : {"-0", "-1", "01", "00", "1.0", "1e3", "10000000000000000000",
                                      "\"1\"", "true", "null", "1x", "1\x01"}) {
    EXPECT_EQ(number(text), "refused") << text;
  }
}

TEST_F(JsonDocumentTest, TellsWhereAMistakeStands) {
  const auto offset = [&](std::string_view text) {
    Document& document = open(text);
    const char* const begin = document.location();
    Object members;
    if (document.get_object(members) == simdjson::SUCCESS) {
      for (Field member; members.next(member);) {
        std::string_view raw;
        if (member.value().raw_json(raw)) break;
      }
    }
    const char* const place = document.location();
    return place == nullptr ? text.size() : static_cast<std::size_t>(place - begin);
  };
  EXPECT_EQ(offset(R"({"a":1})"), 7U);
  EXPECT_EQ(offset(R"({"a":1}x})"), 7U);
  EXPECT_EQ(offset(R"({"a" 1})"), 5U);
  EXPECT_EQ(offset(R"({"a":1 "b":2})"), 7U);
  EXPECT_EQ(offset(R"({"a":1,})"), 7U);
  EXPECT_EQ(offset(R"({"a":[1})"), 7U);
  EXPECT_EQ(offset(R"({"a":1)"), 0U);
}

}  // namespace
}  // namespace cloesce::json
