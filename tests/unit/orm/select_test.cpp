// Select plans run on SQLite and mapped, against objects that were read row by row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "orm/fixture.h"
#include "orm/include_tree.h"
#include "orm/interfaces.h"
#include "orm/key.h"
#include "orm/map_rows.h"
#include "orm/reference_objects.h"
#include "orm/select_plan.h"
#include "orm/sqlite_database.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ReferenceObjects;
using testing::SqliteDatabase;
using testing::tree_of;

std::string first_of(const std::string& list) { return list.substr(1, list.size() - 2); }

void fill_library(SqliteDatabase& database) {
  database.execute(R"(
    insert into "Publisher" values ('p"1\', 'Köln'), ('p2', null), ('', 'nowhere');
    insert into "Author" values (0, 'Zero', null), (1, 'O''Hara "the \ first"', 0), (2, 'Two', 1), (-7, '', 1);
    insert into "Profile" values (5, 1, 'line' || char(10) || 'tab' || char(9) || 'end'), (6, 0, '');
    insert into "Note" values (1, 1), (2, 1), (3, null), (4, 2);
    insert into "Book" values (10, 'A', 1, 'p"1\', 0.1), (11, 'B', 1, null, 1e300),
      (12, 'C', 0, 'p2', -2.5), (13, 'D', 1, 'p2', 3.0), (14, '', 2, '', 0.30000000000000004);
    insert into "Page" values (100, 10), (101, 12), (102, 10), (103, 14);
    insert into "Tag" values ('x'), ('y "quoted"'), ('日本'), ('unused');
    insert into "BookTag" values (10, 'x'), (10, '日本'), (12, 'x'), (13, 'y "quoted"');
    insert into "Friendship" values (0, 1), (1, 0), (1, 2), (2, 2);
  )");
}

TEST(Select, MatchesTheReferenceForEveryTreeOfTheLibrary) {
  Fixture fixture(testing::library());
  fill_library(fixture.database);
  const std::pair<const char*, const char*> cases[] = {
      {"Author", ""},
      {"Author", "mentor"},
      {"Author", "students"},
      {"Author", "books"},
      {"Author", "friends"},
      {"Author", "profile"},
      {"Author", "note"},
      {"Author", "mentor(mentor(mentor)) students(students)"},
      {"Author", "mentor(books(tags)) books(publisher(books) pages(book(author)))"},
      {"Author", "friends(friends(books) mentor(friends)) profile(author(books)) note"},
      {"Author", "students(books(tags(books(pages))))"},
      {"Book",
       "author(mentor(students) profile friends) publisher(books(author)) pages tags(books)"},
      {"Book", "tags(books(tags)) publisher"},
      {"Publisher", "books(author(note) pages)"},
      {"Tag", "books(tags author(books))"},
      {"Profile", "author(profile(author) books)"},
      {"Page", "book(author(mentor) tags)"},
      {"Note", ""},
  };
  for (const auto& [model, tree] : cases) {
    SCOPED_TRACE(std::string(model) + ": " + tree);
    EXPECT_EQ(fixture.list(model, tree), fixture.reference(model, tree));
  }
}

TEST(Select, GetMatchesTheReferenceForEveryRow) {
  Fixture fixture(testing::library());
  fill_library(fixture.database);
  const char* const tree =
      "mentor(books) students(friends) books(publisher(books(pages)) tags pages) friends profile "
      "note";
  for (const char* key : {"0", "1", "2", "-7"}) {
    SCOPED_TRACE(key);
    EXPECT_EQ(fixture.get("Author", tree, {key}),
              first_of(fixture.reference("Author", tree, std::string("id = ") + key)));
  }
  EXPECT_EQ(fixture.get("Author", tree, {"99"}), "null");
  EXPECT_EQ(fixture.get("Publisher", "books(tags)", {"p\"1\\"}),
            first_of(fixture.reference("Publisher", "books(tags)", "code = 'p\"1\\'")));
}

TEST(Select, ARelationThatIsNotIncludedIsEmptyOrAbsent) {
  Fixture fixture(testing::library());
  fill_library(fixture.database);
  EXPECT_EQ(fixture.get("Author", "", {"0"}),
            R"({"id":0,"name":"Zero","mentorId":null,"students":[],"books":[],"friends":[]})");
}

TEST(Select, AnIncludedToOneThatLeadsNowhereIsAbsent) {
  Fixture fixture(testing::library());
  fill_library(fixture.database);
  EXPECT_THAT(fixture.get("Author", "mentor", {"0"}), Not(HasSubstr("\"mentor\"")));
}

TEST(Select, OnlyTheFirstOfSeveralRowsBehindAToOneCounts) {
  Fixture fixture(testing::library());
  fill_library(fixture.database);
  EXPECT_THAT(fixture.get("Author", "note", {"1"}), HasSubstr(R"("note":{"id":1,"authorId":1})"));
}

TEST(Select, FromRestrictsEveryLevel) {
  Fixture fixture(testing::library());
  fill_library(fixture.database);
  RowSelection selection{.kind = Selection::kFrom,
                         .from = "SELECT * FROM Author WHERE id > 0 -- a comment"};
  const char* const tree = "books(pages tags) mentor(books) students(books)";
  EXPECT_EQ(fixture.list("Author", tree, selection), fixture.reference("Author", tree, "id > 0"));
  // Books of an author who is not selected, and nobody's mentor or student here, are not read.
  selection.from = "SELECT * FROM Author WHERE id = -7";
  EXPECT_EQ(fixture.list("Author", "books", selection),
            fixture.reference("Author", "books", "id = -7"));
  EXPECT_THAT(fixture.rows, ::testing::StartsWith("[[],["));
}

TEST(Select, RowsAreLinearInTheObjects) {
  Fixture fixture(testing::library());
  fixture.database.execute(R"(
    insert into "Author" values (1, 'a', null);
    with recursive n(v) as (select 1 union all select v + 1 from n where v < 30)
    insert into "Book" select 100 + v, 't', 1, null, null from n;
    insert into "Author" select id, 's', 1 from "Book";
  )");
  const std::string mapped = fixture.get("Author", "books students(mentor) friends", {"1"});
  EXPECT_EQ(mapped,
            first_of(fixture.reference("Author", "books students(mentor) friends", "id = 1")));
  // 30 books, 30 students and the author: a join would move 900 rows.
  EXPECT_LT(fixture.rows.size(), 61U * 60U);
}

TEST(Select, EveryTypeComesBackExactly) {
  Fixture fixture(testing::every_type());
  fixture.database.execute(R"(
    insert into "Everything" values
      ('a', 9007199254740991, -9007199254740991, 0.1, 1e-7, 'x', null, 1, 0, '2026-01-02T03:04:05.678Z', null, x'00ff10', null),
      ('b', 0, null, 123456789.12345679, 2.2250738585072014e-308, '', '', 0, null, '2026-01-02T03:04:05.000Z', '0000-01-01T00:00:00.000Z', x'', x''),
      ('ключ "k" \ ''' || char(7), 1, 2, 100.0, -0.5, char(1) || char(31) || char(127) || '𝄞', 'null', 2, 1, '1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z', x'fb', x'fbff');
    insert into "Child" values (1, 'b'), (2, 'a'), (3, 'ключ "k" \ ''' || char(7)), (4, 'a');
  )");
  const std::string list = fixture.list("Everything", "children");
  EXPECT_EQ(list, fixture.reference("Everything", "children"));
  EXPECT_THAT(list, HasSubstr(R"("integer":9007199254740991,"integerOrNull":-9007199254740991)"));
  EXPECT_THAT(list, HasSubstr(R"("real":0.1,"realOrNull":1e-07)"));
  EXPECT_THAT(list, HasSubstr(R"("real":100,)"));
  EXPECT_THAT(list, HasSubstr(R"("real":123456789.12345679,)"));
  EXPECT_THAT(list, HasSubstr(R"("boolean":true,"booleanOrNull":false)"));
  EXPECT_THAT(list, HasSubstr(R"("blob":"AP8Q","blobOrNull":null)"));
  EXPECT_THAT(list, HasSubstr(R"("blob":"","blobOrNull":"")"));
}

TEST(Select, KeysOfEveryTypeLinkTheirRows) {
  Fixture fixture(testing::every_type());
  fixture.database.execute(R"(
    insert into "RealKey" values (0.1), (0.30000000000000004), (0.3), (7);
    insert into "RealPart" values (1, 0.3), (2, 0.30000000000000004), (3, 7), (4, 7.0);
    insert into "BlobKey" values (x'00', 1), (x'0000', 0), (x'', null);
    insert into "BlobPart" values (1, x'0000'), (2, x''), (3, x'00');
  )");
  EXPECT_EQ(fixture.list("RealKey", "parts"), fixture.reference("RealKey", "parts"));
  EXPECT_EQ(fixture.list("BlobKey", "parts"), fixture.reference("BlobKey", "parts"));
  EXPECT_EQ(fixture.get("BlobKey", "parts", {"AAA="}),
            first_of(fixture.reference("BlobKey", "parts", "bytes = x'0000'")));
  EXPECT_EQ(fixture.get("RealKey", "parts", {"0.30000000000000004"}),
            first_of(fixture.reference("RealKey", "parts", "value > 0.3 and value < 0.4")));
}

TEST(Select, CompositeKeysLinkTheirRows) {
  Fixture fixture(testing::composite());
  fixture.database.execute(R"(
    insert into "Seat" values ('A', 1, 'front'), ('A', 2, null), ('A,1', 1, ''), ('"', 1, null);
    insert into "Feature" values ('wide', 1), ('wide', 2), ('near', 1);
    insert into "SeatFeature" values ('A', 1, 'wide', 1), ('A', 1, 'near', 1), ('A', 2, 'wide', 1), ('"', 1, 'wide', 2);
    insert into "Ticket" values ('e', 1, 'A', 1, 1.5), ('e', 2, 'A', 1, null), ('f', 1, 'A,1', 1, 2), ('f', 2, null, null, 0), ('g', 1, '"', 1, 0);
    insert into "Scan" values ('e', 1, '2026-01-01T00:00:00.000Z', 1), ('f', 1, '2026-01-02T00:00:00.000Z', null), ('e', 1, '2026-01-03T00:00:00.000Z', 3);
  )");
  for (const char* tree : {"tickets", "tickets(scans)", "features(seats(tickets))",
                           "tickets(seat(features) scans(ticket)) features"}) {
    SCOPED_TRACE(tree);
    EXPECT_EQ(fixture.list("Seat", tree), fixture.reference("Seat", tree));
    EXPECT_EQ(fixture.get("Seat", tree, {"A", "1"}),
              first_of(fixture.reference("Seat", tree, "row = 'A' and number = 1")));
    const RowSelection from{.kind = Selection::kFrom,
                            .from = "select * from Seat where number = 1"};
    EXPECT_EQ(fixture.list("Seat", tree, from), fixture.reference("Seat", tree, "number = 1"));
  }
  EXPECT_EQ(fixture.list("Ticket", "seat(tickets) scans"),
            fixture.reference("Ticket", "seat(tickets) scans"));
  EXPECT_EQ(fixture.list("Scan", "ticket(seat)"), fixture.reference("Scan", "ticket(seat)"));
}

TEST(Select, AwkwardNamesAreQuotedEverywhere) {
  Fixture fixture(testing::awkward());
  fixture.database.execute(R"(
    insert into "select" values (1, 'a', null), (2, '"); drop table "select"; --', 'x');
    insert into "Größe; drop table x" values ('one', 1), ('two', 1), ('three', null), ('''four', 2);
    insert into "jun""ction" values (1, 'one'), (2, 'two'), (1, '''four');
  )");
  for (const char* tree : {"j", "j(value(j))"}) {
    SCOPED_TRACE(tree);
    EXPECT_EQ(fixture.list("select", tree), fixture.reference("select", tree));
  }
  cidl::IncludeTree tree;
  tree.nodes.push_back({"order by", tree_of("value(j)")});
  const IncludeTree resolved = fixture.tree_from("select", tree);
  auto plan = plan_select(resolved, {});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(fixture.run(*plan, Cardinality::kMany, "[]"),
            ReferenceObjects(fixture.database, fixture.interface).list("select", tree));
}

TEST(Select, AHundredColumnsFitIntoOneRow) {
  Fixture fixture(testing::wide());
  std::string broad = "insert into \"Broad\" values (1";
  std::string leaf = "insert into \"Leaf\" values (2, 1";
  for (int index = 1; index < 100; ++index) {
    broad += index % 3 == 0 ? ", null" : "," + std::to_string(index) + ".25";
    if (index > 1) leaf += index % 5 == 0 ? ", null" : ",'" + std::to_string(index) + "'";
  }
  fixture.database.execute(broad + ")");
  fixture.database.execute("insert into \"Broad\"(id) values (2)");
  // Texts where numbers belong are another test's business.
  for (std::size_t at = 0; (at = leaf.find('\'')) != std::string::npos;) leaf.erase(at, 1);
  fixture.database.execute(leaf + ")");
  for (const char* tree : {"", "leaves", "leaves(broad(leaves))"}) {
    SCOPED_TRACE(tree);
    EXPECT_EQ(fixture.list("Broad", tree), fixture.reference("Broad", tree));
  }
  EXPECT_EQ(fixture.list("Leaf", "broad"), fixture.reference("Leaf", "broad"));
}

TEST(Select, TheDeepestTreeIsWithinTheLimitsOfTheDatabase) {
  Fixture fixture(testing::library());
  fill_library(fixture.database);
  std::string chain = "mentor";
  for (std::size_t depth = 1; depth < kMaximumTreeDepth; ++depth) chain = "mentor(" + chain + ")";
  EXPECT_EQ(fixture.list("Author", chain), fixture.reference("Author", chain));
  chain = "students";
  for (std::size_t depth = 1; depth < kMaximumTreeDepth; ++depth) chain = "students(" + chain + ")";
  EXPECT_EQ(fixture.list("Author", chain), fixture.reference("Author", chain));
  EXPECT_EQ(fixture.get("Author", chain, {"0"}),
            first_of(fixture.reference("Author", chain, "id = 0")));

  Fixture broad(testing::wide());
  broad.database.execute(
      "insert into \"Broad\"(id) values (1); insert into \"Leaf\"(id, broadId) values (1, 1)");
  std::string nested = "broad";
  for (std::size_t depth = 2; depth < kMaximumTreeDepth; depth += 2)
    nested = "broad(leaves(" + nested + "))";
  EXPECT_EQ(broad.list("Leaf", nested), broad.reference("Leaf", nested));
}

TEST(Select, TenThousandRowsAreMapped) {
  Fixture fixture(testing::library());
  fixture.database.execute(R"(
    with recursive n(v) as (select 0 union all select v + 1 from n where v < 9999)
    insert into "Author" select v, 'author ' || v, null from n;
    insert into "Book" select 20000 - id, 'b', id / 7, null, id / 4.0 from "Author";
  )");
  EXPECT_EQ(fixture.list("Author", "books"), fixture.reference("Author", "books"));
}

TEST(Select, JoinedRowsBeyondATextOfTheDatabaseFailAndSeparateOnesDoNot) {
  Fixture fixture(testing::library());
  fixture.database.execute(R"(
    with recursive n(v) as (select 1 union all select v + 1 from n where v < 30)
    insert into "Author" select v, hex(zeroblob(50000)), null from n;
  )");
  auto joined = plan_select(fixture.tree("Author", ""), {.rows = RowForm::kJoined});
  ASSERT_TRUE(joined.ok());
  const auto outcome = fixture.database.run(bind_select(*joined, "[]", fixture.arena));
  EXPECT_FALSE(outcome.ok);
  EXPECT_EQ(outcome.text, "string or blob too big");
  auto separate = plan_select(fixture.tree("Author", ""), {.rows = RowForm::kSeparate});
  ASSERT_TRUE(separate.ok());
  EXPECT_EQ(fixture.run(*separate, Cardinality::kMany, "[]"), fixture.reference("Author", ""));
}

// `statements` relations to many in trees of the same form, and the root.
std::string tree_of_statements(std::size_t statements) {
  const std::string inner =
      statements == 36 ? "students friends books(pages tags)" : "students friends books(pages)";
  const std::string middle = "students(" + inner + ") friends(" + inner + ") books(pages tags)";
  return "students(" + middle + ") friends(" + middle + ") books(pages tags)";
}

TEST(Select, JoinedRowsOfAllRelationsComeFromOneStatement) {
  Fixture fixture(testing::library());
  fill_library(fixture.database);
  for (const std::size_t statements : {32U, 36U}) {
    SCOPED_TRACE(statements);
    const std::string text = tree_of_statements(statements);
    auto plan = plan_select(fixture.tree("Author", text), {.rows = RowForm::kJoined});
    ASSERT_TRUE(plan.ok());
    ASSERT_EQ(plan->statements.size(), statements);
    // Beyond the depth of an expression there is a statement for each.
    EXPECT_EQ(bind_select(*plan, "[]", fixture.arena).size(), statements == 32 ? 1 : statements);
    EXPECT_EQ(fixture.list("Author", text), fixture.reference("Author", text));
  }
}

TEST(Select, NoRowsIsAnEmptyList) {
  Fixture fixture(testing::library());
  EXPECT_EQ(fixture.list("Author", "books(tags) mentor"), "[]");
  EXPECT_EQ(fixture.get("Author", "books(tags) mentor", {"1"}), "null");
}

TEST(Select, AnIntegerBeyondTheSafeRangeIsRefused) {
  Fixture fixture(testing::every_type());
  for (const char* number : {"9007199254740992", "-9007199254740992", "9223372036854775807"}) {
    SCOPED_TRACE(number);
    fixture.database.execute("delete from \"Everything\"");
    fixture.database.execute(std::string("insert into \"Everything\" values ('a', ") + number +
                             ", null, 1, null, '', null, 1, null, '', null, x'', null)");
    EXPECT_THAT(fixture.list("Everything", ""), HasSubstr("CLO1307: Everything.integer"));
  }
}

TEST(Select, AValueOfAnotherTypeThanItsColumnIsRefused) {
  Fixture fixture(testing::every_type());
  fixture.database.execute(
      "insert into \"Everything\" values ('a', 'text', null, 1, null, '', null, 1, null, '', null, "
      "x'', null)");
  EXPECT_THAT(fixture.list("Everything", ""), HasSubstr("CLO1305: Everything.integer"));
}

TEST(Select, KeysThatAreNoKeysAreRefused) {
  Fixture fixture(testing::every_type());
  Fixture library(testing::library());
  for (const char* key :
       {"", "x", "1.5", "01", "+1", " 1", "1 ", "9007199254740992", "1e3", "-", "0x10", "-0"}) {
    SCOPED_TRACE(key);
    EXPECT_THAT(library.get("Author", "", {key}),
                HasSubstr("CLO1004: Author.id: expected an Integer"));
  }
  EXPECT_THAT(library.get("Author", "", {"1", "2"}),
              HasSubstr("CLO1004: Author: the key has 1 columns, got 2"));
  EXPECT_THAT(fixture.get("BlobKey", "", {"not base64!"}), HasSubstr("CLO1004: BlobKey.bytes"));
  EXPECT_THAT(fixture.get("RealKey", "", {"1; drop"}), HasSubstr("CLO1004: RealKey.value"));
  EXPECT_EQ(fixture.get("Everything", "", {"' or 1=1 --"}), "null");
}

TEST(Select, AnIndexIsUsedBelowAKey) {
  Fixture fixture(testing::library());
  auto plan = plan_select(fixture.tree("Author", "books(pages tags)"), {.kind = Selection::kKey});
  ASSERT_TRUE(plan.ok());
  for (const StatementPlan& statement : plan->statements) {
    // No table is read from end to end.
    EXPECT_THAT(fixture.database.explain(statement.sql), Not(HasSubstr("SCAN t"))) << statement.sql;
  }
}

TEST(MapRows, RowsOfAnotherFormAreRefused) {
  Fixture fixture(testing::library());
  auto plan = plan_select(fixture.tree("Publisher", "books"), {});
  ASSERT_TRUE(plan.ok());
  for (const char* text : {"", "[", "{}", "[]", "[[]]", "[[],[],[]]", "[[],[1]]", "[[],[[]]]",
                           "[[],[[\"a\"]]]", "[[],[[\"a\",null,1]]]", "[[],[[1,null]]]", "[[],{}]",
                           "[[[\"x\"]],[]]", "[[],[]] x", "null", "[[],[[\"a\",[null]]]]"}) {
    SCOPED_TRACE(text);
    auto mapped = map_rows(*plan, Cardinality::kMany, {json::pad(fixture.arena, text), 0},
                           fixture.reader, fixture.arena);
    EXPECT_FALSE(mapped.ok()) << *mapped;
  }
}

TEST(MapRows, StatementsBeforeThePlanAreSkipped) {
  Fixture fixture(testing::library());
  auto plan = plan_select(fixture.tree("Tag", ""), {});
  ASSERT_TRUE(plan.ok());
  auto mapped =
      map_rows(*plan, Cardinality::kOne, {json::pad(fixture.arena, R"([[],[1,2,[3]],[["x"]]])"), 2},
               fixture.reader, fixture.arena);
  ASSERT_TRUE(mapped.ok()) << render(mapped.error());
  EXPECT_EQ(*mapped, R"({"name":"x","books":[]})");
}

}  // namespace
}  // namespace cloesce::orm
