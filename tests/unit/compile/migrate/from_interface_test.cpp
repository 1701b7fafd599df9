// How models and junctions become tables.
#include "compile/migrate/from_interface.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "compile/migrate/interface_sample.h"
#include "compile/migrate/render.h"

namespace cloesce::migrate::testing {
namespace {

using cidl::TypeKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string created(const cidl::Interface& interface, std::string_view name) {
  DiagnosticSink sink;
  const Schema schema = schema_of(interface, "db", sink);
  EXPECT_THAT(sink.diagnostics(), IsEmpty());
  const Table* table = find_table(schema, name);
  return table == nullptr ? std::string() : render_step(CreateTable{*table, CreateReason::kNew});
}

std::vector<std::string> index_names(const cidl::Interface& interface, std::string_view name) {
  DiagnosticSink sink;
  const Schema schema = schema_of(interface, "db", sink);
  std::vector<std::string> names;
  const Table* table = find_table(schema, name);
  if (table == nullptr) return names;
  for (const Index& index : table->indexes) names.push_back(index.name);
  return names;
}

std::vector<std::string> codes(const cidl::Interface& interface) {
  DiagnosticSink sink;
  static_cast<void>(schema_of(interface, "db", sink));
  std::vector<std::string> codes;
  for (const Diagnostic& diagnostic : sink.diagnostics()) codes.push_back(diagnostic.code);
  return codes;
}

TEST(SchemaOf, MapsEveryColumnType) {
  EXPECT_EQ(created(interface_of({model_of(
                        "All", {column_of_type("real", plain(TypeKind::kReal)),
                                column_of_type("text", plain(TypeKind::kText)),
                                column_of_type("flag", plain(TypeKind::kBoolean)),
                                column_of_type("date", plain(TypeKind::kDateIso)),
                                column_of_type("blob", plain(TypeKind::kBlob)),
                                column_of_type("maybe", optional_of(TypeKind::kInteger))})}),
                    "All"),
            "CREATE TABLE \"All\" (\n"
            "  \"id\" INTEGER PRIMARY KEY,\n"
            "  \"real\" REAL NOT NULL,\n"
            "  \"text\" TEXT NOT NULL,\n"
            "  \"flag\" INTEGER NOT NULL,\n"
            "  \"date\" TEXT NOT NULL,\n"
            "  \"blob\" BLOB NOT NULL,\n"
            "  \"maybe\" INTEGER\n"
            ");\n");
}

TEST(SchemaOf, RestrictsRequiredReferencesAndEmptiesNullableOnes) {
  const cidl::Interface interface = interface_of(
      {model_of("Person"),
       model_of("Horse", {reference_to("ownerId", plain(TypeKind::kInteger), "Person"),
                          reference_to("riderId", optional_of(TypeKind::kInteger), "Person")})});
  EXPECT_EQ(created(interface, "Horse"),
            "CREATE TABLE \"Horse\" (\n"
            "  \"id\" INTEGER PRIMARY KEY,\n"
            "  \"ownerId\" INTEGER NOT NULL,\n"
            "  \"riderId\" INTEGER,\n"
            "  FOREIGN KEY (\"ownerId\") REFERENCES \"Person\" (\"id\") ON UPDATE CASCADE ON "
            "DELETE RESTRICT,\n"
            "  FOREIGN KEY (\"riderId\") REFERENCES \"Person\" (\"id\") ON UPDATE CASCADE ON "
            "DELETE SET NULL\n"
            ");\n");
  EXPECT_THAT(index_names(interface, "Horse"),
              ElementsAre("Horse.ownerId.index", "Horse.riderId.index"));
}

TEST(SchemaOf, IndexesAForeignKeyOnlyWhenNothingElseServesIt) {
  cidl::Column unique = reference_to("uniqueId", plain(TypeKind::kInteger), "Person");
  unique.uniqueness = cidl::Uniqueness::kUnique;
  cidl::Column indexed = reference_to("indexedId", plain(TypeKind::kInteger), "Person");
  indexed.indexing = cidl::Indexing::kIndexed;
  cidl::Model seat = model_of("Seat", {std::move(unique), std::move(indexed)});
  seat.columns.front() = reference_to("roomId", plain(TypeKind::kInteger), "Person");
  seat.columns.front().key = cidl::KeyRole::kPrimaryKey;
  seat.columns.push_back(key_of_type("number", TypeKind::kInteger));
  EXPECT_THAT(index_names(interface_of({model_of("Person"), seat}), "Seat"),
              ElementsAre("Seat.uniqueId.unique", "Seat.indexedId.index"));
}

TEST(SchemaOf, MakesIndexesOverSeveralColumnsInTheirOrder) {
  cidl::Column tenant = reference_to("tenantId", plain(TypeKind::kInteger), "Person");
  cidl::Column name = column_of_type("name", plain(TypeKind::kText));
  name.indexing = cidl::Indexing::kIndexed;
  cidl::Column born = column_of_type("born", plain(TypeKind::kDateIso));
  born.indexing = cidl::Indexing::kIndexed;
  cidl::Model member = model_of("Member", {tenant, name, born});
  member.indexes = {{{"tenantId", "name"}, cidl::Uniqueness::kUnique}, {{"name", "born"}}};
  // The reference and `name` are served by the first columns of these, `born` is not.
  EXPECT_THAT(
      index_names(interface_of({model_of("Person"), member}), "Member"),
      ElementsAre("Member.tenantId.name.unique", "Member.name.born.index", "Member.born.index"));
}

TEST(SchemaOf, LeavesOutAnIndexThatTheKeyMakesNeedless) {
  cidl::Model model = model_of("A");
  model.columns.front().uniqueness = cidl::Uniqueness::kUnique;
  EXPECT_THAT(index_names(interface_of({model}), "A"), IsEmpty());
}

cidl::Model pair_model() {
  cidl::Model pair = model_of("Pair");
  pair.columns = {key_of_type("a", TypeKind::kInteger), key_of_type("b", TypeKind::kText)};
  return pair;
}

TEST(SchemaOf, JoinsColumnsToACompositeForeignKeyByOrder) {
  const cidl::Model child =
      model_of("Child", {reference_to("y1", plain(TypeKind::kText), "Pair", "b"),
                         reference_to("x1", plain(TypeKind::kInteger), "Pair", "a"),
                         reference_to("x2", optional_of(TypeKind::kInteger), "Pair", "a"),
                         reference_to("y2", optional_of(TypeKind::kText), "Pair", "b")});
  EXPECT_THAT(created(interface_of({pair_model(), child}), "Child"),
              HasSubstr("  FOREIGN KEY (\"x1\", \"y1\") REFERENCES \"Pair\" (\"a\", \"b\") ON "
                        "UPDATE CASCADE ON DELETE RESTRICT,\n"
                        "  FOREIGN KEY (\"x2\", \"y2\") REFERENCES \"Pair\" (\"a\", \"b\") ON "
                        "UPDATE CASCADE ON DELETE SET NULL\n"));
}

TEST(SchemaOf, JoinsColumnsAsANavigationSays) {
  cidl::Model child = model_of("Child", {reference_to("x1", plain(TypeKind::kInteger), "Pair", "a"),
                                         reference_to("y1", plain(TypeKind::kText), "Pair", "b"),
                                         reference_to("x2", plain(TypeKind::kInteger), "Pair", "a"),
                                         reference_to("y2", plain(TypeKind::kText), "Pair", "b")});
  child.navigations = {
      {"pair", cidl::NavigationKind::kOneToOne, "Pair", cidl::KeyOwner::kSelf, {"x1", "y2"}, {}}};
  const std::string sql = created(interface_of({pair_model(), child}), "Child");
  EXPECT_THAT(sql, HasSubstr("FOREIGN KEY (\"x1\", \"y2\")"));
  EXPECT_THAT(sql, HasSubstr("FOREIGN KEY (\"x2\", \"y1\")"));
}

TEST(SchemaOf, MakesALinkTableFromAJunction) {
  cidl::Interface interface = interface_of({model_of("Track"), pair_model()});
  interface.junctions = {{"Links", "db", {"Pair", {"Pair_a", "Pair_b"}}, {"Track", {"Track_id"}}}};
  EXPECT_EQ(created(interface, "Links"),
            "CREATE TABLE \"Links\" (\n"
            "  \"Pair_a\" INTEGER NOT NULL,\n"
            "  \"Pair_b\" TEXT NOT NULL,\n"
            "  \"Track_id\" INTEGER NOT NULL,\n"
            "  PRIMARY KEY (\"Pair_a\", \"Pair_b\", \"Track_id\"),\n"
            "  FOREIGN KEY (\"Pair_a\", \"Pair_b\") REFERENCES \"Pair\" (\"a\", \"b\") ON UPDATE "
            "CASCADE ON DELETE CASCADE,\n"
            "  FOREIGN KEY (\"Track_id\") REFERENCES \"Track\" (\"id\") ON UPDATE CASCADE ON "
            "DELETE CASCADE\n"
            ");\n");
  EXPECT_THAT(index_names(interface, "Links"), ElementsAre("Links.Track_id.index"));
}

TEST(SchemaOf, TakesOnlyTheModelsOfItsDatabase) {
  cidl::Model stored = model_of("Stored");
  stored.storage = cidl::StorageKind::kKv;
  const cidl::Interface interface =
      interface_of({model_of("Here"), model_of("There", {}, "other"), stored});
  DiagnosticSink sink;
  const Schema schema = schema_of(interface, "db", sink);
  ASSERT_THAT(schema.tables, SizeIs(1));
  EXPECT_EQ(schema.tables.front().name, "Here");
  EXPECT_THAT(database_bindings(interface), ElementsAre("db", "other"));
}

TEST(SchemaOf, ReportsWhatCannotBeATable) {
  cidl::Model keyless = model_of("A");
  keyless.columns = {column_of_type("x", plain(TypeKind::kText))};
  EXPECT_THAT(codes(interface_of({keyless})), ElementsAre("CLO3006"));

  EXPECT_THAT(codes(interface_of({model_of("_cf_KV")})), ElementsAre("CLO3003"));
  EXPECT_THAT(codes(interface_of({model_of("Sqlite_x")})), ElementsAre("CLO3003"));
  EXPECT_THAT(codes(interface_of({model_of("d1_migrations")})), ElementsAre("CLO3003"));
  EXPECT_THAT(codes(interface_of({model_of("a\nb")})), ElementsAre("CLO3003"));
  EXPECT_THAT(codes(interface_of({model_of("Horse"), model_of("horse")})), ElementsAre("CLO3006"));

  std::vector<cidl::Column> many;
  many.reserve(100);
  for (int index = 0; index < 100; ++index) {
    many.push_back(column_of_type("c" + std::to_string(index), plain(TypeKind::kText)));
  }
  EXPECT_THAT(codes(interface_of({model_of("Wide", std::move(many))})), ElementsAre("CLO3005"));
}

TEST(SchemaOf, ReportsForeignKeysThatSqliteWouldNotTake) {
  EXPECT_THAT(codes(interface_of(
                  {pair_model(),
                   model_of("Half", {reference_to("x", plain(TypeKind::kInteger), "Pair", "a")})})),
              ElementsAre("CLO3004"));
  EXPECT_THAT(codes(interface_of(
                  {model_of("There", {}, "other"),
                   model_of("Here", {reference_to("x", plain(TypeKind::kInteger), "There")})})),
              ElementsAre("CLO3004"));
}

}  // namespace
}  // namespace cloesce::migrate::testing
