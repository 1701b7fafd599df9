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
  EXPECT_EQ(save_snapshot(
                schema({table("A", {nullable("x", StorageClass::kReal)}, {}, {index("A", "x")})})),
            R"({
  "version": 1,
  "binding": "db",
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
  const std::string saved = save_snapshot(sample());
  const auto loaded = load_snapshots(saved);
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->size(), 1U);
  EXPECT_EQ(save_snapshot(loaded->front()), saved);
  DiagnosticSink sink;
  EXPECT_TRUE(plan_steps(loaded->front(), sample(), sink).steps.empty());
}

TEST(Snapshot, IsReadByBinding) {
  Schema other = schema({});
  other.binding = "other";
  const auto loaded = load_snapshots("{\"db\": " + save_snapshot(sample()) +
                                     ", \"other\": " + save_snapshot(other) + "}");
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->size(), 2U);
  EXPECT_EQ(loaded->at(0).binding, "db");
  EXPECT_EQ(loaded->at(1).binding, "other");
}

TEST(Snapshot, MayBeMissing) {
  for (const std::string_view nothing : {"", "null", " \n null\n", "{}"}) {
    const auto loaded = load_snapshots(nothing);
    ASSERT_TRUE(loaded.ok()) << nothing;
    EXPECT_TRUE(loaded->empty());
  }
}

TEST(Snapshot, IsRefusedWithThePlaceWhenDamaged) {
  const std::string good = save_snapshot(sample());
  const auto with = [&good](std::string_view from, std::string_view to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {with("\"version\": 1", "\"version\": 2"), "previous.version"},
      {with("\"version\": 1,", ""), "previous"},
      {with("\"INTEGER\"", "\"NUMBER\""), "previous.tables[0].columns[0]"},
      {with("\"INTEGER\"", "7"), "previous.tables[0].columns[0].type"},
      {with("\"nullable\": false", "\"nullable\": 0"), "previous.tables[0].columns[0].nullable"},
      {with("\"SET NULL\"", "\"NO ACTION\""), "previous.tables[0].foreignKeys[0]"},
      {with("\"primaryKey\": [\n        \"id\"", "\"primaryKey\": [\n        \"key\""), "previous"},
      {with("\"Person\",\n      \"columns\"", "\"horse\",\n      \"columns\""), "previous"},
      {with("\"name\": \"name\"", "\"name\": \"na\\nme\""), "previous.tables[0].columns[1].name"},
      {"[]", "previous"},
      {"{\"wrong\": " + good + "}", "previous.wrong"},
      {"{\"models\": []}", "previous"},
      {"{\"models\": {}}", "previous.models"},
  };
  for (const auto& [text, path] : cases) {
    const auto loaded = load_snapshots(text);
    ASSERT_FALSE(loaded.ok()) << path;
    EXPECT_THAT(loaded.error().path, HasSubstr(path));
  }
}

TEST(Snapshot, IsRefusedWhenCutOffAnywhere) {
  const std::string good = save_snapshot(sample());
  for (std::size_t length = 1; length + 2 < good.size(); length += 7) {
    EXPECT_FALSE(load_snapshots(std::string_view(good).substr(0, length)).ok()) << length;
  }
}

}  // namespace
}  // namespace cloesce::migrate::testing
