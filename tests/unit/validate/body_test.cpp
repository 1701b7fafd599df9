// Bodies against their types: what is taken, what is refused, and how the refusal reads.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "validate/horse_interface.h"

namespace cloesce::validate {
namespace {

struct ValueCase {
  std::string_view value;
  std::string_view failures = {};
};

void expect_values(const cidl::Type& type, const std::vector<ValueCase>& cases) {
  Rig rig(type);
  for (const ValueCase& expected : cases) {
    EXPECT_EQ(rig.failures_of_value(expected.value), expected.failures) << expected.value;
  }
}

TEST(CheckBody, IntegersAreExact) {
  expect_values(
      integer(),
      {{"0"},
       {"-0"},
       {"-17"},
       {"9007199254740991"},
       {"-9007199254740991"},
       {"9007199254740992",
        "CLO1205: v: expected an Integer between -(2^53 - 1) and 2^53 - 1, got 9007199254740992"},
       {"-9007199254740992",
        "CLO1205: v: expected an Integer between -(2^53 - 1) and 2^53 - 1, got -9007199254740992"},
       {"123456789012345678901234567890",
        "CLO1205: v: expected an Integer between -(2^53 - 1) and 2^53 - 1, got "
        "123456789012345678901234567890"},
       {"1.0", "CLO1204: v: expected Integer, got 1.0"},
       {"1e3", "CLO1204: v: expected Integer, got 1e3"},
       {"1e400", "CLO1204: v: expected Integer, got 1e400"},
       {"\"x\"", "CLO1204: v: expected Integer, got \"x\""},
       {"null", "CLO1204: v: expected Integer, got null"},
       {"true", "CLO1204: v: expected Integer, got true"},
       {"[1]", "CLO1204: v: expected Integer, got an array"},
       {"{}", "CLO1204: v: expected Integer, got an object"}});
}

TEST(CheckBody, RealsAreFiniteNumbers) {
  expect_values(real(), {{"0"},
                         {"-0.0"},
                         {"1.5e300"},
                         {"5e-324"},
                         {"123456789012345678901234567890"},
                         {"1e400", "CLO1204: v: expected Real, got 1e400"},
                         {"-1e400", "CLO1204: v: expected Real, got -1e400"},
                         {"\"1\"", "CLO1204: v: expected Real, got \"1\""},
                         {"null", "CLO1204: v: expected Real, got null"}});
}

TEST(CheckBody, TextsAndBooleansAreNotConverted) {
  expect_values(text(), {{"\"\""},
                         {"\"\\u0000\\n\\\"\\\\\\/\""},
                         {"\"\\uD83D\\uDC0E\""},
                         {"\"\xF0\x9F\x90\x8E\""},
                         {"1", "CLO1204: v: expected Text, got 1"},
                         {"false", "CLO1204: v: expected Text, got false"},
                         {"[\"a\"]", "CLO1204: v: expected Text, got an array"}});
  expect_values(boolean(), {{"true"},
                            {"false"},
                            {"0", "CLO1204: v: expected Boolean, got 0"},
                            {"\"true\"", "CLO1204: v: expected Boolean, got \"true\""},
                            {"null", "CLO1204: v: expected Boolean, got null"}});
}

TEST(CheckBody, DatesAreIso8601) {
  expect_values(date(),
                {{"\"2026-02-28\""},
                 {"\"2026-02-28T23:59:59.123Z\""},
                 {"\"2026-02-28T23:59:59.123\\u005A\""},
                 {"\"2026-02-30\"", "CLO1206: v: expected an ISO-8601 date, got \"2026-02-30\""},
                 {"\"yesterday\"", "CLO1206: v: expected an ISO-8601 date, got \"yesterday\""},
                 {"\"\"", "CLO1206: v: expected an ISO-8601 date, got \"\""},
                 {"1700000000", "CLO1204: v: expected an ISO-8601 date, got 1700000000"}});
}

TEST(CheckBody, NullIsOnlyForNullables) {
  expect_values(nullable(integer()),
                {{"null"}, {"3"}, {"\"x\"", "CLO1204: v: expected Integer or null, got \"x\""}});
  expect_values(nullable(array(nullable(date()))),
                {{"null"},
                 {"[null, \"2026-01-01\"]"},
                 {"[1]", "CLO1204: v[0]: expected an ISO-8601 date or null, got 1"}});
  expect_values(array(integer()), {{"[]"},
                                   {"[1, 2]"},
                                   {"null", "CLO1204: v: expected an array, got null"},
                                   {"[null]", "CLO1204: v[0]: expected Integer, got null"},
                                   {"{}", "CLO1204: v: expected an array, got an object"}});
}

TEST(CheckBody, AnyJsonIsAny) {
  expect_values(any(), {{"null"},
                        {"{\"a\": [1, {\"b\": \"c\"}], \"a\": 1e300}"},
                        {"{\"a\": [{\"__proto__\": 1}]}",
                         "CLO1208: v.a[0]: a member may not be called __proto__"}});
}

TEST(CheckBody, ObjectsOfABucketSayWhatR2Says) {
  const std::string head =
      R"({"key": "a", "version": "v", "size": 1, "etag": "e", "httpEtag": "\"e\"",
          "uploaded": "2026-01-01T00:00:00.000Z", "httpMetadata": {}, "customMetadata": null})";
  expect_values(type_of(cidl::TypeKind::kR2Object),
                {{head},
                 {"[]", "CLO1204: v: expected R2Object object, got an array"},
                 {R"({"key": "a", "version": "v", "etag": "e", "httpEtag": "e", "uploaded": "x",
                      "checksums": [], "size": 0.5})",
                  "CLO1206: v.uploaded: expected an ISO-8601 date, got \"x\"\n"
                  "CLO1204: v.checksums: expected an object or null, got an array\n"
                  "CLO1204: v.size: expected Integer, got 0.5"}});
  expect_values(object("File"),
                {{"{\"head\": " + head + "}"},
                 {"{\"head\": null}", "CLO1204: v.head: expected R2Object object, got null"},
                 {"1", "CLO1204: v: expected File object, got 1"}});
}

