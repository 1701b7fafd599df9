// The SQL text of each kind of step.
#include "compile/migrate/render.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compile/migrate/sample.h"

namespace cloesce::migrate::testing {
namespace {

struct RenderCase {
  Step step;
  std::string sql;
};

TEST(RenderStep, WritesOneStatementPerStep) {
  const std::vector<RenderCase> cases = {
      {DeferForeignKeys{},
       "-- Foreign keys are checked when all statements are done.\n"
       "PRAGMA defer_foreign_keys = on;\n"},
      {SaveRows{"Horse", "_cloesce_saved_Horse"},
       "-- Keep the rows of Horse while the table is rebuilt.\n"
       "CREATE TABLE \"_cloesce_saved_Horse\" AS SELECT * FROM \"Horse\";\n"},
      {DropTable{"Horse", DropReason::kGone},
       "-- All rows of Horse are lost.\nDROP TABLE \"Horse\";\n"},
      {DropTable{"Horse", DropReason::kRebuilt}, "DROP TABLE \"Horse\";\n"},
      {DropIndex{"Horse.name.index"}, "DROP INDEX \"Horse.name.index\";\n"},
      {DropColumn{"Horse", "age"},
       "-- All values of Horse.age are lost.\nALTER TABLE \"Horse\" DROP COLUMN \"age\";\n"},
      {AddColumn{"Horse",
                 {"age", StorageClass::kInteger, Nullability::kRequired, "0", "0"},
                 std::nullopt},
       "ALTER TABLE \"Horse\" ADD COLUMN \"age\" INTEGER NOT NULL DEFAULT 0;\n"},
      {AddColumn{"Horse", nullable("ownerId", StorageClass::kInteger),
                 reference("ownerId", "Person", DeleteAction::kSetNull)},
       "ALTER TABLE \"Horse\" ADD COLUMN \"ownerId\" INTEGER REFERENCES \"Person\" (\"id\") "
       "ON UPDATE CASCADE ON DELETE SET NULL;\n"},
      {CreateTable{table("Horse", {text("name"), nullable("size", StorageClass::kReal)},
                         {reference("id", "Animal")}),
                   CreateReason::kNew},
       "CREATE TABLE \"Horse\" (\n"
       "  \"id\" INTEGER PRIMARY KEY,\n"
       "  \"name\" TEXT NOT NULL,\n"
       "  \"size\" REAL,\n"
       "  FOREIGN KEY (\"id\") REFERENCES \"Animal\" (\"id\") ON UPDATE CASCADE ON DELETE "
       "RESTRICT\n"
       ");\n"},
      {CreateTable{Table{"Pair", {integer("a"), text("b")}, {"a", "b"}, {}, {}},
                   CreateReason::kNew},
       "CREATE TABLE \"Pair\" (\n"
       "  \"a\" INTEGER NOT NULL,\n"
       "  \"b\" TEXT NOT NULL,\n"
       "  PRIMARY KEY (\"a\", \"b\")\n"
       ");\n"},
      {CreateIndex{"Horse", unique("Horse", "name")},
       "CREATE UNIQUE INDEX \"Horse.name.unique\" ON \"Horse\" (\"name\");\n"},
      {RestoreRows{"Horse",
                   "_cloesce_saved_Horse",
                   {{"id", "id", std::nullopt, ""},
                    {"age", "age", StorageClass::kInteger, "0"},
                    {"note", "", std::nullopt, "NULL"}}},
       "-- Put the rows of Horse back.\n"
       "INSERT INTO \"Horse\" (\"id\", \"age\", \"note\")\n"
       "SELECT \"id\", coalesce(CAST(\"age\" AS INTEGER), 0), NULL\n"
       "FROM \"_cloesce_saved_Horse\";\n"},
      {SaveReferences{"Horse", "_cloesce_saved_Horse", {"id"}, {"a", "b"}},
       "-- Keep the references of Horse: dropping the tables they point to empties them.\n"
       "CREATE TABLE \"_cloesce_saved_Horse\" AS\n"
       "SELECT \"id\", \"a\", \"b\"\n"
       "FROM \"Horse\"\n"
       "WHERE \"a\" IS NOT NULL OR \"b\" IS NOT NULL;\n"},
      {RestoreReferences{"Horse", "_cloesce_saved_Horse", {"id"}, {"a"}},
       "-- Put the references of Horse back.\n"
       "UPDATE \"Horse\"\n"
       "SET \"a\" = \"_saved\".\"a\"\n"
       "FROM \"_cloesce_saved_Horse\" AS \"_saved\"\n"
       "WHERE \"Horse\".\"id\" = \"_saved\".\"id\";\n"},
  };
  for (const RenderCase& item : cases) EXPECT_EQ(render_step(item.step), item.sql);
}

TEST(RenderStep, QuotesEveryName) {
  EXPECT_EQ(render_step(DropIndex{"a\"; DROP TABLE x; --"}),
            "DROP INDEX \"a\"\"; DROP TABLE x; --\";\n");
}

TEST(RenderFile, SeparatesStepsAndEndsWithAStatement) {
  EXPECT_EQ(render_file({"First."}, {CreateTable{table("A"), CreateReason::kNew},
                                     CreateIndex{"A", index("A", "id")},
                                     CreateTable{table("B"), CreateReason::kNew}}),
            "-- First.\n"
            "\n"
            "CREATE TABLE \"A\" (\n  \"id\" INTEGER PRIMARY KEY\n);\n"
            "CREATE INDEX \"A.id.index\" ON \"A\" (\"id\");\n"
            "\n"
            "CREATE TABLE \"B\" (\n  \"id\" INTEGER PRIMARY KEY\n);\n");
}

}  // namespace
}  // namespace cloesce::migrate::testing
