// Query texts and the objects that map_flat makes of their rows, against objects that were read row
// by row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "json/writer.h"
#include "orm/fixture.h"
#include "orm/interfaces.h"
#include "orm/map_flat.h"
#include "orm/query_text.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;
using ::testing::HasSubstr;
using testing::ReferenceObjects;
using testing::tree_of;

// Runs a query and answers its rows as D1 does: objects by column name, blobs as arrays of numbers.
std::string rows_of(Fixture& fixture, const std::string& sql, std::string_view key = {}) {
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(fixture.database.handle(), sql.c_str(), -1, &statement, nullptr),
            SQLITE_OK)
      << sqlite3_errmsg(fixture.database.handle()) << "\n"
      << sql;
  if (!key.empty()) {
    sqlite3_bind_text(statement, 1, key.data(), static_cast<int>(key.size()), SQLITE_TRANSIENT);
  }
  ByteBuffer out(fixture.arena);
  json::Writer writer(out);
  writer.begin_array();
  while (sqlite3_step(statement) == SQLITE_ROW) {
    writer.begin_object();
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      writer.key(sqlite3_column_name(statement, column));
      switch (sqlite3_column_type(statement, column)) {
        case SQLITE_NULL:
          writer.null();
          break;
        case SQLITE_INTEGER:
          writer.integer(sqlite3_column_int64(statement, column));
          break;
        case SQLITE_FLOAT:
          writer.number(sqlite3_column_double(statement, column));
          break;
        case SQLITE_BLOB: {
          const auto* bytes =
              static_cast<const unsigned char*>(sqlite3_column_blob(statement, column));
          writer.begin_array();
          for (int index = 0; index < sqlite3_column_bytes(statement, column); ++index) {
            writer.integer(bytes[index]);
          }
          writer.end_array();
          break;
        }
        default:
          writer.string({reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, column))});
      }
    }
    writer.end_object();
  }
  writer.end_array();
  sqlite3_finalize(statement);
  return std::string(out.view());
}

std::string map_text(Fixture& fixture, std::string_view model, const std::string& tree,
                     std::string_view rows) {
  auto document = fixture.reader.open(json::pad(fixture.arena, rows));
  if (!document.ok()) return render(document.error());
  json::Value root;
  if ((*document)->get_value(root)) return "no value";
  auto mapped = map_flat(fixture.tree(model, tree), root, fixture.arena);
  return mapped.ok() ? std::string(*mapped) : render(mapped.error());
}

std::string list_text(Fixture& fixture, std::string_view model, const std::string& tree,
                      const QueryOptions& options = {}) {
  auto text = list_query(fixture.tree(model, tree), options);
  return text.ok() ? *text : render(text.error());
}

void fill(Fixture& fixture) {
  fixture.database.execute(R"(
    insert into "Author" values (1, 'one', null), (2, 'two', 1), (3, 'three', 1);
    insert into "Book" values (10, 'A', 1, null, 0.5), (11, 'B', 1, null, null), (12, 'C', 2, null, 2);
    insert into "Tag" values ('x'), ('y');
    insert into "BookTag" values (10, 'x'), (10, 'y'), (11, 'y');
    insert into "Friendship" values (1, 2), (1, 3), (3, 3);
    insert into "Profile" values (7, 2, 'bio');
  )");
}

TEST(ListQuery, PrintsJoinsWithDottedNames) {
  Fixture fixture(testing::library());
  EXPECT_EQ(
      list_text(fixture, "Page", "book(tags)"),
      R"(SELECT * FROM (SELECT "Page"."id" AS "id", "Page"."bookId" AS "bookId", "book"."id" AS "book.id", "book"."title" AS "book.title", )"
      R"("book"."authorId" AS "book.authorId", "book"."publisherCode" AS "book.publisherCode", "book"."price" AS "book.price", )"
      R"("book.tags"."name" AS "book.tags.name" FROM "Page" LEFT JOIN "Book" AS "book" ON "book"."id" = "Page"."bookId" )"
      R"(LEFT JOIN "BookTag" AS "book.tags:links" ON "book.tags:links"."Book_id" = "book"."id" )"
      R"(LEFT JOIN "Tag" AS "book.tags" ON "book.tags"."name" = "book.tags:links"."Tag_name") AS "Page")");
}