TEST(CheckBody, EntriesOfANamespaceHaveTheirTypeOfValue) {
  cidl::Type entry = type_of(cidl::TypeKind::kKvValue);
  entry.inner = {type_of(cidl::TypeKind::kText)};
  expect_values(entry, {{R"({"key": "k", "value": "v", "metadata": {"any": [1]}})"},
                        {R"({"value": "v", "key": "k"})"},
                        {R"({"key": "k", "value": 1})", "CLO1204: v.value: expected Text, got 1"},
                        {R"({"key": "k"})", "CLO1202: v.value: missing, expected Text"},
                        {R"({"key": "k", "value": "v", "metadata": {"__proto__": 1}})",
                         "CLO1208: v.metadata: a member may not be called __proto__"}});
}

TEST(CheckBody, StreamsAndUnknownTypesAreNeverJson) {
  expect_values(type_of(cidl::TypeKind::kStream), {{"1", "CLO1204: v: expected nothing, got 1"}});
  expect_values(object("Unicorn"), {{"{}", "CLO1204: v: expected nothing, got an object"}});
  expect_values(data_source("Options"),
                {{"\"none\"", "CLO1204: v: expected nothing, got \"none\""}});
}

TEST(CheckBody, ModelsNeedAllTheirColumns) {
  expect_values(
      object("Horse"),
      {{R"({"id": 1, "name": "a", "bio": null})"},
       {R"({"name": "a", "id": 1})"},
       {R"({"id": 1, "name": "a", "likes": [], "rider": null})"},
       {R"({"id": 1, "name": "a", "likes": [{"id": 2, "horse": {"id": 3, "name": "b"}}],
            "rider": {"name": "r", "weight": 60.5}})"},
       {R"({"id": 1})", "CLO1202: v.name: missing, expected Text"},
       {R"({})",
        "CLO1202: v.id: missing, expected Integer\nCLO1202: v.name: missing, expected Text"},
       {R"({"id": 1, "name": "a", "likes": [{"id": 2}, {"horse": {"id": "x"}}]})",
        "CLO1204: v.likes[1].horse.id: expected Integer, got \"x\"\n"
        "CLO1202: v.likes[1].horse.name: missing, expected Text\n"
        "CLO1202: v.likes[1].id: missing, expected Integer"},
       {R"({"id": 1, "name": "a", "likes": null})",
        "CLO1204: v.likes: expected an array, got null"},
       {R"({"id": 1, "name": "a", "rider": []})",
        "CLO1204: v.rider: expected Rider object or null, got an array"},
       {R"({"id": 1, "name": "a", "nmae": 1})",
        "CLO1201: v.nmae: unknown member, Horse has none of this name; did you mean name?"},
       {R"({"id": 1, "name": "a", "Bio": "x"})",
        "CLO1201: v.Bio: unknown member, Horse has none of this name; did you mean bio?"},
       {R"({"id": 1, "name": "a", "somethingElse": {"deep": [1]}})",
        "CLO1201: v.somethingElse: unknown member, Horse has none of this name"},
       {R"({"id": 1, "name": "a", "id": 1})", "CLO1203: v.id: given more than once"},
       {R"({"id": 1, "name": "a", "\u0069d": 1})", "CLO1203: v.id: given more than once"},
       {R"({"\u0069d": 1, "n\u0061me": "a"})"},
       {R"([1])", "CLO1204: v: expected Horse object, got an array"}});
}

TEST(CheckBody, PlainObjectsNeedAllTheirFields) {
  expect_values(
      object("Options"),
      {{R"({"limit": 1, "tags": []})"},
       {R"({"limit": 1, "tags": ["a"], "label": null, "inner": {"limit": 2, "tags": []}})"},
       {R"({"limit": 1, "tags": ["a", 2], "inner": {"tags": []}})",
        "CLO1204: v.tags[1]: expected Text, got 2\n"
        "CLO1202: v.inner.limit: missing, expected Integer"}});
}

