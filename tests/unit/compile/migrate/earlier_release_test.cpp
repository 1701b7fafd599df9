// Snapshots of Cloesce 0.0.5, and the first migration over its databases.
#include "compile/migrate/earlier_release.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "compile/migrate/database.h"
#include "compile/migrate/interface_sample.h"
#include "compile/migrate/migrate.h"

namespace cloesce::migrate::testing {
namespace {

using cidl::TypeKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kSnapshot = R"({
  "hash": 17446744073709551615,
  "models": {
    "Student": {
      "hash": 1,
      "name": "Student",
      "primary_key": {"name": "id", "cidl_type": "Integer"},
      "attributes": [
        {"hash": 2, "value": {"name": "name", "cidl_type": "Text"}, "foreign_key_reference": null},
        {"hash": 2, "value": {"name": "grade", "cidl_type": {"Nullable": "Real"}}, "foreign_key_reference": null},
        {"hash": 3, "value": {"name": "schoolId", "cidl_type": {"Nullable": "Integer"}}, "foreign_key_reference": "School"}
      ],
      "navigation_properties": [
        {"hash": 4, "var_name": "courses", "model_name": "Course", "kind": {"ManyToMany": {"unique_id": "Attendance"}}},
        {"hash": 5, "var_name": "school", "model_name": "School", "kind": {"OneToOne": {"reference": "schoolId"}}}
      ],
      "data_sources": {"withCourses": {"hash": 6, "name": "withCourses", "tree": {"courses": {}}}}
    },
    "Course": {
      "hash": 7,
      "name": "Course",
      "primary_key": {"name": "code", "cidl_type": "Text"},
      "attributes": [],
      "navigation_properties": [
        {"hash": 8, "var_name": "students", "model_name": "Student", "kind": {"ManyToMany": {"unique_id": "Attendance"}}}
      ],
      "data_sources": {}
    },
    "School": {
      "hash": 9,
      "name": "School",
      "primary_key": {"name": "id", "cidl_type": "Integer"},
      "attributes": [{"hash": 2, "value": {"name": "open", "cidl_type": "Boolean"}, "foreign_key_reference": null}],
      "navigation_properties": [],
      "data_sources": {}
    }
  }
})";

// The database of that snapshot, in the words of its release.
constexpr std::string_view kTables = R"(
  CREATE TABLE IF NOT EXISTS "School" ("id" integer PRIMARY KEY, "open" integer NOT NULL);
  CREATE TABLE IF NOT EXISTS "Course" ("code" text PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS "Student" ("id" integer PRIMARY KEY, "name" text NOT NULL, "grade" real,
    "schoolId" integer, FOREIGN KEY ("schoolId") REFERENCES "School" ("id") ON DELETE RESTRICT ON UPDATE CASCADE);
  CREATE TABLE IF NOT EXISTS "Attendance" ("Student.id" integer NOT NULL, "Course.code" text NOT NULL,
    PRIMARY KEY ("Student.id", "Course.code"),
    FOREIGN KEY ("Student.id") REFERENCES "Student" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    FOREIGN KEY ("Course.code") REFERENCES "Course" ("code") ON DELETE RESTRICT ON UPDATE CASCADE);
  CREATE VIEW IF NOT EXISTS "Student.withCourses" AS SELECT "Student"."id" AS "Student.id",
    "Attendance"."Course.code" AS "Student.courses.code"
    FROM "Student" LEFT JOIN "Attendance" ON "Student"."id" = "Attendance"."Student.id";
  INSERT INTO "School" VALUES (1, 1);
  INSERT INTO "Course" VALUES ('de'), ('en');
  INSERT INTO "Student" VALUES (1, 'Ann', 1.5, 1), (2, 'Ben', NULL, NULL);
  INSERT INTO "Attendance" VALUES (1, 'de'), (1, 'en'), (2, 'de');
)";

cidl::Interface models() {
  cidl::Model course = model_of("Course");
  course.columns[0] = key_of_type("code", TypeKind::kText);
  cidl::Interface interface = interface_of(
      {std::move(course), model_of("School", {column_of_type("open", plain(TypeKind::kBoolean))}),
       model_of("Student", {column_of_type("name", plain(TypeKind::kText)),
                            column_of_type("grade", optional_of(TypeKind::kReal)),
                            reference_to("schoolId", optional_of(TypeKind::kInteger), "School")})});
  cidl::Junction junction;
  junction.name = "Attendance";
  junction.binding = "db";
  junction.left = {"Course", {"Course_code"}};
  junction.right = {"Student", {"Student_id"}};
  interface.junctions.push_back(std::move(junction));
  return interface;
}

