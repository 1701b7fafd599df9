// KV models, R2 models, models of keys, and properties that are filled from KV and R2. What is
// wrong with sources is tested from real ones, in tests/js/compile-errors.test.mjs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cidl/find.h"
#include "cidl/load.h"
#include "cidl/save.h"
#include "compile/sema/analyse.h"
#include "compile/sema/source.h"

namespace cloesce::sema {
namespace {

using ::testing::ElementsAre;

struct Analysed {
  cidl::Interface interface;
  std::vector<std::string> codes;

  [[nodiscard]] const cidl::Model& model(std::string_view name) const {
    for (const cidl::Model& model : interface.models) {
      if (model.name == name) return model;
    }
    static const cidl::Model kNone;
    ADD_FAILURE() << "no model " << name;
    return kNone;
  }
};

Analysed analysed(std::vector<pre::ClassNode> classes) {
  DiagnosticSink sink;
  Analysed result;
  result.interface = analyse(project_of(std::move(classes)), sink);
  for (const Diagnostic& one : sink.diagnostics()) result.codes.push_back(one.code);
  if (sink.errors() == 0) {
    const auto loaded = cidl::load(cidl::save(result.interface));
    EXPECT_TRUE(loaded.ok()) << render(loaded.error());
  }
  return result;
}

pre::ClassNode extending(std::string_view base, pre::ClassNode node) {
  node.extends = type_node(base);
  return node;
}

pre::ClassNode with_crud(pre::ClassNode node, std::vector<std::string> kinds) {
  std::vector<pre::ValueNode> items;
  items.reserve(kinds.size());
  for (std::string& kind : kinds) items.push_back(text_value(std::move(kind)));
  node.decorators.push_back(items.empty() ? mark("CRUD")
                                          : mark("CRUD", {list_value(std::move(items))}));
  return node;
}

pre::PropertyNode primary_key() { return property("id", "Integer", {mark("PrimaryKey")}); }

// `save(key: Text, value: Text) Page<X>` and the like: what a caller sees of each method.
std::vector<std::string> signatures(const cidl::Model& model) {
  std::vector<std::string> texts;
  for (const cidl::Method& method : model.methods) {
    std::string text = method.name + "(";
    for (const cidl::Parameter& parameter : method.parameters) {
      if (text.back() != '(') text += ", ";
      text += parameter.name + ": " + cidl::type_to_text(parameter.type);
    }
    texts.push_back(text + ") " + cidl::type_to_text(method.returns.inner.front()));
  }
  return texts;
}

TEST(AnalyseStorage, AKvModelKnowsItsNamespaceItsValuesAndItsOptions) {
  const Analysed found = analysed({extending("KVModel<Date[]>", class_node("KV", "Diary"))});
  EXPECT_TRUE(found.codes.empty());
  const cidl::Model& diary = found.model("Diary");
  EXPECT_EQ(diary.storage, cidl::StorageKind::kKv);
  EXPECT_EQ(diary.binding, "cache");  // the first one
  EXPECT_EQ(cidl::type_to_text(diary.value), "DateIso[]");
  EXPECT_EQ(diary.kv, cidl::KvOptions{});

  pre::ClassNode session = class_node("KV", "Session");
  session.decorators.front().arguments = {
      text_value("films"),
      tree_value({{"expirationTtl", number_value("60")}, {"cacheTtl", number_value("30")}})};
  const Analysed other = analysed({extending("KVModel<string>", session)});
  EXPECT_TRUE(other.codes.empty());
  EXPECT_EQ(other.model("Session").binding, "films");
  EXPECT_EQ(other.model("Session").kv, (cidl::KvOptions{60, 30, 0}));
}

TEST(AnalyseStorage, EachStorageHasItsOwnReadyMadeMethods) {
  const Analysed found = analysed({
      with_crud(extending("KVModel<string>", class_node("KV", "Note")), {}),
      with_crud(extending("KVModel<ReadableStream>", class_node("KV", "Film")), {}),
      with_crud(extending("R2Model", class_node("R2", "Picture")), {}),
      with_crud(class_node("Model", "User",
                           {property("name", "string", {mark("KeyParam")}),
                            property("note", "KValue<string> | null",
                                     {mark("KV", {text_value("notes/{name}")})})}),
                {}),
  });
  EXPECT_TRUE(found.codes.empty());
  EXPECT_THAT(signatures(found.model("Note")),
              ElementsAre("save(key: Text, value: Text, metadata: JsonValue | null, "
                          "expirationTtl: Integer | null, expiration: Integer | null) Note",
                          "get(key: Text) Note",
                          "list(prefix: Text | null, cursor: Text | null, limit: Integer | null) "
                          "Page<Note>",
                          "delete() Void"));
  EXPECT_THAT(signatures(found.model("Film")),
              ElementsAre("save(key: Text, value: Stream, metadata: JsonValue | null, "
                          "expirationTtl: Integer | null, expiration: Integer | null) Void",
                          "get(key: Text) Stream", "delete() Void"));
  EXPECT_THAT(signatures(found.model("Picture")),
              ElementsAre("head(key: Text) R2Object", "get(key: Text) Stream",
                          "put(key: Text, value: Stream, contentType: Text | null, "
                          "metadata: JsonValue | null) Picture",
                          "list(prefix: Text | null, cursor: Text | null, limit: Integer | null) "
                          "Page<R2Object>",
                          "delete() Void"));
  EXPECT_THAT(signatures(found.model("User")), ElementsAre("get(name: Text) User"));
  EXPECT_EQ(found.model("User").storage, cidl::StorageKind::kKeys);

  const cidl::Method& save = found.model("Film").methods.front();
  EXPECT_EQ(save.verb, cidl::Verb::kPut);
  EXPECT_EQ(save.parameters_media, cidl::MediaType::kOctet);
  const cidl::Method& get = found.model("Picture").methods.at(1);
  EXPECT_EQ(get.returns_media, cidl::MediaType::kOctet);
}

TEST(AnalyseStorage, AModelIsOneOfKeysOnlyWithoutColumnsAndWithoutADatabase) {
  const auto setting = [] {
    return property("note", "KValue<string> | null", {mark("KV", {text_value("notes/{id}")})});
  };
  const auto id = [] { return property("id", "string", {mark("KeyParam")}); };
  EXPECT_TRUE(analysed({class_node("Model", "User", {id(), setting()})}).codes.empty());
  // With a column, a database or @D1 it is a table, which needs a primary key.
  EXPECT_THAT(
      analysed({class_node("Model", "User", {id(), setting(), property("a", "string")})}).codes,
      ElementsAre("CLO2301"));
  EXPECT_THAT(analysed({class_node("D1", "User", {id(), setting()})}).codes,
              ElementsAre("CLO2301"));
  pre::ClassNode named = class_node("Model", "User", {id(), setting()});
  named.decorators.front().arguments = {text_value("db")};
  EXPECT_THAT(analysed({named}).codes, ElementsAre("CLO2301"));
}

TEST(AnalyseStorage, StoredFieldsFollowFromDecoratorsAndTypes) {
  const pre::ValueNode column =
      tree_value({{"bucket", text_value("pictures")}, {"keyColumn", text_value("file")}});
  const Analysed found = analysed({class_node(
      "D1", "Album",
      {primary_key(), property("file", "string | null"),
       property("theme", "KValue<Json> | null",
                {mark("KV", {text_value("t/{id}"), text_value("films")})}),
       property("notes", "KValue<string>[]", {mark("KV", {text_value("n/{id}/")})}),
       property("pages", "Page<R2Object> | undefined", {mark("R2", {text_value("p/{id}/")})}),
       property("cover", "R2Download | undefined", {mark("R2", {column})}),
       data_source("all", tree_value({{"pages", tree_value({{"limit", number_value("5")}})},
                                      {"cover", tree_value({{"expiresIn", number_value("60")},
                                                            {"ResponseContentType",
                                                             text_value("image/png")}})},
                                      {"theme", tree_value()}}))})});
  EXPECT_TRUE(found.codes.empty());
  using cidl::StoredForm;
  using cidl::StoredKind;
  const cidl::Type json{cidl::TypeKind::kJsonValue, {}, {}};
  const cidl::Type text{cidl::TypeKind::kText, {}, {}};
  EXPECT_THAT(
      found.model("Album").stored,
      ElementsAre(
          cidl::StoredField{"theme", StoredKind::kKv, "films", "t/{id}", "", StoredForm::kOne,
                            json},
          cidl::StoredField{"notes", StoredKind::kKv, "cache", "n/{id}/", "", StoredForm::kList,
                            text},
          cidl::StoredField{
              "pages", StoredKind::kR2, "pictures", "p/{id}/", "", StoredForm::kPage, {}},
          cidl::StoredField{
              "cover", StoredKind::kR2Download, "pictures", "", "file", StoredForm::kOne, {}}));
  const cidl::IncludeTree& tree = found.model("Album").data_sources.front().tree;
  ASSERT_EQ(tree.nodes.size(), 3U);
  EXPECT_THAT(tree.nodes[0].options, ElementsAre(cidl::IncludeOption{"limit", "5"}));
  EXPECT_THAT(tree.nodes[1].options,
              ElementsAre(cidl::IncludeOption{"expiresIn", "60"},
                          cidl::IncludeOption{"ResponseContentType", "image/png"}));
}

TEST(AnalyseStorage, KeysHaveTheLimitsOfTheirStorage) {
  const auto codes = [](std::string_view decorator, std::string_view type, std::size_t bytes) {
    return analysed({class_node(
                        "D1", "User",
                        {primary_key(), property("field", type,
                                                 {mark(std::string(decorator),
                                                       {text_value(std::string(bytes, 'k'))})})})})
        .codes;
  };
  EXPECT_TRUE(codes("KV", "KValue<string> | null", 512).empty());
  EXPECT_THAT(codes("KV", "KValue<string> | null", 513), ElementsAre("CLO2312"));
  EXPECT_TRUE(codes("R2", "R2Object | null", 1024).empty());
  EXPECT_THAT(codes("R2", "R2Object | null", 1025), ElementsAre("CLO2312"));
}

TEST(AnalyseStorage, AProjectMayHaveAPageOfItsOwn) {
  const Analysed found =
      analysed({class_node("D1", "Page", {primary_key()}),
                class_node("Service", "Site", {}, {method("GET", "start", {}, "Page")})});
  EXPECT_TRUE(found.codes.empty());
  EXPECT_EQ(cidl::type_to_text(found.interface.services.front().methods.front().returns), "Page");
  EXPECT_EQ(found.interface.services.front().methods.front().returns.kind, cidl::TypeKind::kObject);
}

TEST(AnalyseStorage, BytesOfKvModelsTravelLikeOtherBytes) {
  const Analysed found = analysed(
      {extending("KVModel<Uint8Array>", class_node("KV", "Icon")),
       class_node("Service", "Icons", {}, {method("POST", "add", {parameter("icon", "Icon")})})});
  EXPECT_TRUE(found.codes.empty());
  EXPECT_EQ(found.interface.services.front().methods.front().parameters_media,
            cidl::MediaType::kFormData);
}

// `id=Open file=ReadOnly`: what callers may do with the columns, relations and stored fields.
std::string access_of(const cidl::Model& model) {
  constexpr std::string_view kWords[] = {"Open", "ReadOnly", "Hidden"};
  std::string text;
  const auto add = [&](const auto& member) {
    if (!text.empty()) text += ' ';
    text += member.name + "=";
    text += kWords[static_cast<std::size_t>(member.access)];
  };
  for (const auto& column : model.columns) add(column);
  for (const auto& navigation : model.navigations) add(navigation);
  for (const auto& field : model.stored) add(field);
  return text;
}

TEST(AnalyseAccess, KeysOfStoredObjectsAreReadOnlyUnlessTheySayOtherwise) {
  const auto r2 = [](std::string column) {
    return mark("R2", {tree_value({{"bucket", text_value("pictures")},
                                   {"keyColumn", text_value(std::move(column))}})});
  };
  const Analysed found = analysed(
      {class_node("D1", "Album",
                  {primary_key(), property("file", "string | null"),
                   property("open", "string", {mark("Writable")}),
                   property("secret", "string", {mark("Hidden")}), property("lone", "string"),
                   property("part", "string"), property("a", "R2Object | null", {r2("file")}),
                   property("b", "R2Object | null", {r2("open")}),
                   property("c", "R2Object | null", {r2("secret"), mark("Hidden")}),
                   property("d", "KValue<string> | null", {mark("KV", {text_value("{lone}")})}),
                   property("e", "KValue<string> | null",
                            {mark("KV", {text_value("e/{part}")}), mark("ReadOnly")})})});
  EXPECT_TRUE(found.codes.empty());
  EXPECT_EQ(access_of(found.model("Album")),
            "id=Open file=ReadOnly open=Open secret=Hidden lone=ReadOnly part=Open a=Open b=Open "
            "c=Hidden d=Open e=ReadOnly");
}

TEST(AnalyseAccess, ARelationOverAKeyThatCallersMayNotGiveIsReadOnlyAtBothEnds) {
  const auto owner = [](std::string name, std::vector<pre::DecoratorNode> marks) {
    marks.push_back(mark("ForeignKey", {name_value("User")}));
    return property(std::move(name), "Integer", std::move(marks));
  };
  const auto to_one = [](std::string name, std::string column) {
    return property(std::move(name), "User | undefined",
                    {mark("OneToOne", {text_value(std::move(column))})});
  };
  const auto to_many = [](std::string name, std::string column) {
    return property(std::move(name), "Post[]",
                    {mark("OneToMany", {text_value(std::move(column))})});
  };
  const Analysed found = analysed(
      {class_node("D1", "User",
                  {primary_key(), to_many("posts", "writerId"), to_many("read", "readerId")}),
       class_node("D1", "Post",
                  {primary_key(), owner("writerId", {mark("ReadOnly")}), owner("readerId", {}),
                   to_one("writer", "writerId"), to_one("reader", "readerId")})});
  EXPECT_TRUE(found.codes.empty());
  EXPECT_EQ(access_of(found.model("User")), "id=Open posts=ReadOnly read=Open");
  EXPECT_EQ(access_of(found.model("Post")),
            "id=Open writerId=ReadOnly readerId=Open writer=ReadOnly reader=Open");
}

}  // namespace
}  // namespace cloesce::sema
