// Keys in the path, and single values.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "validate/horse_interface.h"

namespace cloesce::validate {
namespace {

struct KeyCase {
  cidl::TypeKind kind;
  std::string_view segment;
  std::string_view keys;  // empty: refused
  std::string_view failure = {};
};

/// What becomes of the key segments of `model`: the keys, or what is wrong with them.
Result<std::string> check_keys(cidl::Model model, std::string_view segments) {
  cidl::Interface interface;
  interface.models = {std::move(model)};
  const auto types = image::testing::built_types(interface);
  Arena arena;
  const auto keys = Validator(*types).check_keys(0, segments, arena);
  if (!keys.ok()) return Failure{keys.error()};
  return std::string(*keys);
}

TEST(CheckKeys, TypesASegmentByItsColumn) {
  using Kind = cidl::TypeKind;
  const KeyCase cases[] = {
      {Kind::kInteger, "12", "[12]"},
      {Kind::kInteger, "0", "[0]"},
      {Kind::kInteger, "-3", "[-3]"},
      {Kind::kInteger, "%31", "[1]"},
      {Kind::kInteger, "", "", "CLO1004: id: expected Integer, got \"\""},
      {Kind::kInteger, "abc", "", "CLO1004: id: expected Integer, got \"abc\""},
      {Kind::kInteger, "1%20", "", "CLO1004: id: expected Integer, got \"1 \""},
      {Kind::kInteger, "+1", "", "CLO1004: id: expected Integer, got \"+1\""},
      {Kind::kInteger, "1;DROP%20TABLE", "", "CLO1004: id: expected Integer, got \"1;DROP TABLE\""},
      {Kind::kInteger, "undefined", "", "CLO1004: id: expected Integer, got \"undefined\""},
      {Kind::kInteger, "9007199254740993", "",
       "CLO1004: id: expected an Integer between -(2^53 - 1) and 2^53 - 1, got "
       "\"9007199254740993\""},
      {Kind::kText, "a%2Fb", R"(["a/b"])"},
      {Kind::kText, "", R"([""])"},
      {Kind::kText, "a+b", R"(["a+b"])"},
      {Kind::kText, "%22%00", R"(["\"\u0000"])"},
      {Kind::kText, "%F0%9F%90%8E", "[\"\xF0\x9F\x90\x8E\"]"},
      {Kind::kReal, "1.5", "[1.5]"},
      {Kind::kReal, "1e999", "", "CLO1004: id: expected Real, got \"1e999\""},
      {Kind::kBoolean, "true", "[true]"},
      {Kind::kDateIso, "2026-01-01", R"(["2026-01-01T00:00:00.000Z"])"},
      {Kind::kDateIso, "x", "", "CLO1004: id: expected an ISO-8601 date, got \"x\""},
      {Kind::kBlob, "AAAA", "", "CLO1004: id: expected a scalar, got \"AAAA\""},
  };
  for (const KeyCase& expected : cases) {
    SCOPED_TRACE(expected.segment);
    cidl::Model model;
    model.columns = {column("other", text()),
                     column("id", type_of(expected.kind), cidl::KeyRole::kPrimaryKey)};
    const auto keys = check_keys(model, expected.segment);
    ASSERT_EQ(keys.ok(), expected.failure.empty());
    if (keys.ok()) {
      EXPECT_EQ(*keys, expected.keys);
    } else {
      EXPECT_EQ(render(keys.error()), expected.failure);
    }
  }
}

TEST(CheckKeys, TakesOneSegmentForEachKeyColumn) {
  cidl::Model model;
  model.columns = {column("left", integer(), cidl::KeyRole::kPrimaryKey),
                   column("right", text(), cidl::KeyRole::kPrimaryKey)};
  const auto check = [&](std::string_view keys) {
    const auto checked = check_keys(model, keys);
    return checked.ok() ? std::string(*checked) : render(checked.error());
  };
  EXPECT_EQ(check("1/a%2Fb"), R"([1,"a/b"])");
  EXPECT_EQ(check("1/"), R"([1,""])");
  EXPECT_EQ(check("1"), "CLO1004: right: missing");
  EXPECT_EQ(check("1/a/b"), "CLO1004: more key segments than key columns");
  EXPECT_EQ(check("x/%zz"), "CLO1004: left: expected Integer, got \"x\"");
  EXPECT_EQ(check("1/%zz").substr(0, 7), "CLO1003");
  EXPECT_EQ(check("1/%FF").substr(0, 7), "CLO1003");

  cidl::Model file;
  file.storage = cidl::StorageKind::kR2;
  const auto key = check_keys(file, "a%2Fb.png");
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(*key, R"(["a/b.png"])");
}

TEST(CheckValue, ChecksAnyValueAlone) {
  Rig rig(text());
  const TypeTable& types = rig.validator().types();
  const ShapeId horse = types.model_shape(2);
  const auto check = [&](TypeId type, std::string_view value) {
    const Checked checked = rig.validator().check_value(
        type, rig.reader(), json::pad(rig.arena(), value), BlobSource{}, rig.arena());
    return checked.ok() ? std::string(checked.json) : Rig::lines(checked.failures);
  };
  EXPECT_EQ(check(types.partial_type(horse), R"( {"name": "a"} )"), R"({"name": "a"})");
  EXPECT_EQ(check(types.object_type(horse), R"({"name": 1})"),
            "CLO1204: name: expected Text, got 1\nCLO1202: id: missing, expected Integer");
  EXPECT_EQ(check(types.partial_type(horse), R"({"likes": [{"id": "x"}]})"),
            "CLO1204: likes[0].id: expected Integer, got \"x\"");
  EXPECT_EQ(check(types.partial_type(horse), "5"), "CLO1204: expected Horse object, got 5");
  EXPECT_EQ(check(types.partial_type(horse), "{} {}").substr(0, 7), "CLO1104");
  EXPECT_EQ(check(types.partial_type(horse), "{").substr(0, 7), "CLO1104");
  EXPECT_EQ(check(types.partial_type(horse), "").substr(0, 7), "CLO1104");

  const ShapeId options{static_cast<std::uint32_t>(rig.interface().models.size())};
  EXPECT_EQ(check(types.object_type(options), R"({"limit": 1, "tags": []})"),
            R"({"limit": 1, "tags": []})");
  EXPECT_EQ(types.describe(types.object_type(options)), "Options object");
}

TEST(NamesDataSource, KnowsTheModelsOwnAndNone) {
  const auto types = image::testing::built_types(horse_interface({}));
  EXPECT_TRUE(types->names_data_source(2, "withLikes"));
  EXPECT_TRUE(types->names_data_source(2, "none"));
  EXPECT_FALSE(types->names_data_source(2, "withlikes"));
  EXPECT_FALSE(types->names_data_source(2, ""));
  EXPECT_FALSE(types->names_data_source(0, "withLikes"));
}

}  // namespace
}  // namespace cloesce::validate
