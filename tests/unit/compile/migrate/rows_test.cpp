// Migrations on a real SQLite database full of rows: every row is there afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compile/migrate/database.h"
#include "compile/migrate/sample.h"

namespace cloesce::migrate::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr DeleteAction kAllActions[] = {DeleteAction::kRestrict, DeleteAction::kSetNull,
                                        DeleteAction::kCascade};

// A database with the tables of `before` and the rows that `inserts` makes.
void fill(Database& database, const Schema& before, const std::string& inserts) {
  ASSERT_EQ(database.apply(migration({}, before)), "");
  ASSERT_EQ(database.apply("PRAGMA defer_foreign_keys = on;" + inserts), "");
}

void expect_shape_of(Database& database, const Schema& wanted) {
  Database fresh;
  ASSERT_EQ(fresh.apply(migration({}, wanted)), "");
  EXPECT_EQ(database.describe(), fresh.describe());
  EXPECT_THAT(database.query("PRAGMA foreign_key_check"), IsEmpty());
}

// Artist <- Album <- Track <- Line, each hanging on the one before with `action`; Artist is
// rebuilt.
TEST(MigratedRows, SurviveTheRebuildOfAParentAtAnyDepth) {
  for (const DeleteAction action : kAllActions) {
    SCOPED_TRACE(action_word(action));
    const Nullability nullability =
        action == DeleteAction::kSetNull ? Nullability::kNullable : Nullability::kRequired;
    const auto child = [&](const std::string& name, const std::string& parent) {
      Column column = integer("parentId");
      column.nullability = nullability;
      return table(name, {column, text("name")}, {reference("parentId", parent, action)});
    };
    const auto schema_with = [&](Column column) {
      return schema({child("Album", "Artist"), table("Artist", {std::move(column)}),
                     child("Line", "Track"), child("Track", "Album")});
    };
    const Schema before = schema_with(text("name"));
    const Schema after = schema_with(nullable("name", StorageClass::kText));

    Database database;
    fill(database, before,
         "INSERT INTO Artist VALUES (1, 'a'), (2, 'b'), (7, 'c');"
         "INSERT INTO Album VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 7, 'z');"
         "INSERT INTO Track VALUES (1, 1, 't'), (2, 3, 'u');"
         "INSERT INTO Line VALUES (1, 2, 'l'), (2, 2, 'm');");
    const auto rows = [&database] {
      std::vector<std::vector<Row>> all;
      for (const char* name : {"Artist", "Album", "Track", "Line"}) {
        all.push_back(database.query(std::string("SELECT * FROM ") + name + " ORDER BY id"));
      }
      return all;
    };
    const auto rows_before = rows();
    ASSERT_EQ(database.apply(migration(before, after)), "");
    EXPECT_EQ(rows(), rows_before);
    expect_shape_of(database, after);
  }
}

TEST(MigratedRows, SurviveInCirclesAndSelfReferences) {
  for (const DeleteAction action : kAllActions) {
    SCOPED_TRACE(action_word(action));
    const auto schema_with = [&](Column column) {
      return schema({
          table("Member",
                {nullable("teamId", StorageClass::kInteger),
                 nullable("mentorId", StorageClass::kInteger), text("name"), integer("planId")},
                {reference("teamId", "Team", action), reference("mentorId", "Member", action),
                 reference("planId", "Plan",
                           action == DeleteAction::kSetNull ? DeleteAction::kRestrict : action)}),
          table("Plan", {column}),
          table("Team", {nullable("leaderId", StorageClass::kInteger), std::move(column)},
                {reference("leaderId", "Member", action)}),
      });
    };
    const Schema before = schema_with(text("title"));
    const Schema after = schema_with(nullable("title", StorageClass::kText));

    Database database;
    fill(database, before,
         "INSERT INTO Plan VALUES (1, 'p');"
         "INSERT INTO Team VALUES (1, 2, 'red'), (2, NULL, 'blue');"
         "INSERT INTO Member VALUES (1, 1, 2, 'a', 1), (2, 1, 2, 'b', 1), (3, NULL, 1, 'c', 1);");
    ASSERT_EQ(database.apply(migration(before, after)), "");
    EXPECT_THAT(database.query("SELECT * FROM Team ORDER BY id"),
                ElementsAre(Row{"1", "2", "red"}, Row{"2", "NULL", "blue"}));
    EXPECT_THAT(database.query("SELECT * FROM Member ORDER BY id"),
                ElementsAre(Row{"1", "1", "2", "a", "1"}, Row{"2", "1", "2", "b", "1"},
                            Row{"3", "NULL", "1", "c", "1"}));
    expect_shape_of(database, after);
  }
}

