// The whole call: file names, snapshots that follow each other, databases apart, errors that write
// nothing.
#include "compile/migrate/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compile/migrate/database.h"
#include "compile/migrate/interface_sample.h"

namespace cloesce::migrate::testing {
namespace {

using cidl::TypeKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kTime = "20261120134500";

struct Planned {
  std::vector<std::string> paths;
  std::vector<std::string> texts;
  std::vector<std::string> codes;
};

// `previous` are snapshots, each in a migration of its own.
Planned plan(const cidl::Interface& interface, const std::vector<std::string>& previous = {},
             std::string_view name = "Next", std::string_view timestamp = kTime) {
  MigrationRequest request;
  for (const std::string& snapshot : previous) {
    const std::string number = std::to_string(request.history.size() + 1);
    request.history.push_back({"2026010100000" + number + "_Before", snapshot, std::nullopt});
  }
  request.name = name;
  request.timestamp = timestamp;
  DiagnosticSink sink;
  const auto outcome = plan_migration(interface, request, sink);
  EXPECT_TRUE(outcome.ok());
  Planned planned;
  for (const File& file : outcome->files) {
    planned.paths.push_back(file.path);
    planned.texts.push_back(file.text);
  }
  for (const Diagnostic& diagnostic : sink.diagnostics()) planned.codes.push_back(diagnostic.code);
  return planned;
}

cidl::Interface horses() {
  return interface_of(
      {model_of("Person"),
       model_of("Horse", {column_of_type("name", plain(TypeKind::kText)),
                          reference_to("ownerId", optional_of(TypeKind::kInteger), "Person")})});
}

TEST(PlanMigration, WritesAReadableFirstMigration) {
  const Planned planned = plan(horses(), {}, "Initial");
  EXPECT_THAT(planned.paths,
              ElementsAre("20261120134500_Initial.sql", "20261120134500_Initial.json"));
  EXPECT_EQ(planned.texts.at(0),
            R"(-- Migration 20261120134500_Initial of the D1 database db.
-- Written by cloesce migrate. You may edit it until it is applied.

CREATE TABLE "Person" (
  "id" INTEGER PRIMARY KEY
);

CREATE TABLE "Horse" (
  "id" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL,
  "ownerId" INTEGER,
  FOREIGN KEY ("ownerId") REFERENCES "Person" ("id") ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE INDEX "Horse.ownerId.index" ON "Horse" ("ownerId");
)");
  EXPECT_THAT(planned.codes, IsEmpty());
}

TEST(PlanMigration, WritesNothingWhenNothingChanged) {
  const Planned first = plan(horses());
  EXPECT_THAT(plan(horses(), {first.texts.at(1)}).paths, IsEmpty());
  EXPECT_THAT(plan(interface_of({})).paths, IsEmpty());
}

TEST(PlanMigration, GivesTheSameBytesForTheSameInput) {
  EXPECT_EQ(plan(horses()).texts, plan(horses()).texts);
}

TEST(PlanMigration, FollowsOneSnapshotAfterAnother) {
  Database database;
  const Planned first = plan(horses());
  ASSERT_EQ(database.apply(first.texts.at(0)), "");
  ASSERT_EQ(database.apply("INSERT INTO Person VALUES (1);"
                           "INSERT INTO Horse VALUES (1, 'Rih', 1), (2, 'Iltschi', NULL);"),
            "");

  cidl::Interface changed = horses();
  changed.models[0].columns.push_back(column_of_type("born", plain(TypeKind::kDateIso)));
  changed.models[1].columns[1] = column_of_type("name", optional_of(TypeKind::kText));
  const Planned second = plan(changed, {first.texts.at(1)});
  EXPECT_THAT(second.codes, ElementsAre("CLO3103"));
  EXPECT_THAT(second.texts.at(0), HasSubstr("-- Warning CLO3103: existing rows of Person get "
                                            "'1970-01-01T00:00:00.000Z' for the new required "
                                            "column born.\n"));
  ASSERT_EQ(database.apply(second.texts.at(0)), "");
  EXPECT_THAT(database.query("SELECT * FROM Horse ORDER BY id"),
              ElementsAre(Row{"1", "Rih", "1"}, Row{"2", "Iltschi", "NULL"}));
  EXPECT_THAT(database.query("SELECT * FROM Person"),
              ElementsAre(Row{"1", "1970-01-01T00:00:00.000Z"}));

  EXPECT_THAT(plan(changed, {first.texts.at(1), second.texts.at(1)}).paths, IsEmpty());

  cidl::Interface emptied = interface_of({});
  emptied.environment = cidl::Environment{};
  emptied.environment->bindings = {{"db", cidl::BindingKind::kD1}};
  const Planned last = plan(emptied, {first.texts.at(1), second.texts.at(1)});
  EXPECT_THAT(last.codes, ElementsAre("CLO3101", "CLO3101"));
  ASSERT_EQ(database.apply(last.texts.at(0)), "");
  EXPECT_THAT(database.tables(), IsEmpty());
}

TEST(PlanMigration, KeepsDatabasesApart) {
  const cidl::Interface two =
      interface_of({model_of("A", {}, "main"), model_of("B", {}, "archive")});
  const Planned first = plan(two);
  EXPECT_THAT(first.paths,
              ElementsAre("archive/20261120134500_Next.sql", "archive/20261120134500_Next.json",
                          "main/20261120134500_Next.sql", "main/20261120134500_Next.json"));
  EXPECT_THAT(first.texts.at(0), HasSubstr("\"B\""));
  EXPECT_THAT(first.texts.at(0), Not(HasSubstr("\"A\"")));

  const std::vector<std::string> both = {first.texts.at(1), first.texts.at(3)};
  EXPECT_THAT(plan(two, both).paths, IsEmpty());

  cidl::Interface changed = two;
  changed.models[0].columns.push_back(column_of_type("x", optional_of(TypeKind::kText)));
  EXPECT_THAT(plan(changed, both).paths,
              ElementsAre("main/20261120134500_Next.sql", "main/20261120134500_Next.json"));
}

TEST(PlanMigration, WarnsOfADatabaseThatIsNoLongerBound) {
  const Planned first = plan(interface_of({model_of("A", {}, "old")}));
  const Planned second = plan(interface_of({model_of("A", {}, "new")}), {first.texts.at(1)});
  EXPECT_THAT(second.codes, ElementsAre("CLO3109"));
  EXPECT_THAT(second.paths, ElementsAre("20261120134500_Next.sql", "20261120134500_Next.json"));
}

TEST(PlanMigration, RefusesNamesThatLeaveTheFolder) {
  for (const std::string_view name : {"", "../up", "a/b", "a\\b", "a b", "a;b", "\n", "."}) {
    const Planned planned = plan(horses(), {}, name);
    EXPECT_THAT(planned.paths, IsEmpty());
    EXPECT_THAT(planned.codes, ElementsAre("CLO3002"));
  }
  EXPECT_THAT(plan(horses(), {}, "Next", "../1").codes, ElementsAre("CLO3002"));
  EXPECT_THAT(plan(interface_of({model_of("A", {}, "../a"), model_of("B", {}, "b")})).codes,
              ElementsAre("CLO3002"));
}

TEST(PlanMigration, ReportsAnUnreadableSnapshot) {
  const Planned planned = plan(horses(), {R"({"version": 1, "binding": "db", "tables": [{}]})"});
  EXPECT_THAT(planned.paths, IsEmpty());
  EXPECT_THAT(planned.codes, ElementsAre("CLO3001"));
}

TEST(PlanMigration, WritesNothingWhenAModelCannotBeATable) {
  cidl::Interface interface = horses();
  interface.models.push_back(model_of("sqlite_master"));
  const Planned planned = plan(interface);
  EXPECT_THAT(planned.paths, IsEmpty());
  EXPECT_THAT(planned.codes, ElementsAre("CLO3003"));
}

}  // namespace
}  // namespace cloesce::migrate::testing