TEST(CheckBody, InsideAPartialEverythingIsOptional) {
  expect_values(
      partial("Horse"),
      {{"{}"},
       {R"({"likes": [{}, {"horse": {"rider": {}}}], "name": "a"})"},
       {R"({"id": null})", "CLO1204: v.id: expected Integer, got null"},
       {R"({"bio": null})"},
       {R"({"likes": [{"horse": {"rider": {"weight": "x"}}}]})",
        "CLO1204: v.likes[0].horse.rider.weight: expected Real, got \"x\""},
       {R"({"horse": 1})", "CLO1201: v.horse: unknown member, Horse has none of this name"},
       {R"({"likes": [{"id": 1, "id": 1}]})", "CLO1203: v.likes[0].id: given more than once"}});
  expect_values(partial("Options"),
                {{R"({"inner": {"inner": {"label": "x"}}})"},
                 {R"({"tags": [null]})", "CLO1204: v.tags[0]: expected Text, got null"}});
}

TEST(CheckBody, ForbiddenNamesAreRefusedHoweverTheyAreSpelled) {
  Rig rig(object("Options"));
  for (const std::string_view name : {"__proto__", "__pro\\u0074o__", "\\u005f_proto__"}) {
    const std::string member = "\"" + std::string(name) + "\": {}";
    EXPECT_EQ(rig.failures_of_value(R"({"limit": 1, "tags": [], )" + member + "}"),
              "CLO1208: v.__proto__: a member may not be called __proto__");
    EXPECT_EQ(rig.failures_of_body("{" + member + R"(, "v": {"limit": 1, "tags": []}})"),
              "CLO1208: __proto__: a member may not be called __proto__");
  }
}

TEST(CheckBody, ParametersAreCheckedByName) {
  Rig rig({{"horse", object("Horse")},
           {"request", type_of(cidl::TypeKind::kInject, "Request")},
           {"count", nullable(integer())},
           {"source", data_source("Horse")}});
  EXPECT_EQ(rig.failures_of_body(R"({"horse": {"id": 1, "name": "a"}, "count": 2})"), "");
  EXPECT_EQ(rig.failures_of_body("{}"), "CLO1202: horse: missing, expected Horse object");
  EXPECT_EQ(rig.failures_of_body(R"({"hrose": 1, "request": 1})"),
            "CLO1201: hrose: unknown parameter; did you mean horse?\n"
            "CLO1201: request: unknown parameter\n"
            "CLO1202: horse: missing, expected Horse object");
  EXPECT_EQ(rig.failures_of_body(R"({"horse": {"id": 1, "name": "a"}, "source": "other"})"),
            "CLO1209: source: Horse has no data source \"other\"");
  EXPECT_EQ(rig.failures_of_body(R"({"horse": {"id": 1, "name": "a"}, "source": "withLikes"})"),
            "");
  EXPECT_EQ(rig.failures_of_body(R"({"horse": {"id": 1, "name": "a"}, "source": "none"})"), "");
  for (const std::string_view body : {"[]", "1", "\"x\"", "null", " [{\"horse\": 1}] "}) {
    EXPECT_EQ(rig.failures_of_body(body), "CLO1204: expected one JSON object by parameter name")
        << body;
  }
}

TEST(CheckBody, BorrowsTheBodyWhenNothingIsRewritten) {
  Rig rig(object("Options"));
  const std::string_view text = R"( {"v": {"limit": 1, "tags": ["a\n"]}} )";
  const simdjson::padded_string_view body = json::pad(rig.arena(), text);
  const Checked checked =
      rig.validator().check_body(rig.parameters(), rig.reader(), body, BlobSource{}, rig.arena());
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked.rewriting, Rewriting::kAsReceived);
  EXPECT_EQ(checked.json.data(), body.data() + 1);
  EXPECT_EQ(checked.json, R"({"v": {"limit": 1, "tags": ["a\n"]}})");
}

TEST(CheckBody, ExcerptsInMessagesAreCutAndEscaped) {
  Rig rig(date());
  EXPECT_EQ(rig.failures_of_value("\"" + std::string(100, 'x') + "\""),
            "CLO1206: v: expected an ISO-8601 date, got \"" + std::string(40, 'x') + "...\"");
  EXPECT_EQ(rig.failures_of_value("\"a\\u0000\\n\\\"b\""),
            "CLO1206: v: expected an ISO-8601 date, got \"a\\u0000\\u000a\\\"b\"");
  EXPECT_EQ(rig.failures_of_body(R"({"v": "2026-01-01", "two\nlines and \"quotes\"": 1})"),
            "CLO1201: [\"two\\u000alines and \\\"quotes\\\"\"]: unknown parameter");
}

}  // namespace
}  // namespace cloesce::validate