Table junction(const std::string& name, const std::string& left, const std::string& right) {
  return Table{name,
               {integer(left + "_id"), integer(right + "_id")},
               {left + "_id", right + "_id"},
               {reference(left + "_id", left, DeleteAction::kCascade),
                reference(right + "_id", right, DeleteAction::kCascade)},
               {index(name, right + "_id")}};
}

TEST(MigratedRows, KeepLinksOfManyToManyRelations) {
  const auto schema_with = [](Column column) {
    return schema({table("Playlist", {column}), junction("PlaylistTrack", "Playlist", "Track"),
                   table("Track", {std::move(column)})});
  };
  const Schema before = schema_with(text("name"));
  const Schema after = schema_with(integer("name"));
  Database database;
  fill(database, before,
       "INSERT INTO Playlist VALUES (1, '10'), (2, '20');"
       "INSERT INTO Track VALUES (5, '50'), (6, 'x');"
       "INSERT INTO PlaylistTrack VALUES (1, 5), (1, 6), (2, 5);");
  ASSERT_EQ(database.apply(migration(before, after)), "");
  EXPECT_THAT(database.query("SELECT * FROM PlaylistTrack ORDER BY 1, 2"),
              ElementsAre(Row{"1", "5"}, Row{"1", "6"}, Row{"2", "5"}));
  EXPECT_THAT(database.query("SELECT * FROM Track ORDER BY id"),
              ElementsAre(Row{"5", "50"}, Row{"6", "0"}));
  expect_shape_of(database, after);
}

TEST(MigratedRows, AddAndRemoveALinkTableAlone) {
  const Schema without = schema({table("A"), table("B")});
  const Schema with = schema({table("A"), junction("Link", "A", "B"), table("B")});
  Database database;
  fill(database, without, "INSERT INTO A VALUES (1); INSERT INTO B VALUES (2);");
  ASSERT_EQ(database.apply(migration(without, with)), "");
  expect_shape_of(database, with);
  ASSERT_EQ(database.apply("INSERT INTO Link VALUES (1, 2)"), "");
  ASSERT_EQ(database.apply(migration(with, without)), "");
  expect_shape_of(database, without);
  EXPECT_EQ(database.scalar("SELECT count(*) FROM A, B"), "1");
}

TEST(MigratedRows, KeepTheOldNameColumnWhenOnlyItsCaseChanges) {
  const Schema before =
      schema({table("Rider", {integer("horseId")}, {reference("horseId", "horse")}),
              table("horse", {text("Name")})});
  const Schema after =
      schema({table("Horse", {text("name")}),
              table("Rider", {integer("horseId")}, {reference("horseId", "Horse")})});
  Database database;
  fill(database, before, "INSERT INTO horse VALUES (1, 'Rih'); INSERT INTO Rider VALUES (1, 1);");
  ASSERT_EQ(database.apply(migration(before, after)), "");
  EXPECT_THAT(database.query("SELECT * FROM Horse"), ElementsAre(Row{"1", "Rih"}));
  EXPECT_EQ(database.scalar("SELECT name FROM sqlite_schema WHERE name LIKE 'horse'"), "Horse");
  EXPECT_EQ(database.scalar("SELECT count(*) FROM Rider"), "1");
}

TEST(MigratedRows, GetNeutralValuesForNewRequiredColumnsAndNulls) {
  const Schema before = schema({table("A", {nullable("x", StorageClass::kInteger)})});
  const Schema after =
      schema({table("A", {integer("x"), text("y"), required("z", StorageClass::kBlob),
                          nullable("n", StorageClass::kReal)})});
  Database database;
  fill(database, before, "INSERT INTO A VALUES (1, NULL), (2, 5);");
  ASSERT_EQ(database.apply(migration(before, after)), "");
  EXPECT_THAT(database.query("SELECT id, x, quote(y), quote(z), n FROM A ORDER BY id"),
              ElementsAre(Row{"1", "0", "''", "X''", "NULL"}, Row{"2", "5", "''", "X''", "NULL"}));
  expect_shape_of(database, after);
}

