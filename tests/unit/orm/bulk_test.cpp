// Changes of all rows that meet conditions; what random conditions do is in query_property_test.
#include <gtest/gtest.h>

#include <string>

#include "orm/bulk_plan.h"
#include "orm/fixture.h"
#include "orm/interfaces.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;

// The answer to the batch, or the message of a failure.
std::string delete_many(Fixture& fixture, std::string_view name, std::string_view where) {
  const ModelSchema& model = fixture.model(name);
  QueryInput input;
  input.where = where;
  auto query = parse_query(model, input, nullptr, fixture.reader, fixture.arena);
  if (!query.ok()) return std::string(render(query.error()));
  return fixture.database.run(plan_delete_many(model, *query, {}, fixture.arena)).text;
}

// The same of a change.
std::string update_many(Fixture& fixture, std::string_view name, std::string_view where,
                        std::string_view values) {
  const ModelSchema& model = fixture.model(name);
  QueryInput input;
  input.where = where;
  auto query = parse_query(model, input, nullptr, fixture.reader, fixture.arena);
  if (!query.ok()) return std::string(render(query.error()));
  auto document = fixture.reader.open(json::pad(fixture.arena, values));
  json::Value value;
  if (!document.ok() || (*document)->get_value(value)) return "no JSON";
  auto batch = plan_update_many(model, *query, value, {}, fixture.arena);
  if (!batch.ok()) return std::string(render(batch.error()));
  return fixture.database.run(*batch).text;
}

// Where references are not looked after, SQLite 3.40 would delete author 1 before it reads whose
// mentor author 2 is.
TEST(Bulk, RowsAreChosenBeforeTheFirstIsDeleted) {
  Fixture fixture(testing::library());
  fixture.database.execute("pragma foreign_keys = off");
  fixture.database.execute(
      R"(insert into "Author" values (2, 'b', null), (1, 'a', 2), (3, 'c', null))");
  EXPECT_EQ(delete_many(fixture, "Author", R"({"OR":[{"name":"a"},{"students":{"some":{}}}]})"),
            "[[],[[2]]]");
  EXPECT_EQ(fixture.database.query(R"(select id from "Author")"), "3");
}

TEST(Bulk, ARowThatIsReferredToKeepsAllOfThem) {
  Fixture fixture(testing::library());
  fixture.database.execute(R"(
    insert into "Author" values (1, 'a', null), (2, 'a', null);
    insert into "Book" values (1, 't', 2, null, null))");
  EXPECT_EQ(delete_many(fixture, "Author", R"({"name":"a"})"), "FOREIGN KEY constraint failed");
  EXPECT_EQ(fixture.database.query(R"(select count(*) from "Author")"), "2");
}

TEST(Bulk, AVersionIsRaisedInEachRowThatChangesAndChosenByNobody) {
  Fixture fixture(testing::versioned());
  fixture.database.execute(
      "insert into Ticket values (1, 4, 'a', null, null), (2, 1, 'b', null, null)");
  EXPECT_EQ(update_many(fixture, "Ticket", R"({"title":"a"})", R"({"points":5})"), "[[],[[1]]]");
  EXPECT_EQ(fixture.database.query("select id, revision, points from Ticket"), "1|5|5;2|1|NULL");
  EXPECT_EQ(update_many(fixture, "Ticket", "{}", R"({"revision":9})"),
            "CLO1213: values.revision: the version of a row is raised by itself");
}

}  // namespace
}  // namespace cloesce::orm