TEST(ListQuery, RowsOfItsTextMapToTheReference) {
  Fixture fixture(testing::library());
  fill(fixture);
  for (const char* tree :
       {"", "books", "books(tags) friends", "mentor(books) students(profile) profile(author)",
        "friends(friends(books)) books(author(mentor))"}) {
    SCOPED_TRACE(tree);
    EXPECT_EQ(
        map_text(fixture, "Author", tree, rows_of(fixture, list_text(fixture, "Author", tree))),
        fixture.reference("Author", tree));
  }
}

TEST(ListQuery, FromGoesUnderTheJoins) {
  Fixture fixture(testing::library());
  fill(fixture);
  const QueryOptions options{.from = "SELECT * FROM Author ORDER BY id LIMIT 1 -- the first",
                             .tag_cte = {}};
  EXPECT_EQ(map_text(fixture, "Author", "books(tags)",
                     rows_of(fixture, list_text(fixture, "Author", "books(tags)", options))),
            fixture.reference("Author", "books(tags)", "id = 1"));
}

TEST(ListQuery, ATagNamesACommonTableExpression) {
  Fixture fixture(testing::library());
  fill(fixture);
  const std::string text =
      list_text(fixture, "Author", "books", {.from = {}, .tag_cte = "All \"of\" them"});
  EXPECT_THAT(text, HasSubstr(R"(WITH "All ""of"" them" AS (SELECT)"));
  EXPECT_EQ(
      map_text(fixture, "Author", "books", rows_of(fixture, text + R"( WHERE "books.id" = 12)")),
      R"([{"id":2,"name":"two","mentorId":1,"students":[],"books":[{"id":12,"title":"C","authorId":2,"publisherCode":null,"price":2,"pages":[],"tags":[]}],"friends":[]}])");
}

TEST(ListQuery, ARelationMayBeCalledLikeTheTable) {
  cidl::Interface interface;
  interface.models = {testing::model(
      "Node",
      {testing::key("id", cidl::TypeKind::kInteger),
       testing::foreign_key("up", testing::nullable(cidl::TypeKind::kInteger), "Node", "id")},
      {testing::to_one("node", "Node", {"up"})})};
  Fixture fixture(interface);
  fixture.database.execute("insert into \"Node\" values (1, null), (2, 1)");
  EXPECT_EQ(map_text(fixture, "Node", "node", rows_of(fixture, list_text(fixture, "Node", "node"))),
            fixture.reference("Node", "node"));
}

TEST(ListQuery, MoreColumnsThanAResultMayHaveAreRefused) {
  Fixture fixture(testing::wide());
  EXPECT_THAT(list_text(fixture, "Broad", "leaves"),
              HasSubstr("CLO1210: Broad: the query would have 200 columns"));
  EXPECT_THAT(list_text(fixture, "Broad", ""), HasSubstr("SELECT"));
}

TEST(GetQuery, HasTheKeyAsParameters) {
  Fixture fixture(testing::library());
  fill(fixture);
  auto text = get_query(fixture.tree("Author", "books"));
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(map_text(fixture, "Author", "books", rows_of(fixture, *text, "2")),
            fixture.reference("Author", "books", "id = 2"));
  Fixture seats(testing::composite());
  auto composite = get_query(seats.tree("Seat", ""));
  ASSERT_TRUE(composite.ok());
  EXPECT_THAT(*composite, HasSubstr(R"(WHERE "Seat"."row" = ?1 AND "Seat"."number" = ?2)"));
}

