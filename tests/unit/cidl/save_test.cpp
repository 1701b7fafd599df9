// The text of `cidl.json`: stable, readable, and read back as what was saved.
#include "cidl/save.h"

#include <gtest/gtest.h>

#include <string>

#include "cidl/load.h"
#include "cidl/sample.h"

namespace cloesce::cidl {
namespace {

TEST(CidlSave, IsReadBackAsItWas) {
  const Interface interface = sample_interface();
  const auto loaded = load(save(interface));
  ASSERT_TRUE(loaded.ok()) << render(loaded.error());
  EXPECT_TRUE(*loaded == interface);
  EXPECT_EQ(save(*loaded), save(interface));
}

TEST(CidlSave, EveryPartCountsInTheComparison) {
  Interface changed = sample_interface();
  changed.models[2].data_sources[0].tree.nodes[0].children.nodes[0].name = "horse";
  EXPECT_FALSE(changed == sample_interface());
}

TEST(CidlSave, WritesTheSmallestInterface) {
  Interface interface;
  interface.name = "empty";
  interface.workers_url = "http://localhost";
  EXPECT_EQ(save(interface), R"({
  "version": 1,
  "name": "empty",
  "workersUrl": "http://localhost"
}
)");
  const auto loaded = load(save(interface));
  ASSERT_TRUE(loaded.ok());
  EXPECT_TRUE(*loaded == interface);
}

TEST(CidlSave, KeepsSmallThingsOnOneLine) {
  const std::string text = save(sample_interface());
  EXPECT_NE(text.find(R"(
        {"name": "id", "type": "Integer", "primaryKey": true},
        {"name": "email", "type": "Text", "unique": true},
        {"name": "mentorId", "type": {"Nullable": "Integer"}, "indexed": true, )"
                      R"("references": {"model": "Person", "column": "id"}}
)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"(
        {"name": "default", "tree": {"owner": {"horses": {}}, "races": {}}},
        {"name": "stored", "tree": {"notes": {"limit": 50, "cursor": "007"}, )"
                      R"("portrait": {"expiresIn": 600, "ResponseContentType": "image/png"}}}
)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"(
      "keyParameters": ["stall"],
      "stored": [
        {"name": "feed", "kind": "KV", "binding": "cache", )"
                      R"("keyTemplate": "feeds/{stall}/{stable}", "value": "JsonValue"},
        {"name": "notes", "kind": "KV", "binding": "cache", )"
                      R"("keyTemplate": "notes/{stable}/", "form": "Page", "value": "Text"},
        {"name": "portrait", "kind": "R2Download", "binding": "pictures", "keyColumn": "stable"}
      ],)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"(
      "value": {"Array": "Text"},
      "kv": {"expirationTtl": 3600, "cacheTtl": 60, "history": 5}
)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"({"name": "pictures", "kind": "R2", "bucket": "stable-pictures"})"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"(
          "name": "photo",
          "verb": "PUT",
          "static": false,
          "parameters": [
            {"name": "data", "type": "Stream"},
            {"name": "env", "type": {"Inject": "Env"}}
          ],
          "returns": "Void",
          "parametersMedia": "Octet",
          "returnsMedia": "Json",
          "documentation": "Stores a picture.\nSays \"ok\"."
)"),
            std::string::npos)
      << text;
}

struct TypeText {
  Type type;
  std::string json;
  std::string text;
};

TEST(CidlTypeText, SaysTypesInJsonAndForPeople) {
  const std::vector<TypeText> cases = {
      {plain(TypeKind::kVoid), R"("Void")", "Void"},
      {plain(TypeKind::kR2Object), R"("R2Object")", "R2Object"},
      {named(TypeKind::kObject, "Horse"), R"({"Object":"Horse"})", "Horse"},
      {named(TypeKind::kPartial, "Horse"), R"({"Partial":"Horse"})", "DeepPartial<Horse>"},
      {named(TypeKind::kInject, "Env"), R"({"Inject":"Env"})", "Env"},
      {named(TypeKind::kDataSource, "Horse"), R"({"DataSource":"Horse"})", "DataSourceOf<Horse>"},
      {wrap(TypeKind::kArray, plain(TypeKind::kText)), R"({"Array":"Text"})", "Text[]"},
      {wrap(TypeKind::kNullable, named(TypeKind::kObject, "Horse")),
       R"({"Nullable":{"Object":"Horse"}})", "Horse | null"},
      {wrap(TypeKind::kArray, wrap(TypeKind::kNullable, plain(TypeKind::kReal))),
       R"({"Array":{"Nullable":"Real"}})", "(Real | null)[]"},
      {wrap(TypeKind::kKvValue, plain(TypeKind::kJsonValue)), R"({"KvValue":"JsonValue"})",
       "KValue<JsonValue>"},
      {wrap(TypeKind::kPage, plain(TypeKind::kR2Object)), R"({"Page":"R2Object"})",
       "Page<R2Object>"},
      {wrap(TypeKind::kHttpResult, plain(TypeKind::kBlob)), R"({"HttpResult":"Blob"})",
       "HttpResult<Blob>"},
  };
  for (const TypeText& expected : cases) {
    EXPECT_EQ(type_to_json(expected.type), expected.json);
    EXPECT_EQ(type_to_text(expected.type), expected.text);
  }
}

}  // namespace
}  // namespace cloesce::cidl
