// What a query may say, what is said of one that may not, and what stays within D1's limits.
#include "orm/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "orm/fixture.h"
#include "orm/interfaces.h"
#include "orm/page_cursor.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;
using ::testing::HasSubstr;

struct Answer {
  std::string objects;  // or the message of a failure
  std::string cursor;
  std::string sql;
};

Answer ask(Fixture& fixture, std::string_view name, const QueryInput& input,
           const std::string& tree = {}, RowForm form = RowForm::kJoined) {
  const ModelSchema& model = fixture.model(name);
  auto query = parse_query(model, input, nullptr, fixture.reader, fixture.arena);
  if (!query.ok()) return {std::string(render(query.error())), {}, {}};
  auto plan = plan_select(fixture.tree(name, tree),
                          {.kind = Selection::kQuery, .rows = form, .from = query->code});
  if (!plan.ok()) return {std::string(render(plan.error())), {}, {}};
  const auto outcome = fixture.database.run(bind_select(*plan, query->parameters, fixture.arena));
  EXPECT_TRUE(outcome.ok) << outcome.text;
  Page page{input.limit};
  auto mapped = map_rows(*plan, Cardinality::kMany, {json::pad(fixture.arena, outcome.text), 0},
                         fixture.reader, fixture.arena, &page);
  if (!mapped.ok()) return {std::string(render(mapped.error())), {}, {}};
  Answer answer{std::string(*mapped), {}, std::string(plan->batch_sql(plan->batch_size() - 1))};
  if (page.more) {
    auto cursor = write_cursor(model, query->code, page.values, fixture.arena);
    answer.cursor = cursor.ok() ? std::string(*cursor) : std::string(render(cursor.error()));
  }
  return answer;
}

std::string where(Fixture& fixture, std::string_view name, std::string_view text) {
  return ask(fixture, name, {.where = text}).objects;
}

std::string order(Fixture& fixture, std::string_view name, std::string_view text) {
  return ask(fixture, name, {.order = text}).objects;
}

TEST(Query, WhatTheModelDoesNotHaveIsNamed) {
  Fixture fixture(testing::library());
  EXPECT_EQ(where(fixture, "Book", R"({"titel":"x"})"),
            "CLO1213: where.titel: Book has no column and no relation of that name");
  EXPECT_EQ(where(fixture, "Book", R"({"author":{"name":{"has":"x"}}})"),
            "CLO1213: where.author.name: there is no operator \"has\"");
  EXPECT_EQ(where(fixture, "Book", R"({"id":"7"})"),
            "CLO1213: where.id: expected an Integer, got \"7\"");
  EXPECT_EQ(where(fixture, "Book", R"({"title":{"gt":null}})"),
            "CLO1213: where.title.gt: expected a text, got null");
  EXPECT_EQ(where(fixture, "Book", R"({"pages":{"id":1}})"),
            "CLO1213: where.pages: expected some, every or none, got id");
  EXPECT_EQ(where(fixture, "Book", R"({"price":{"contains":"1"}})"),
            "CLO1213: where.price.contains: only a text can be looked into");
  EXPECT_EQ(where(fixture, "Book", R"([1])"),
            "CLO1213: where: expected an object of conditions, got an array");
  EXPECT_EQ(where(fixture, "Book", R"({"OR":{"id":[1]}})"),
            "CLO1213: where.id: expected an Integer, got an array");
  EXPECT_EQ(order(fixture, "Book", R"({"title":"up"})"),
            "CLO1213: orderBy.title: expected asc or desc, got \"up\"");
  EXPECT_EQ(order(fixture, "Book", R"({"title":"asc","id":"asc"})"),
            "CLO1213: orderBy.title: write one object for each column of the order");
  EXPECT_EQ(order(fixture, "Book", R"([{"pages":{"id":"asc"}}])"),
            "CLO1213: orderBy.pages: Book has no column and no relation to one row of that name");
  EXPECT_THAT(where(fixture, "Book", R"({"id":1)"), HasSubstr("CLO1104"));
  EXPECT_THAT(where(fixture, "Book", R"({"id":1} {})"), HasSubstr("CLO1213"));
}

TEST(Query, WhatIsTooMuchIsNamed) {
  Fixture fixture(testing::library());
  std::string many = R"({"OR":[)";
  for (int index = 0; index < 70; ++index) many += R"({"id":1},)";
  many.back() = ']';
  EXPECT_EQ(where(fixture, "Book", many + "}"),
            "CLO1210: where.id: a query has at most 64 conditions");
  std::string deep;
  for (int index = 0; index < 9; ++index) deep += R"({"NOT":)";
  EXPECT_EQ(where(fixture, "Book", deep + "{}" + std::string(9, '}')),
            "CLO1210: where: a query has at most 8 levels");
  const std::string terms = R"([{"id":"asc"},{"id":"asc"},{"id":"asc"},{"id":"asc"},{"id":"asc"},)"
                            R"({"id":"asc"},{"id":"asc"},{"id":"asc"},{"id":"asc"}])";
  EXPECT_EQ(order(fixture, "Book", terms),
            "CLO1210: orderBy: a query has at most 8 columns in its order");
  const std::string large = R"({"title":{"in":[")" + std::string(1'100'000, 'x') + R"("]}})";
  EXPECT_EQ(where(fixture, "Book", large),
            "CLO1210: where.title.in: the values of a list have at most 1000000 bytes");
}

