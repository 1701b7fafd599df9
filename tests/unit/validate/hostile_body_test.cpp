// Bodies made to break a reader: truncated, deep, huge, malformed in every way.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "validate/horse_interface.h"

namespace cloesce::validate {
namespace {

constexpr std::string_view kWholeBody =
    R"({"horse":{"id":12,"name":"a\u00e9\"","bio":null,"likes":[{"id":1},{"id":2,"horse":null}],)"
    R"("rider":{"name":"r","weight":-1.5e3}},"when":"2026-01-01","yes":true,"free":{"a":[1,"b",)"
    R"({"c":false}]},"bytes":"AAEC"})";

std::vector<cidl::Parameter> whole_parameters() {
  return {{"horse", object("Horse")},
          {"when", date()},
          {"yes", boolean()},
          {"free", any()},
          {"bytes", blob()}};
}

TEST(HostileBody, EveryTruncationIsRefused) {
  Rig rig(whole_parameters());
  ASSERT_EQ(rig.failures_of_body(kWholeBody), "");
  for (std::size_t size = 0; size < kWholeBody.size(); ++size) {
    const Checked checked = rig.body(kWholeBody.substr(0, size));
    ASSERT_FALSE(checked.ok()) << size;
    EXPECT_EQ(checked.failures.front().code, ErrorCode::kJsonMalformed) << size;
  }
}

// Behind the text lies what would complete it: nothing there may be read as part of the document.
TEST(HostileBody, PaddingIsNotPartOfTheText) {
  Rig rig(whole_parameters());
  for (std::size_t size = 1; size < kWholeBody.size(); ++size) {
    std::string bytes(kWholeBody);
    bytes.append(json::kPadding, '}');
    const simdjson::padded_string_view body(bytes.data(), size, bytes.size());
    EXPECT_FALSE(rig.validator()
                     .check_body(rig.parameters(), rig.reader(), body, BlobSource{}, rig.arena())
                     .ok())
        << size;
  }
}

TEST(HostileBody, NoSingleWrongByteCrashes) {
  Rig rig(whole_parameters());
  std::size_t refused = 0;
  for (std::size_t at = 0; at < kWholeBody.size(); ++at) {
    for (const char byte : {'\0', '"', '\\', '{', '}', '[', ']', ',', ':', '-', 'x', '\xFF', ' '}) {
      std::string body(kWholeBody);
      body[at] = byte;
      refused += rig.body(body).ok() ? 0U : 1U;
    }
  }
  EXPECT_GT(refused, kWholeBody.size() * 8);
}

struct MalformedCase {
  std::string_view body;
  std::string_view message;
};

TEST(HostileBody, MalformedJsonNamesItsPlace) {
  Rig rig(any());
  const MalformedCase cases[] = {
      {"", "CLO1104: the JSON text is empty"},
      {"{\"v\": 1,}",
       "CLO1104: malformed JSON at byte 8 (line 1, column 9): a comma, colon, bracket or value is "
       "missing or superfluous"},
      {"{\n \"v\": nul}",
       "CLO1104: malformed JSON at byte 8 (line 2, column 7): expected true, false or null"},
      {"{\"v\": \"\xFF\"}", "CLO1104: the JSON text is not valid UTF-8"},
      {"{\"v\": \"\xED\xA0\x80\"}", "CLO1104: the JSON text is not valid UTF-8"},
      {"{\"v\": \"a", "CLO1104: a string is not closed"},
  };
  for (const MalformedCase& expected : cases) {
    EXPECT_EQ(rig.failures_of_body(expected.body), expected.message) << expected.body;
  }
}

TEST(HostileBody, MalformedValuesAreMalformedWhateverTheirType) {
  const std::string_view values[] = {
      "",          "nul",        "nulll",        "tru",         "falsee", "True",
      "01",        "1.",         ".5",           "-",           "+1",     "1e",
      "1e+",       "0x1",        "NaN",          "Infinity",    "'x'",    "\"\\x\"",
      "\"\\u12\"", "1 2",        "1,",           "[1,]",        "[1 2]",  "{\"a\"}",
      "{\"a\":}",  "{\"a\":1,}", "{a:1}",        "{,}",         "[1}",    "}",
      "]",         ":",          "\"\\uD83D\"",  "\"\\uDC0E\"", "\"a\"b", "\"a\" : 1",
      "//c\n1",    "[[[[",       "\"\\uD83Dx\"", "\"a\nb\"",
  };
  const cidl::Type types[] = {integer(),
                              real(),
                              text(),
                              boolean(),
                              nullable(text()),
                              date(),
                              any(),
                              blob(),
                              array(integer()),
                              object("Options"),
                              partial("Horse"),
                              data_source("Horse")};
  for (const cidl::Type& type : types) {
    Rig rig(type);
    for (const std::string_view value : values) {
      const Checked checked = rig.body("{\"v\": " + std::string(value) + "}");
      ASSERT_FALSE(checked.ok()) << static_cast<int>(type.kind) << ": " << value;
    }
  }
}

TEST(HostileBody, AControlCharacterIsNoWhiteSpace) {
  for (const cidl::Type& type : {integer(), real(), boolean(), nullable(integer())}) {
    Rig rig(type);
    for (const std::string_view value : {"1", "true", "null"}) {
      for (const char control : {'\x01', '\x0B', '\x0C', '\x1F'}) {
        const Checked checked = rig.body("{\"v\": " + std::string(value) + control + "}");
        ASSERT_FALSE(checked.ok()) << value << static_cast<int>(control);
      }
    }
  }
}

TEST(HostileBody, ABadEscapeInATextIsMalformed) {
  Rig rig(text());
  for (const std::string_view value : {R"("\x")", R"("\u12")", R"("\uD83D")", R"("\uDC0E")",
                                       R"("\uD83D\n")", R"("\uD83D\u0041")"}) {
    const Checked checked = rig.body("{\"v\": " + std::string(value) + "}");
    ASSERT_EQ(checked.failures.size(), 1U) << value;
    EXPECT_EQ(checked.failures[0].code, ErrorCode::kJsonMalformed) << value;
  }
  EXPECT_EQ(rig.body(R"({"\uD800": 1, "v": "x"})").failures[0].code, ErrorCode::kJsonMalformed);
}

TEST(HostileBody, TextAfterTheObjectIsRefused) {
  Rig rig(integer());
  for (const std::string_view body : {"{\"v\": 1}x", "{\"v\": 1}{}", "{\"v\": 1},", "{\"v\": 1}}",
                                      "{\"v\": 1} null", "{\"v\": 1} {\"v\": 1}"}) {
    const Checked checked = rig.body(body);
    ASSERT_EQ(checked.failures.size(), 1U) << body;
    EXPECT_EQ(checked.failures[0].code, ErrorCode::kJsonMalformed) << body;
  }
  EXPECT_TRUE(rig.body(" \n\t{\"v\": 1}\r\n ").ok());
}

std::string nest(std::string_view open, std::string_view inner, std::string_view close,
                 std::size_t levels) {
  std::string text;
  for (std::size_t level = 0; level < levels; ++level) text += open;
  text += inner;
  for (std::size_t level = 0; level < levels; ++level) text += close;
  return text;
}

TEST(HostileBody, DepthIsBoundedForEveryType) {
  // The body's own object is the first of 64 levels.
  struct DepthCase {
    cidl::Type type;
    std::string_view open;
    std::string_view close;
  };
  const DepthCase cases[] = {
      {any(), "[", "]"},
      {any(), "{\"a\":", "}"},
      {partial("Options"), "{\"inner\":", "}"},
      {partial("Horse"), "{\"likes\":[{\"horse\":", "}]}"},
  };
  for (const DepthCase& depth : cases) {
    Rig rig(nullable(depth.type));
    const std::size_t levels = depth.open.find('[') > 0 && depth.open.size() > 12 ? 3 : 1;
    const std::size_t fitting = 63 / levels;
    const std::string inner = depth.close == "]" ? "" : "null";
    EXPECT_EQ(rig.failures_of_value(nest(depth.open, inner, depth.close, fitting)), "")
        << depth.open;
    for (const std::size_t too_many : {fitting + 1, std::size_t{10'000}}) {
      const Checked checked =
          rig.body("{\"v\":" + nest(depth.open, inner, depth.close, too_many) + "}");
      ASSERT_EQ(checked.failures.size(), 1U) << depth.open;
      EXPECT_EQ(checked.failures[0].code, ErrorCode::kJsonTooDeep) << depth.open;
    }
  }
}

TEST(HostileBody, AMillionLevelsBehindAnUnknownNameAreSkipped) {
  Rig rig(integer());
  const std::string deep = nest("[", "", "]", 1'000'000);
  EXPECT_EQ(rig.failures_of_body("{\"other\":" + deep + ",\"v\":1}"),
            "CLO1201: other: unknown parameter");
  EXPECT_EQ(rig.failures_of_body("{\"v\":" + deep + "}"),
            "CLO1204: v: expected Integer, got an array");
}

TEST(HostileBody, ArraysAreBounded) {
  Limits limits;
  limits.array_elements = 3;
  Rig rig(array(array(integer())), limits);
  EXPECT_EQ(rig.failures_of_value("[[1,2,3],[],[1]]"), "");
  EXPECT_EQ(rig.failures_of_value("[[1,2,3],[1,2,3,4],[1,\"x\"]]"),
            "CLO1210: v[1]: more than 3 elements\nCLO1204: v[2][1]: expected Integer, got \"x\"");
}

TEST(HostileBody, FailuresAreBounded) {
  Rig rig(array(integer()));
  std::string values = "[null";
  for (int count = 0; count < 100'000; ++count) values += ",null";
  EXPECT_EQ(rig.body("{\"v\":" + values + "]}").failures.size(), 16U);
  std::string members = "{\"v\": []";
  for (int count = 0; count < 1000; ++count) members += ",\"x\":1";
  EXPECT_EQ(rig.body(members + "}").failures.size(), 16U);
}

TEST(HostileBody, MalformedJsonOutweighsWhatWasFoundBefore) {
  Rig rig(array(integer()));
  const Checked checked = rig.body("{\"v\": [null, \"x\", 1");
  ASSERT_EQ(checked.failures.size(), 1U);
  EXPECT_EQ(checked.failures[0].code, ErrorCode::kJsonMalformed);
}

TEST(HostileBody, ShapesOfManyMembersAreTracked) {
  std::vector<cidl::Parameter> parameters;
  std::string body = "{";
  for (int index = 0; index < 300; ++index) {
    const std::string name = "p" + std::to_string(index);
    parameters.push_back({name, integer()});
    body += (index == 0 ? "\"" : ",\"") + name + "\":1";
  }
  Rig rig(parameters);
  EXPECT_EQ(rig.failures_of_body(body + "}"), "");
  EXPECT_EQ(rig.failures_of_body(body + ",\"p299\":1}"), "CLO1203: p299: given more than once");
  body.replace(body.find("\"p200\""), 6, "\"p201\"");
  EXPECT_EQ(rig.failures_of_body(body + "}"),
            "CLO1203: p201: given more than once\nCLO1202: p200: missing, expected Integer");
}

TEST(HostileBody, TheNextBodyWorks) {
  Rig rig(whole_parameters());
  for (const std::string_view bad : {"", "{", "[[[[", "\"", "{\"horse\": \"\\", "nul"}) {
    EXPECT_FALSE(rig.body(bad).ok());
    EXPECT_TRUE(rig.body(kWholeBody).ok());
  }
}

}  // namespace
}  // namespace cloesce::validate
