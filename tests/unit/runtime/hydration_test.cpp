// What is asked of KV and R2 for a text, in how few operations, and where the answers go.
#include "runtime/hydration.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "compile/image/built.h"
#include "orm/include_tree.h"
#include "orm/schema.h"

namespace cloesce::runtime::testing {
namespace {

using cidl::StoredForm;
using cidl::StoredKind;
using cidl::TypeKind;

cidl::Type plain(TypeKind kind) {
  cidl::Type type;
  type.kind = kind;
  return type;
}

cidl::Interface album_interface() {
  cidl::Interface interface;
  interface.environment = cidl::Environment{"Env",
                                            "",
                                            {{"db", cidl::BindingKind::kD1},
                                             {"NS", cidl::BindingKind::kKv},
                                             {"B", cidl::BindingKind::kR2, "bucket"}},
                                            {}};
  cidl::Model album;
  album.name = album.table = "Album";
  album.binding = "db";
  cidl::Column id;
  id.name = "id";
  id.type = plain(TypeKind::kInteger);
  id.key = cidl::KeyRole::kPrimaryKey;
  cidl::Column file;
  file.name = "file";
  file.type = plain(TypeKind::kText);
  album.columns = {id, file};
  album.stored = {
      {"note", StoredKind::kKv, "NS", "n/{id}", {}, StoredForm::kOne, plain(TypeKind::kText)},
      {"blurb", StoredKind::kKv, "NS", "b/{file}", {}, StoredForm::kOne, plain(TypeKind::kText)},
      {"bytes", StoredKind::kKv, "NS", "x/{id}", {}, StoredForm::kOne, plain(TypeKind::kBlob)},
      {"cover", StoredKind::kR2, "B", "c/{id}", {}, StoredForm::kOne, {}},
      {"download", StoredKind::kR2Download, "B", {}, "file", StoredForm::kOne, {}},
      {"list", StoredKind::kKv, "NS", "l/{id}/", {}, StoredForm::kList, plain(TypeKind::kText)},
      {"page", StoredKind::kR2, "B", "p/{id}/", {}, StoredForm::kPage, {}},
  };
  interface.models = {album};
  return interface;
}

class HydrationTest : public ::testing::Test {
 protected:
  orm::IncludeTree tree(const std::vector<cidl::IncludeNode>& nodes) {
    // Options are borrowed.
    given_.push_back(image::testing::built_data_source({nodes}));
    return *orm::resolve_include_tree(*schema_->model("Album"), *given_.back(), reader_, arena_);
  }

  std::string_view padded(std::string_view text) {
    return std::string_view(json::pad(arena_, text));
  }

  cidl::Interface interface_ = album_interface();
  image::testing::Built<orm::Schema> schema_ = image::testing::built_schema(interface_);
  std::deque<image::testing::Built<orm::DataSource>> given_;
  Arena arena_;
  json::Reader reader_;
  Account account_;
  Hydration hydration_{account_, reader_, BytesForm::kText};
};

TEST_F(HydrationTest, AsksForTextsOfANamespaceTogether) {
  const auto included = tree({{"note", {}, {}}, {"blurb", {}, {}}, {"cover", {}, {}}});
  ASSERT_TRUE(hydration_
                  .place(included, padded(R"([{"id":1,"file":"a"},{"id":2,"file":"a"},)"
                                          R"({"id":3,"file":null}])"))
                  .ok());
  EXPECT_EQ(hydration_.ask(arena_),
            R"([["kv","NS","text",["n/1","b/a","n/2","n/3"],0],["head","B","c/1"],)"
            R"(["head","B","c/2"],["head","B","c/3"]])");
  ASSERT_TRUE(hydration_
                  .take("\"one\"\x1fnull\x1e\"A\"\x1f[1]\x1enull\x1enull\x1e{\"key\":\"c/1\"}"
                        "\x1enull\x1enull")
                  .ok());
  EXPECT_EQ(hydration_.ask(arena_), "");
  EXPECT_EQ(*hydration_.finish(arena_),
            R"([{"id":1,"file":"a","note":{"key":"n/1","value":"one","metadata":null},)"
            R"("blurb":{"key":"b/a","value":"A","metadata":[1]},"cover":{"key":"c/1"}},)"
            R"({"id":2,"file":"a","note":null,)"
            R"("blurb":{"key":"b/a","value":"A","metadata":[1]},"cover":null},)"
            R"({"id":3,"file":null,"note":null,"blurb":null,"cover":null}])");
}

TEST_F(HydrationTest, AsksForAtMostAHundredKeysAtATime) {
  std::string rows = "[";
  for (int id = 0; id < 150; ++id) {
    if (id > 0) rows += ',';
    rows += "{\"id\":" + std::to_string(id) + "}";
  }
  ASSERT_TRUE(hydration_.place(tree({{"note", {}, {}}}), padded(rows + "]")).ok());
  const std::string_view operations = hydration_.ask(arena_);
  const std::size_t second = operations.find("],0],[\"kv\"");
  ASSERT_NE(second, std::string_view::npos);
  EXPECT_EQ(operations.substr(second - 6, 6), "\"n/99\"");
  EXPECT_EQ(operations.find("],0],[\"kv\"", second + 1), std::string_view::npos);
}

TEST_F(HydrationTest, KeysThatLookLikePositionsGoAlone) {
  interface_.models[0].stored[0].key_template = "{file}";
  schema_ = image::testing::built_schema(interface_);
  ASSERT_TRUE(hydration_
                  .place(tree({{"note", {}, {}}}),
                         padded(R"([{"file":"1"},{"file":"a"},{"file":"__proto__"},)"
                                R"({"file":"b"},{"file":"a/b"},{"file":""},{"file":"\n\""}])"))
                  .ok());
  EXPECT_EQ(hydration_.ask(arena_),
            R"([["kv","NS","text",["1"],0],["kv","NS","text",["a","b","\n\""],0],)"
            R"(["kv","NS","text",["__proto__"],0]])");
}