TEST(Query, LargeQueriesStayWithinTheDepthOfExpressions) {
  Fixture fixture(testing::library());
  std::string leaves;
  for (int index = 0; index < 12; ++index) leaves += R"({"title":{"endsWith":"x"}},)";
  leaves.back() = ']';
  const std::string any = R"({"OR":[)" + leaves + "}";
  const std::string query = R"({"AND":[{"tags":{"none":{"books":{"some":)" + any +
                            R"(}}}},{"NOT":{"NOT":)" + any + "}}]}";
  const std::string terms = R"([{"price":"desc"},{"publisherCode":"asc"},{"author":{"mentorId":)"
                            R"("desc"}},{"title":"asc"},{"author":{"name":"desc"}},)"
                            R"({"publisher":{"city":"asc"}},{"authorId":"desc"}])";
  fixture.database.execute(R"(insert into "Author" values (1, 'a', null);
    insert into "Book" values (1, 'x', 1, null, null), (2, 'x', 1, null, 0.1), (3, 'x', 1, null, 2);)");
  const std::string tree = "author(books(tags(books(pages(book))))) pages tags";
  for (const RowForm form : {RowForm::kJoined, RowForm::kSeparate}) {
    const Answer first =
        ask(fixture, "Book", {.where = query, .order = terms, .limit = 1}, tree, form);
    EXPECT_THAT(first.objects, HasSubstr("{\"id\":3,")) << first.sql;
    const Answer second =
        ask(fixture, "Book", {.where = query, .order = terms, .after = first.cursor, .limit = 2},
            tree, form);
    EXPECT_THAT(second.objects, HasSubstr("{\"id\":2,"));
    EXPECT_THAT(second.objects, HasSubstr("{\"id\":1,"));
    EXPECT_EQ(second.cursor, "");
  }
}

TEST(Query, AListMayHaveFiftyThousandValues) {
  Fixture fixture(testing::library());
  fixture.database.execute(R"(insert into "Author" values (1, 'a', null), (49999, 'b', null);)");
  std::string values = R"({"id":{"in":[)";
  for (int index = 2; index <= 50'001; ++index) values += std::to_string(index) + ",";
  values.back() = ']';
  EXPECT_THAT(where(fixture, "Author", values + "}}"), HasSubstr("49999"));
}

TEST(Query, ACursorIsOfItsOrderAlone) {
  Fixture fixture(testing::library());
  fixture.database.execute(R"(insert into "Author" values (1, 'a', null), (2, 'b', 1);)");
  const Answer first = ask(fixture, "Author", {.order = R"({"name":"asc"})", .limit = 1});
  EXPECT_EQ(first.cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                           "0123456789-_"),
            std::string::npos);
  const std::string refused = "CLO1214: after: expected the cursor of a page in this order";
  for (const char* other : {"", R"({"name":"desc"})", R"([{"name":"asc"},{"mentorId":"asc"}])",
                            R"({"mentor":{"name":"asc"}})"}) {
    EXPECT_EQ(ask(fixture, "Author", {.order = other, .after = first.cursor}).objects, refused);
  }
  for (const char* after : {"x", "bnVsbA", "W10", "WzFd", "Wz", "%"}) {
    EXPECT_EQ(ask(fixture, "Author", {.after = after}).objects, refused) << after;
  }
  EXPECT_THAT(ask(fixture, "Author", {.order = R"({"name":"asc"})", .after = first.cursor}).objects,
              HasSubstr("[{\"id\":2,"));
}

TEST(Query, ValuesThatAreTooLongForACursorAreNamed) {
  Fixture fixture(testing::library());
  const std::string name(4000, 'n');
  fixture.database.execute("insert into Author values (1, '" + name + "', null), (2, 'o', null)");
  EXPECT_EQ(
      ask(fixture, "Author", {.order = R"({"name":"asc"})", .limit = 1}).cursor,
      "CLO1210: orderBy: the values that this page ends with are too long for a cursor: order "
      "by shorter ones");
}

TEST(Query, APageByKeyReadsAnIndexFromWhereItBegins) {
  Fixture fixture(testing::library());
  fixture.database.execute(
      R"(insert into "Author" values (1, 'a', null), (2, 'b', 1), (3, 'c', 1);)");
  const Answer first = ask(fixture, "Author", {.limit = 1});
  const Answer second =
      ask(fixture, "Author", {.after = first.cursor, .limit = 1}, "", RowForm::kSeparate);
  EXPECT_THAT(fixture.database.explain(second.sql), HasSubstr("(rowid>?)"));
  EXPECT_THAT(second.sql, HasSubstr(R"(where "t0"."id" > +?1 order by "t0"."id")"));
}

}  // namespace
}  // namespace cloesce::orm
