// Snapshots survive a round trip, and damaged ones are refused by place.
#include "compile/migrate/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "compile/migrate/sample.h"

namespace cloesce::migrate::testing {
namespace {

using ::testing::HasSubstr;

Schema sample() {
  Schema sample = schema({
      table("Horse", {text("name"), nullable("ownerId", StorageClass::kInteger)},
            {reference("ownerId", "Person", DeleteAction::kSetNull)},
            {unique("Horse", "name"), index("Horse", "ownerId")}),
      table("Person", {required("photo", StorageClass::kBlob)}),
  });
  sample.tables[1].columns[1].default_literal = "x''";
  return sample;
}

TEST(Snapshot, HasAReadableForm) {
  const Lineage lineage{LineageKind::kFollows, "0123456789abcdef", "20261120134500_Initial",
                        "fedcba9876543210"};
  EXPECT_EQ(save_snapshot(
                schema({table("A", {nullable("x", StorageClass::kReal)}, {}, {index("A", "x")})}),
                lineage),
            R"({
  "version": 1,
  "binding": "db",
  "parent": "0123456789abcdef",
  "parentName": "20261120134500_Initial",
  "sql": "fedcba9876543210",
  "tables": [
    {
      "name": "A",
      "columns": [
        {
          "name": "id",
          "type": "INTEGER",
          "nullable": false
        },
        {
          "name": "x",
          "type": "REAL",
          "nullable": true
        }
      ],
      "primaryKey": [
        "id"
      ],
      "foreignKeys": [],
      "indexes": [
        {
          "name": "A.x.index",
          "unique": false,
          "columns": [
            "x"
          ]
        }
      ]
    }
  ]
}
)");
}

TEST(Snapshot, SurvivesARoundTrip) {
  for (const Lineage& lineage :
       {Lineage{}, Lineage{LineageKind::kFirst, {}, {}, "0f"},
        Lineage{LineageKind::kFollows, "0123456789abcdef", "20261120134500_Initial", "0f"}}) {
    const std::string saved = save_snapshot(sample(), lineage);
    const auto loaded = load_snapshot(saved, "");
    ASSERT_TRUE(loaded.ok());
    EXPECT_EQ(save_snapshot(loaded->schema, loaded->lineage), saved);
    DiagnosticSink sink;
    EXPECT_TRUE(plan_steps(loaded->schema, sample(), sink).steps.empty());
  }
}

TEST(Snapshot, PassesOverWhatALaterReleaseAdds) {
  std::string text = save_snapshot(sample(), {});
  text.replace(text.find('{'), 1, R"({"later": {"tables": [1, {}]}, "flag": true,)");
  const auto loaded = load_snapshot(text, "");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(save_snapshot(loaded->schema, {}), save_snapshot(sample(), {}));
}

TEST(SnapshotId, IsThatOfTheContent) {
  const std::string saved = save_snapshot(sample(), {});
  std::string reformatted;
  for (const char character : saved) {
    if (character == '\n') reformatted += "\r\n\t";
    if (character != '\n') reformatted += character;
  }
  EXPECT_EQ(snapshot_id(reformatted), snapshot_id(saved));
  EXPECT_NE(snapshot_id(saved), snapshot_id(save_snapshot(schema({}), {})));
  EXPECT_NE(snapshot_id(R"({"a":"b c"})"), snapshot_id(R"({"a":"bc"})"));
  EXPECT_NE(snapshot_id(R"({"a":"\" b"})"), snapshot_id(R"({"a":"\"b"})"));
}

TEST(SqlChecksum, KnowsAnEditButNotALineEnding) {
  EXPECT_EQ(sql_checksum("DROP TABLE x;\r\n"), sql_checksum("DROP TABLE x;\n"));
  EXPECT_NE(sql_checksum("DROP TABLE x;\n"), sql_checksum("DROP TABLE y;\n"));
}

TEST(Snapshot, IsRefusedWithThePlaceWhenDamaged) {
  const std::string good = save_snapshot(sample(), {});
  const auto with = [&good](std::string_view from, std::string_view to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {with("\"version\": 1", "\"version\": 2"), "snapshot.version"},
      {with("\"version\": 1,", ""), "snapshot"},
      {with("\"INTEGER\"", "\"NUMBER\""), "snapshot.tables[0].columns[0]"},
      {with("\"INTEGER\"", "7"), "snapshot.tables[0].columns[0].type"},
      {with("\"nullable\": false", "\"nullable\": 0"), "snapshot.tables[0].columns[0].nullable"},
      {with("\"SET NULL\"", "\"NO ACTION\""), "snapshot.tables[0].foreignKeys[0]"},
      {with("\"primaryKey\": [\n        \"id\"", "\"primaryKey\": [\n        \"key\""), "snapshot"},
      {with("\"Person\",\n      \"columns\"", "\"horse\",\n      \"columns\""), "snapshot"},
      {with("\"name\": \"name\"", "\"name\": \"na\\nme\""), "snapshot.tables[0].columns[1].name"},
      {"[]", "snapshot"},
      {"{\"db\": " + good + "}", "snapshot"},
      {"{\"models\": []}", "snapshot"},
      {"{}", "snapshot"},
      {"", ""},
  };
  for (const auto& [text, path] : cases) {
    const auto loaded = load_snapshot(text, "db");
    ASSERT_FALSE(loaded.ok()) << path;
    EXPECT_THAT(loaded.error().path, HasSubstr(path));
  }
}

TEST(Snapshot, IsRefusedWhenCutOffAnywhere) {
  const std::string good = save_snapshot(sample(), {});
  for (std::size_t length = 1; length + 2 < good.size(); length += 7) {
    EXPECT_FALSE(load_snapshot(std::string_view(good).substr(0, length), "db").ok()) << length;
  }
}

}  // namespace
}  // namespace cloesce::migrate::testing
