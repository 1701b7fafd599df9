// Query strings against parameter types.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "validate/horse_interface.h"

namespace cloesce::validate {
namespace {

struct QueryCase {
  std::string_view query;
  std::string_view arguments;  // empty: refused
  std::string_view failures = {};
};

void expect_queries(std::vector<cidl::Parameter> parameters, const std::vector<QueryCase>& cases) {
  Rig rig(std::move(parameters));
  for (const QueryCase& expected : cases) {
    SCOPED_TRACE(expected.query);
    const CheckedQuery checked = rig.query(expected.query);
    EXPECT_EQ(Rig::lines(checked.failures), expected.failures);
    if (checked.ok()) {
      EXPECT_EQ(checked.arguments, expected.arguments);
    }
  }
}

TEST(CheckQuery, ReadsScalarsStrictly) {
  expect_queries({{"v", integer()}},
                 {{"v=12", R"({"v":12})"},
                  {"v=-0", R"({"v":0})"},
                  {"v=%31%32", R"({"v":12})"},
                  {"&v=9007199254740991&", R"({"v":9007199254740991})"},
                  {"v=9007199254740992", "",
                   "CLO1205: v: expected an Integer between -(2^53 - 1) and 2^53 - 1, got "
                   "\"9007199254740992\""},
                  {"v=00000000000000000000000000001", "",
                   "CLO1204: v: expected Integer, got \"00000000000000000000000000001\""},
                  {"v=+1", "", "CLO1204: v: expected Integer, got \" 1\""},
                  {"v=1.0", "", "CLO1204: v: expected Integer, got \"1.0\""},
                  {"v=", "", "CLO1204: v: expected Integer, got \"\""},
                  {"v", "", "CLO1204: v: expected Integer, got \"\""},
                  {"v=abc", "", "CLO1204: v: expected Integer, got \"abc\""},
                  {"v=null", "", "CLO1204: v: expected Integer, got \"null\""},
                  {"", "", "CLO1202: v: missing, expected Integer"}});
  expect_queries({{"v", real()}}, {{"v=1.5e-3", R"({"v":1.5e-3})"},
                                   {"v=1e308", R"({"v":1e308})"},
                                   {"v=1e309", "", "CLO1204: v: expected Real, got \"1e309\""},
                                   {"v=.5", "", "CLO1204: v: expected Real, got \".5\""},
                                   {"v=NaN", "", "CLO1204: v: expected Real, got \"NaN\""}});
  expect_queries({{"v", boolean()}},
                 {{"v=true", R"({"v":true})"},
                  {"v=1", "", "CLO1204: v: expected Boolean, got \"1\""},
                  {"v=TRUE", "", "CLO1204: v: expected Boolean, got \"TRUE\""}});
  expect_queries({{"v", date()}},
                 {{"v=2026-01-01T00:00:00%2B01:00", R"({"v":"2025-12-31T23:00:00.000Z"})"},
                  {"v=1", "", "CLO1206: v: expected an ISO-8601 date, got \"1\""}});
  expect_queries({{"v", text()}}, {{"v=a+b%20c%2B", R"({"v":"a b c+"})"},
                                   {"v=null", R"({"v":"null"})"},
                                   {"v=", R"({"v":""})"},
                                   {"v=a=b", R"({"v":"a=b"})"},
                                   {"v=%22%5C%0A%00", R"({"v":"\"\\\n\u0000"})"}});
}

TEST(CheckQuery, NullIsAbsenceOrTheWordWhereItCannotBeText) {
  expect_queries({{"a", nullable(integer())}, {"b", nullable(text())}, {"c", nullable(any())}},
                 {{"", R"({"a":null,"b":null,"c":null})"},
                  {"a=null&b=null&c=null", R"({"a":null,"b":"null","c":null})"},
                  {"b=&a=1", R"({"b":"","a":1,"c":null})"},
                  {"a=", "", "CLO1204: a: expected Integer, got \"\""}});
}

TEST(CheckQuery, TakesJsonTextForEverythingElse) {
  expect_queries(
      {{"v", array(object("Options"))}},
      {{R"(v=[{"limit":1,"tags":[]}])", R"({"v":[{"limit":1,"tags":[]}]})"},
       {R"(v=+[]+)", R"({"v":[]})"},
       {R"(v=[{"limit":"x","tags":[]}])", "", "CLO1204: v[0].limit: expected Integer, got \"x\""},
       {R"(v=[],[])", "",
        "CLO1104: v: malformed JSON at byte 2 (line 1, column 3): unexpected text after the JSON "
        "value"},
       {R"(v=[]],[[])", "",
        "CLO1104: v: malformed JSON at byte 2 (line 1, column 3): unexpected text after the JSON "
        "value"},
       {"v=", "", "CLO1104: v: the JSON text is empty"},
       {"v=5", "", "CLO1204: v: expected an array, got 5"}});
  expect_queries(
      {{"v", any()}, {"w", partial("Horse")}},
      {{R"(w={}&v="x")", R"({"w":{},"v":"x"})"},
       {R"(v=5&w={"likes":[{}]})", R"({"v":5,"w":{"likes":[{}]}})"},
       {R"(v={"__proto__":1}&w={})", "", "CLO1208: v: a member may not be called __proto__"}});
  expect_queries({{"v", blob()}}, {{"v=\"AAAA\"", "", "CLO1204: v: expected Blob, got \"AAAA\""}});
}

TEST(CheckQuery, RefusesUnknownAndRepeatedNames) {
  expect_queries(
      {{"limit", integer()}},
      {{"limit=1&limit=1", "", "CLO1203: limit: given more than once"},
       {"limt=1", "",
        "CLO1201: limt: unknown parameter; did you mean limit?\n"
        "CLO1202: limit: missing, expected Integer"},
       {"limit=1&__proto__=2", "", "CLO1208: __proto__: a parameter may not be called __proto__"},
       {"limit=1&=2", "", "CLO1201: [\"\"]: unknown parameter"},
       {"Limit=1&limit=2", "", "CLO1201: Limit: unknown parameter; did you mean limit?"}});
}

TEST(CheckQuery, FindsTheDataSourceInAnyCase) {
  Rig rig({{"v", nullable(integer())}});
  for (const std::string_view name : {"__datasource", "__dataSource", "__DATASOURCE"}) {
    const CheckedQuery checked = rig.query("v=1&" + std::string(name) + "=with%4Cikes");
    ASSERT_TRUE(checked.ok()) << name;
    EXPECT_EQ(checked.data_source, "withLikes");
    EXPECT_EQ(checked.arguments, R"({"v":1})");
  }
  EXPECT_EQ(rig.query("v=1").data_source, "");
  EXPECT_EQ(Rig::lines(rig.query("__datasource=a&__dataSource=a").failures),
            "CLO1203: __dataSource: given more than once");
}

TEST(CheckQuery, DataSourceParametersMayBeLeftOut) {
  Rig rig({{"v", integer()}, {"source", data_source("Horse")}});
  const CheckedQuery without = rig.query("v=1");
  ASSERT_TRUE(without.ok());
  EXPECT_EQ(without.arguments, R"({"v":1})");
  EXPECT_EQ(rig.query("v=1&source=withLikes").arguments, R"({"v":1,"source":"withLikes"})");
  EXPECT_EQ(Rig::lines(rig.query("v=1&source=%27;DROP").failures),
            "CLO1209: source: Horse has no data source \"';DROP\"");
}

TEST(CheckQuery, RefusesBrokenEscapesAndTooMuch) {
  Rig rig(text());
  for (const std::string_view query : {"v=%", "v=%4", "v=%zz", "%zz=1", "v=%FF", "v=%C3"}) {
    const CheckedQuery checked = rig.query(query);
    ASSERT_EQ(checked.failures.size(), 1U) << query;
    EXPECT_EQ(checked.failures[0].code, ErrorCode::kMalformedUrl) << query;
  }
  std::string many = "v=1";
  for (int count = 0; count < 10'000; ++count) many += "&x=1";
  EXPECT_EQ(rig.query(many).failures.size(), 16U);
}

TEST(CheckQuery, AMethodWithoutParametersTakesOnlyTheDataSource) {
  Rig rig(text());
  const auto check = [&rig](std::string_view query) {
    return rig.validator().check_query(rig.validator().types().no_parameters(), rig.reader(), query,
                                       rig.arena());
  };
  EXPECT_EQ(check("").arguments, "{}");
  EXPECT_EQ(check("__datasource=none").data_source, "none");
  EXPECT_EQ(Rig::lines(check("v=1").failures), "CLO1201: v: unknown parameter");
}

}  // namespace
}  // namespace cloesce::validate