struct First {
  std::string sql;
  std::string snapshot;
  std::vector<std::string> codes;
  std::string message;
};

First migrate(std::string_view snapshot, const cidl::Interface& interface = models(),
              std::string path = "20250101000000_Initial") {
  MigrationRequest request;
  request.history.push_back({std::move(path), std::string(snapshot), std::nullopt});
  request.name = "First";
  request.timestamp = "20261120134500";
  DiagnosticSink sink;
  const auto outcome = plan_migration(interface, request, sink);
  EXPECT_TRUE(outcome.ok());
  First first;
  for (const Diagnostic& diagnostic : sink.diagnostics()) {
    first.codes.push_back(diagnostic.code);
    first.message = diagnostic.message;
  }
  if (outcome->files.size() == 2) {
    first.sql = outcome->files[0].text;
    first.snapshot = outcome->files[1].text;
  }
  return first;
}

TEST(EarlierRelease, KeepsEveryRowAndRenamesTheColumnsOfJunctions) {
  Database database;
  ASSERT_EQ(database.apply(std::string(kTables)), "");
  const First first = migrate(kSnapshot);
  EXPECT_THAT(first.codes, IsEmpty());
  EXPECT_THAT(first.snapshot, HasSubstr("\"parentName\": \"20250101000000_Initial\""));
  ASSERT_EQ(database.apply(first.sql), "");
  EXPECT_THAT(database.query("SELECT Student_id, Course_code FROM Attendance ORDER BY 1, 2"),
              ElementsAre(Row{"1", "de"}, Row{"1", "en"}, Row{"2", "de"}));
  EXPECT_THAT(database.query("SELECT id, name, grade, schoolId FROM Student ORDER BY id"),
              ElementsAre(Row{"1", "Ann", "1.5", "1"}, Row{"2", "Ben", "NULL", "NULL"}));
  EXPECT_THAT(database.query("PRAGMA foreign_key_check"), IsEmpty());
  EXPECT_EQ(database.scalar("SELECT count(*) FROM sqlite_schema WHERE type = 'view'"), "0");
  EXPECT_EQ(database.apply("DELETE FROM Student WHERE id = 1"), "");
  EXPECT_THAT(database.query("SELECT Student_id, Course_code FROM Attendance"),
              ElementsAre(Row{"2", "de"}));
}

TEST(EarlierRelease, StopsWhereTheDatabaseIsAnother) {
  Database database;
  ASSERT_EQ(database.apply(std::string(kTables)), "");
  ASSERT_EQ(database.apply("ALTER TABLE Attendance ADD COLUMN mark TEXT"), "");
  const std::vector<std::string> before = database.dump();
  EXPECT_THAT(database.apply(migrate(kSnapshot).sql), HasSubstr("as the last snapshot says"));
  EXPECT_EQ(database.dump(), before);
}

TEST(EarlierRelease, RefusesByNameWhatItCannotRead) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string text(kSnapshot);
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {with("\"Real\"", "\"JsonValue\""), "snapshot.models.Student.attributes[1].value.cidl_type"},
      {with("\"Real\"", "\"JsonValue\""), "no column has the type JsonValue"},
      {with("{\"Nullable\": \"Real\"}", "{\"Array\": \"Real\"}"), "no column has this type"},
      {with("\"reference\": \"schoolId\"", "\"reference\": nothing"),
       "navigation_properties[1].kind"},
      {with("\"foreign_key_reference\": \"School\"", "\"foreign_key_reference\": \"Scool\""),
       "schoolId references Scool, which is no model"},
      {with("\"primary_key\": {\"name\": \"code\", \"cidl_type\": \"Text\"},", ""),
       "Course: the model has no primary_key"},
      {with("\"model_name\": \"Course\"", "\"model_name\": \"Curse\""),
       "a many-to-many relation needs two models"},
      {with("\"name\": \"grade\"", "\"name\": \"name\""), "a column's name is missing or repeated"},
  };
  for (const auto& [text, message] : cases) {
    const First first = migrate(text);
    EXPECT_THAT(first.codes, ElementsAre("CLO3001")) << message;
    EXPECT_THAT(first.message, HasSubstr("20250101000000_Initial.json"));
    EXPECT_THAT(first.message, HasSubstr(message));
  }
}

TEST(EarlierRelease, BelongsToTheDatabaseOfItsFolder) {
  cidl::Interface two = models();
  two.models.push_back(model_of("Log", {}, "archive"));
  EXPECT_THAT(migrate(kSnapshot, two).codes, ElementsAre("CLO3001"));
  EXPECT_THAT(migrate(kSnapshot, two, "db/20250101000000_Initial").codes, IsEmpty());
}

}  // namespace
}  // namespace cloesce::migrate::testing