TEST(MigratedRows, AreNumberedWhenATableGetsAnIntegerKey) {
  const Schema before = schema({Table{"A", {text("code")}, {"code"}, {}, {}}});
  const Schema after = schema({table("A", {text("code")})});
  Database database;
  fill(database, before, "INSERT INTO A VALUES ('x'), ('y');");
  ASSERT_EQ(database.apply(migration(before, after)), "");
  EXPECT_THAT(database.query("SELECT id, code FROM A ORDER BY code"),
              ElementsAre(Row{"1", "x"}, Row{"2", "y"}));
  expect_shape_of(database, after);
}

TEST(MigratedRows, KeepCompositeKeysAndReferences) {
  const auto schema_with = [](Column column) {
    return schema({
        table("Seat",
              {nullable("room", StorageClass::kInteger), nullable("row", StorageClass::kText)},
              {ForeignKey{{"room", "row"}, "Row", {"room", "name"}, DeleteAction::kSetNull}}),
        Table{"Row", {integer("room"), text("name"), std::move(column)}, {"room", "name"}, {}, {}},
    });
  };
  const Schema before = schema_with(text("note"));
  const Schema after = schema_with(nullable("note", StorageClass::kText));
  Database database;
  fill(database, before,
       "INSERT INTO \"Row\" VALUES (1, 'a', ''), (1, 'b', '');"
       "INSERT INTO Seat VALUES (1, 1, 'a'), (2, NULL, NULL), (3, 1, 'b');");
  ASSERT_EQ(database.apply(migration(before, after)), "");
  EXPECT_THAT(database.query("SELECT * FROM Seat ORDER BY id"),
              ElementsAre(Row{"1", "1", "a"}, Row{"2", "NULL", "NULL"}, Row{"3", "1", "b"}));
  expect_shape_of(database, after);
}

struct FailureCase {
  std::string what;
  Schema before;
  Schema after;
  std::string rows;
  std::string message;
};

// What the migration cannot decide stops it with a message that names the place, and changes
// nothing.
TEST(MigratedRows, KeepKeysOverSeveralColumnsThroughRebuildsAndNewSpellings) {
  const auto member = [](Column name, std::vector<Index> indexes) {
    return schema(
        {table("Member", {integer("tenantId"), std::move(name)}, {}, std::move(indexes))});
  };
  const Index key = over("Member", IndexKind::kUnique, {"tenantId", "name"});
  const Schema bare = member(text("name"), {});
  const Schema unique = member(text("name"), {key});
  const Schema nullable_name = member(nullable("name", StorageClass::kText), {key});
  const Schema spelled = member(nullable("Name", StorageClass::kText),
                                {over("Member", IndexKind::kUnique, {"tenantId", "Name"}),
                                 over("Member", IndexKind::kPlain, {"Name", "tenantId"})});
  const std::string twice = "INSERT INTO Member (tenantId, name) VALUES (1, 'a')";

  Database database;
  fill(database, bare, "INSERT INTO Member VALUES (1, 1, 'a'), (2, 2, 'a'), (3, 1, 'b');");
  const auto rows = database.query("SELECT * FROM Member ORDER BY id");
  const Schema* before = &bare;
  for (const Schema* after : {&unique, &nullable_name, &spelled}) {
    ASSERT_EQ(database.apply(migration(*before, *after)), "");
    EXPECT_EQ(database.query("SELECT * FROM Member ORDER BY id"), rows);
    expect_shape_of(database, *after);
    EXPECT_THAT(database.apply(twice), HasSubstr("UNIQUE constraint failed: Member.tenantId"));
    before = after;
  }
  ASSERT_EQ(database.apply(migration(spelled, bare)), "");
  EXPECT_EQ(database.apply(twice), "");
  expect_shape_of(database, bare);
}

