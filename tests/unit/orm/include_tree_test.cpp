// Include trees: what is accepted, how it is ordered, and what messages name.
#include "orm/include_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "orm/fixture.h"
#include "orm/interfaces.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;
using ::testing::HasSubstr;

// The tree's key, or the message of the failure.
std::string parse(Fixture& fixture, std::string_view text) {
  const simdjson::padded_string_view padded = json::pad(fixture.arena, text);
  auto wrapped = fixture.reader.open(padded);
  if (!wrapped.ok()) return render(wrapped.error());
  json::Array list;
  json::Value root;
  if ((*wrapped)->get_array(list) || !list.next(root)) return "no value";
  auto tree = parse_include_tree(fixture.model("Author"), root, fixture.reader, fixture.arena);
  return tree.ok() ? std::string(tree->key) : render(tree.error());
}

TEST(IncludeTree, NullIncludesNothing) {
  Fixture fixture(testing::library());
  const std::string empty(empty_include_tree(fixture.model("Author"), fixture.arena).key);
  EXPECT_EQ(parse(fixture, "[null]"), empty);
  EXPECT_EQ(parse(fixture, "[{}]"), empty);
  EXPECT_EQ(parse(fixture, R"([{"books":null}])"), empty);
  EXPECT_NE(parse(fixture, R"([{"books":{}}])"), empty);
}

TEST(IncludeTree, TheKeyDoesNotDependOnTheOrderOfSiblings) {
  Fixture fixture(testing::library());
  EXPECT_EQ(parse(fixture, R"([{"books":{"tags":{},"pages":{}},"mentor":{}}])"),
            parse(fixture, R"([{"mentor":{},"books":{"pages":{},"tags":{}}}])"));
  EXPECT_EQ(parse(fixture, R"([{"books":{"tags":{}},"mentor":{}}])"),
            fixture.tree("Author", "mentor books(tags)").key);
  EXPECT_NE(parse(fixture, R"([{"books":{"author":{}},"mentor":{}}])"),
            parse(fixture, R"([{"books":{},"mentor":{"books":{}}}])"));
}

TEST(IncludeTree, NamesTheRelationThatDoesNotExist) {
  Fixture fixture(testing::library());
  EXPECT_EQ(parse(fixture, R"([{"books":{"authors":{}}}])"),
            "CLO1402: books.authors: Book has no relation of that name");
  EXPECT_EQ(parse(fixture, R"([{"name":{}}])"),
            "CLO1402: name: Author has no relation of that name");
  EXPECT_EQ(parse(fixture, R"([{"__proto__":{}}])"),
            "CLO1402: __proto__: Author has no relation of that name");
  EXPECT_EQ(parse(fixture, R"([{"books":true}])"),
            "CLO1402: books: expected an object of relations, got true");
  EXPECT_EQ(parse(fixture, "[[]]"), "CLO1402: expected an object of relations, got an array");
  EXPECT_EQ(parse(fixture, R"([{"books":{},"books":{}}])"),
            "CLO1402: books: the relation is named twice");
}

TEST(IncludeTree, IsLimitedInDepthAndSize) {
  Fixture fixture(testing::library());
  std::string deep = "{}";
  for (std::size_t level = 0; level < kMaximumTreeDepth; ++level)
    deep = R"({"mentor":)" + deep + "}";
  EXPECT_THAT(parse(fixture, "[" + deep + "]"), ::testing::Not(HasSubstr("CLO")));
  EXPECT_THAT(parse(fixture, R"([{"mentor":)" + deep + "}]"), HasSubstr("CLO1210"));
  std::string broad = "{}";
  for (int level = 0; level < 6; ++level)
    broad = R"({"mentor":)" + broad + R"(,"students":)" + broad + "}";
  EXPECT_THAT(parse(fixture, "[" + broad + "]"), HasSubstr("CLO1210"));
  std::string bottomless = "[";
  for (int level = 0; level < 900; ++level) bottomless += R"({"mentor":)";
  bottomless += "{}" + std::string(900, '}') + "]";
  EXPECT_THAT(parse(fixture, bottomless), HasSubstr("CLO1210"));
}

}  // namespace
}  // namespace cloesce::orm