TEST_F(HydrationTest, ListsAreReadInASecondWave) {
  const auto included = tree({{"list", {}, {}}, {"page", {}, {{"limit", "2"}, {"cursor", "z"}}}});
  ASSERT_TRUE(hydration_.place(included, padded(R"({"id":7})")).ok());
  EXPECT_EQ(hydration_.ask(arena_), R"([["kvList","NS","l/7/",{}],["r2List","B","p/7/",)"
                                    R"({"limit":"2","cursor":"z"}]])");
  ASSERT_TRUE(
      hydration_.take("null\x1f\"l/7/a\"\x1f\"l/7/b\"\x1e\"next\"\x1f{\"key\":\"p/7/a\\\"\"}")
          .ok());
  EXPECT_EQ(hydration_.ask(arena_), R"([["kv","NS","text",["l/7/a","l/7/b"],0]])");
  ASSERT_TRUE(hydration_.take("\"A\"\x1fnull\x1enull").ok());
  EXPECT_EQ(hydration_.ask(arena_), "");
  EXPECT_EQ(*hydration_.finish(arena_),
            R"({"id":7,"list":[{"key":"l/7/a","value":"A","metadata":null}],)"
            R"("page":{"items":[{"key":"p/7/a\""}],"cursor":"next"}})");
}

TEST_F(HydrationTest, AListThatGoesOnIsNoList) {
  ASSERT_TRUE(hydration_.place(tree({{"list", {}, {}}}), padded(R"({"id":7})")).ok());
  (void)hydration_.ask(arena_);
  const auto taken = hydration_.take("\"more\"");
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, ErrorCode::kResultTooLarge);
}

TEST_F(HydrationTest, ADownloadIsAHeadAndASignature) {
  const auto included = tree({{"download", {}, {{"expiresIn", "60"}}}});
  ASSERT_TRUE(
      hydration_.place(included, padded(R"([{"file":"a"},{"file":"b"},{"file":"c"}])")).ok());
  EXPECT_EQ(hydration_.ask(arena_),
            R"([["head","B","a"],["sign","bucket","a",{"expiresIn":"60"}],["head","B","b"],)"
            R"(["sign","bucket","b",{"expiresIn":"60"}],["head","B","c"],)"
            R"(["sign","bucket","c",{"expiresIn":"60"}]])");
  ASSERT_TRUE(hydration_
                  .take("{\"key\":\"a\"}\x1e{\"url\":\"u\"}\x1enull\x1e{\"url\":\"u\"}\x1e"
                        "{\"key\":\"c\"}\x1enull")
                  .ok());
  EXPECT_EQ(*hydration_.finish(arena_),
            R"([{"file":"a","download":{"url":"u","key":"a"}},)"
            R"({"file":"b","download":null},{"file":"c","download":null}])");
}

TEST_F(HydrationTest, WhatWasForeseenIsNotAskedForAgain) {
  const auto included = tree({{"note", {}, {}}, {"blurb", {}, {}}});
  ASSERT_TRUE(hydration_.foresee(included, padded(R"({"id":1})")).ok());
  EXPECT_EQ(hydration_.ask(arena_), R"([["kv","NS","text",["n/1"],0]])");
  ASSERT_TRUE(hydration_.take("\"one\"\x1fnull").ok());
  ASSERT_TRUE(hydration_.place(included, padded(R"({"id":1,"file":"a"})")).ok());
  EXPECT_EQ(hydration_.ask(arena_), R"([["kv","NS","text",["b/a"],0]])");
}

TEST_F(HydrationTest, AnswersThatAreTooFewAreRefused) {
  ASSERT_TRUE(
      hydration_.place(tree({{"note", {}, {}}, {"cover", {}, {}}}), padded(R"({"id":1})")).ok());
  (void)hydration_.ask(arena_);
  EXPECT_FALSE(hydration_.take("null").ok());
}

TEST(KeyFault, SaysWhatNoStorageTakes) {
  for (const StoredKind kind : {StoredKind::kKv, StoredKind::kR2}) {
    const std::size_t most = kind == StoredKind::kKv ? 512 : 1024;
    EXPECT_EQ(key_fault(kind, std::string(most, 'k')), "");
    EXPECT_NE(key_fault(kind, std::string(most + 1, 'k')), "");
    EXPECT_NE(key_fault(kind, ""), "");
    EXPECT_EQ(key_fault(kind, "..") == "", kind == StoredKind::kR2);
  }
}

}  // namespace
}  // namespace cloesce::runtime::testing