TEST(MigratedRows, AreWarnedOfAndRefusedWhereANewKeyOverSeveralColumnsHasDuplicates) {
  const Schema before = schema({table("Member", {text("name")})});
  const Schema after = schema({table("Member", {text("name"), integer("tenantId")}, {},
                                     {over("Member", IndexKind::kUnique, {"tenantId", "name"})})});
  // All rows get tenant 0.
  EXPECT_THAT(warnings(before, after), ElementsAre("CLO3103", "CLO3107"));
  Database database;
  fill(database, before, "INSERT INTO Member VALUES (1, 'a'), (2, 'a');");
  EXPECT_THAT(database.apply(migration(before, after)), HasSubstr("UNIQUE constraint failed"));
  expect_shape_of(database, before);
  ASSERT_EQ(database.apply("DELETE FROM Member WHERE id = 2"), "");
  ASSERT_EQ(database.apply(migration(before, after)), "");
  expect_shape_of(database, after);
}

TEST(MigratedRows, StayAsTheyAreWhenAMigrationFails) {
  const std::vector<FailureCase> cases = {
      {"required foreign key on a table with rows", schema({table("A"), table("B")}),
       schema({table("A", {integer("bId")}, {reference("bId", "B")}), table("B")}),
       "INSERT INTO A VALUES (1);", "NOT NULL constraint failed: A.bId"},
      {"unique column on a table with rows", schema({table("A")}),
       schema({table("A", {text("x")}, {}, {unique("A", "x")})}), "INSERT INTO A VALUES (1);",
       "NOT NULL constraint failed: A.x"},
      {"a key that is a reference", schema({Table{"A", {text("x")}, {"x"}, {}, {}}, table("B")}),
       schema({table("A", {text("x")}, {reference("id", "B")}), table("B")}),
       "INSERT INTO A VALUES ('x'); INSERT INTO B VALUES (1);", "datatype mismatch"},
      {"duplicates under a unique index", schema({table("A", {text("x")})}),
       schema({table("A", {text("x")}, {}, {unique("A", "x")})}),
       "INSERT INTO A VALUES (1, 'x'), (2, 'x');", "UNIQUE constraint failed: A.x"},
      {"dangling values under a foreign key", schema({table("A", {integer("bId")}), table("B")}),
       schema({table("A", {integer("bId")}, {reference("bId", "B")}), table("B")}),
       "INSERT INTO A VALUES (1, 9);",
       "CHECK constraint failed: every foreign key of A finds a row"},
      {"NULL in a reference made required",
       schema({table("A", {nullable("aId", StorageClass::kInteger)}, {reference("aId", "A")})}),
       schema({table("A", {integer("aId")}, {reference("aId", "A")})}),
       "INSERT INTO A VALUES (1, NULL);", "NOT NULL constraint failed: A.aId"},
  };
  for (const FailureCase& item : cases) {
    SCOPED_TRACE(item.what);
    Database database;
    fill(database, item.before, item.rows);
    const std::vector<std::string> dump = database.dump();
    EXPECT_THAT(database.apply(migration(item.before, item.after)), HasSubstr(item.message));
    EXPECT_EQ(database.dump(), dump);
    EXPECT_FALSE(warnings(item.before, item.after).empty());

    // Without rows the same migration goes through.
    Database empty;
    fill(empty, item.before, "");
    EXPECT_EQ(empty.apply(migration(item.before, item.after)), "");
    expect_shape_of(empty, item.after);
  }
}

// The hints of the rename warnings, followed to the letter.
TEST(MigratedRows, AreKeptByTheHintForARenamedColumn) {
  const Schema before = schema({table("A", {text("old")}, {}, {unique("A", "old")})});
  const Schema after = schema({table("A", {text("new")}, {}, {unique("A", "new")})});
  Database database;
  fill(database, before, "INSERT INTO A VALUES (1, 'x');");
  std::string script = migration(before, after);
  const std::string made_up = "SELECT \"id\", NULL\n";
  ASSERT_THAT(script, HasSubstr(made_up));
  script.replace(script.find(made_up), made_up.size(), "SELECT \"id\", \"old\"\n");
  ASSERT_EQ(database.apply(script), "");
  EXPECT_THAT(database.query("SELECT * FROM A"), ElementsAre(Row{"1", "x"}));
  expect_shape_of(database, after);
}

}  // namespace
}  // namespace cloesce::migrate::testing
