// What callers see: the same rows without hidden members, and nothing more is read for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "orm/fixture.h"
#include "orm/interfaces.h"

namespace cloesce::orm {
namespace {

using testing::column;
using testing::Fixture;
using testing::foreign_key;
using ::testing::HasSubstr;
using testing::key;
using testing::model;
using ::testing::Not;
using testing::nullable;
using testing::to_many;
using testing::to_one;
using testing::tree_of;
using testing::type_of;

/// User { id, name, token (hidden), posts, drafts (hidden), boss (hidden) }, Post { id, userId,
/// text, ip (hidden), user }. Plain { id, postId, post } hides nothing of its own.
cidl::Interface hiding() {
  using cidl::TypeKind;
  cidl::Interface interface;
  cidl::Model user =
      model("User",
            {key("id", TypeKind::kInteger), column("name", TypeKind::kText),
             column("token", TypeKind::kText),
             foreign_key("bossId", nullable(TypeKind::kInteger), "User", "id")},
            {to_many("posts", "Post", {"userId"}), to_many("drafts", "Post", {"userId"}),
             to_one("boss", "User", {"bossId"})});
  user.columns[2].access = cidl::Access::kHidden;
  user.columns[3].access = cidl::Access::kHidden;
  user.navigations[1].access = cidl::Access::kHidden;
  user.navigations[2].access = cidl::Access::kHidden;
  cidl::Model post =
      model("Post",
            {key("id", TypeKind::kInteger),
             foreign_key("userId", type_of(TypeKind::kInteger), "User", "id"),
             column("text", TypeKind::kText), column("ip", nullable(TypeKind::kText))},
            {to_one("user", "User", {"userId"})});
  post.columns[3].access = cidl::Access::kHidden;
  cidl::Model plain = model("Plain",
                            {key("id", TypeKind::kInteger),
                             foreign_key("postId", type_of(TypeKind::kInteger), "Post", "id")},
                            {to_one("post", "Post", {"postId"})});
  cidl::Model alone = model("Alone", {key("id", TypeKind::kInteger)});
  interface.models = {user, post, plain, alone};
  return interface;
}

struct Hiding : Fixture {
  Hiding() : Fixture(hiding()) {
    database.execute(R"(
      insert into "User" values (1, 'Ada', 'secret', null), (2, 'Bea', 'secret', 1);
      insert into "Post" values (10, 1, 'hello', '10.0.0.1');
      insert into "Plain" values (5, 10);
    )");
  }

  std::string open(std::string_view name, const std::string& text, RowForm form) {
    sources.push_back(image::testing::built_data_source(tree_of(text)));
    auto tree = resolve_include_tree(model(name), *sources.back(), reader, arena, View::kOpen);
    EXPECT_TRUE(tree.ok());
    auto plan = plan_select(*tree, {.rows = form});
    EXPECT_TRUE(plan.ok());
    sql.clear();
    for (std::size_t index = 0; index < plan->batch_size(); ++index) {
      sql += plan->batch_sql(index);
      sql += ";";
    }
    return run(*plan, Cardinality::kMany, "[]");
  }

  std::string sql;
};

TEST(OpenView, LeavesHiddenMembersOutOfTheStatementsAtEveryLevel) {
  Hiding fixture;
  for (const RowForm form : {RowForm::kJoined, RowForm::kSeparate}) {
    EXPECT_EQ(fixture.open("User", "posts(user) drafts boss", form),
              R"([{"id":1,"name":"Ada","posts":[{"id":10,"userId":1,"text":"hello","user":)"
              R"({"id":1,"name":"Ada","posts":[]}}]},{"id":2,"name":"Bea","posts":[]}])");
    EXPECT_THAT(fixture.sql, Not(HasSubstr("token")));
    EXPECT_THAT(fixture.sql, Not(HasSubstr("bossId")));
    EXPECT_THAT(fixture.sql, Not(HasSubstr("\"ip\"")));
    EXPECT_EQ(fixture.open("Plain", "post(user(drafts boss))", form),
              R"([{"id":5,"postId":10,"post":{"id":10,"userId":1,"text":"hello","user":)"
              R"({"id":1,"name":"Ada","posts":[]}}}])");
    EXPECT_THAT(fixture.sql, Not(HasSubstr("token")));
  }
}

TEST(OpenView, TheWholeViewReadsAllOfThem) {
  Hiding fixture;
  EXPECT_EQ(fixture.list("User", "boss"),
            R"([{"id":1,"name":"Ada","token":"secret","bossId":null,"posts":[],"drafts":[]},)"
            R"({"id":2,"name":"Bea","token":"secret","bossId":1,"posts":[],"drafts":[],"boss":)"
            R"({"id":1,"name":"Ada","token":"secret","bossId":null,"posts":[],"drafts":[]}}])");
}

TEST(OpenView, TheTwoViewsShareNoPlan) {
  Hiding fixture;
  const IncludeTree open = empty_include_tree(fixture.model("User"), fixture.arena, View::kOpen);
  const IncludeTree whole = empty_include_tree(fixture.model("User"), fixture.arena);
  auto first = fixture.cache.select(open, {});
  auto second = fixture.cache.select(whole, {});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_THAT(std::string((*first)->batch_sql(0)), Not(HasSubstr("token")));
  EXPECT_THAT(std::string((*second)->batch_sql(0)), HasSubstr("token"));
}

TEST(OpenView, AModelConcealsWhatItsRelationsLeadTo) {
  const Hiding fixture;
  EXPECT_EQ(fixture.model("User").conceals, 1);
  EXPECT_EQ(fixture.model("Plain").conceals, 1);
  EXPECT_EQ(fixture.model("Alone").conceals, 0);
}

}  // namespace
}  // namespace cloesce::orm
