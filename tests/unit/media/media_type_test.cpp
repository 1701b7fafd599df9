// Content-Type headers as clients, proxies and attackers write them.
#include "media/media_type.h"

#include <gtest/gtest.h>

#include <string>

namespace cloesce::media {
namespace {

struct GoodCase {
  std::string_view header;
  std::string_view type;
  std::string_view subtype;
  std::string_view charset = {};
  std::string_view boundary = {};
};

TEST(MediaType, ParsesWellFormedHeaders) {
  const GoodCase cases[] = {
      {"application/json", "application", "json"},
      {" application/json ", "application", "json"},
      {"application/json;", "application", "json"},
      {"application/json;;charset=utf-8", "application", "json", "utf-8"},
      {"Application/JSON; Charset=\"UTF-8\"", "Application", "JSON", "UTF-8"},
      {"application/vnd.api+json ; charset=utf-8\t; x=1", "application", "vnd.api+json", "utf-8"},
      {"text/plain; charset=a; charset=b", "text", "plain", "a"},
      {"multipart/form-data; boundary=----WebKit1234", "multipart", "form-data", "",
       "----WebKit1234"},
      {"multipart/form-data; boundary=\"a;b, c\"", "multipart", "form-data", "", "a;b, c"},
      {"a/b;c=\"\"", "a", "b"},
  };
  for (const GoodCase& expected : cases) {
    SCOPED_TRACE(expected.header);
    const auto parsed = try_parse_media_type(expected.header);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->type, expected.type);
    EXPECT_EQ(parsed->subtype, expected.subtype);
    EXPECT_EQ(parsed->charset, expected.charset);
    EXPECT_EQ(parsed->boundary, expected.boundary);
  }
}

TEST(MediaType, RefusesMalformedHeaders) {
  const std::string_view cases[] = {
      "",
      " ",
      "/",
      "json",
      "application",
      "application/",
      "/json",
      "application /json",
      "application/ json",
      "application/json x",
      "application/json, text/plain",
      "application/json; charset",
      "application/json; charset=",
      "application/json; =utf-8",
      "application/json; charset=\"utf-8",
      "application/json; charset=\"a\\\"b\"",
      "application/json; charset=\"a\x01\"",
      "application/json; charset = utf-8",
      "appl\xC3\xAF/json",
      "application/json\n",
      "a/b;c=d e",
  };
  for (const std::string_view header : cases) {
    EXPECT_FALSE(try_parse_media_type(header).has_value()) << header;
  }
  const std::string with_nul("application/json\0", 17);
  EXPECT_FALSE(try_parse_media_type(with_nul).has_value());
  const std::string long_header = "application/json;x=" + std::string(kMaximumHeaderBytes, 'y');
  EXPECT_FALSE(try_parse_media_type(long_header).has_value());
}

TEST(MediaType, KnowsJsonInAllItsForms) {
  const auto json = [](std::string_view header) {
    const auto parsed = try_parse_media_type(header);
    return parsed.has_value() && is_json(*parsed);
  };
  EXPECT_TRUE(json("application/json"));
  EXPECT_TRUE(json("APPLICATION/Json;charset=x"));
  EXPECT_TRUE(json("application/problem+json"));
  EXPECT_FALSE(json("application/+json"));
  EXPECT_FALSE(json("application/jsonp"));
  EXPECT_FALSE(json("text/json"));
  EXPECT_FALSE(json("application/json-seq"));
}

}  // namespace
}  // namespace cloesce::media