TEST(MapFlat, EveryTypeIsMappedAsD1AnswersIt) {
  Fixture fixture(testing::every_type());
  fixture.database.execute(R"(insert into "Everything" values
    ('a"\', 9007199254740991, null, 0.1, null, 'x', null, 1, 0, '2026-01-02T03:04:05.000Z', null, x'00ff10', null);)");
  EXPECT_EQ(
      map_text(fixture, "Everything", "", rows_of(fixture, list_text(fixture, "Everything", ""))),
      fixture.reference("Everything", ""));
  EXPECT_EQ(map_text(fixture, "BlobKey", "",
                     R"([{"bytes":"AAA=","flag":null},{"flag":true,"bytes":[]}])"),
            R"([{"bytes":"AAA=","flag":null,"parts":[]},{"bytes":"","flag":true,"parts":[]}])");
}

TEST(MapFlat, KeepsTheOrderInWhichObjectsAreSeen) {
  Fixture fixture(testing::library());
  EXPECT_EQ(
      map_text(
          fixture, "Tag", "books",
          R"([{"name":"b","books.id":2},{"name":"a","books.id":1},{"name":"b","books.id":1},{"name":"b","books.id":2}])"),
      R"([{"name":"b","books":[{"id":2,"pages":[],"tags":[]},{"id":1,"pages":[],"tags":[]}]},{"name":"a","books":[{"id":1,"pages":[],"tags":[]}]}])");
}

TEST(MapFlat, RelationsWithoutAKeyHaveNoObject) {
  Fixture fixture(testing::library());
  EXPECT_EQ(
      map_text(
          fixture, "Author", "books mentor",
          R"([{"id":1,"books.id":null,"books.title":null,"mentor.name":"no key"},{"id":2,"other":[1,{"x":2}]}])"),
      R"([{"id":1,"students":[],"books":[],"friends":[]},{"id":2,"students":[],"books":[],"friends":[]}])");
}

TEST(MapFlat, ColumnsOfRelationsThatAreNotIncludedArePassedOver) {
  Fixture fixture(testing::library());
  EXPECT_EQ(map_text(fixture, "Author", "", R"([{"id":1,"name":"a","books.id":3}])"),
            R"([{"id":1,"name":"a","students":[],"books":[],"friends":[]}])");
}

TEST(MapFlat, TheFirstObjectBehindAToOneCounts) {
  Fixture fixture(testing::library());
  EXPECT_EQ(map_text(fixture, "Author", "note", R"([{"id":1,"note.id":2},{"id":1,"note.id":3}])"),
            R"([{"id":1,"students":[],"books":[],"friends":[],"note":{"id":2}}])");
}

TEST(MapFlat, NamesMayChangeFromRowToRow) {
  Fixture fixture(testing::library());
  EXPECT_EQ(
      map_text(fixture, "Author", "", R"([{"id":1,"name":"a"},{"name":"b","id":2},{"\u0069d":3}])"),
      R"([{"id":1,"name":"a","students":[],"books":[],"friends":[]},{"id":2,"name":"b","students":[],"books":[],"friends":[]},{"id":3,"students":[],"books":[],"friends":[]}])");
}

TEST(MapFlat, RowsThatAreNoneAreRefused) {
  Fixture fixture(testing::library());
  EXPECT_EQ(map_text(fixture, "Author", "", "[]"), "[]");
  EXPECT_THAT(map_text(fixture, "Author", "", "{}"),
              HasSubstr("CLO1403: Author: expected a list of rows"));
  EXPECT_THAT(map_text(fixture, "Author", "", "[1]"),
              HasSubstr("CLO1403: Author: expected a list of rows"));
  EXPECT_THAT(map_text(fixture, "Author", "", R"([{"name":"a"}])"),
              HasSubstr("CLO1403: Author: a row has no column \"id\""));
  EXPECT_THAT(map_text(fixture, "Author", "", R"([{"id":9007199254740993}])"),
              HasSubstr("CLO1307: Author.id"));
  EXPECT_THAT(map_text(fixture, "Author", "", R"([{"id":"x"}])"), HasSubstr("CLO1305: Author.id"));
  EXPECT_THAT(map_text(fixture, "Author", "", R"([{"id":[1]}])"), HasSubstr("CLO1305: Author.id"));
}

}  // namespace
}  // namespace cloesce::orm
