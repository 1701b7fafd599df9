// What a `cidl.json` may hold, and the message for what it may not.
#include "cidl/load.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cidl/sample.h"
#include "cidl/save.h"

namespace cloesce::cidl {
namespace {

std::string with_head(std::string_view members) {
  std::string text = R"({"version":1,"name":"n","workersUrl":"u")";
  if (!members.empty()) text.append(",").append(members);
  return text + "}";
}

std::string failure(std::string_view text) {
  const auto loaded = load(text);
  return loaded.ok() ? "loaded" : render(loaded.error());
}

TEST(CidlLoad, ReadsMembersInAnyOrderAndIgnoresUnknownOnes) {
  const auto loaded = load(
      R"( {"future":{"a":[1,{"b":null}]},"workersUrl":"u","routePrefix":"","name":"n","version":1,
          "plainObjects":[{"fields":[{"type":"Text","name":"t","more":1}],"file":"f","name":"P"}]} )");
  ASSERT_TRUE(loaded.ok()) << render(loaded.error());
  EXPECT_EQ(loaded->name, "n");
  ASSERT_EQ(loaded->plain_objects.size(), 1U);
  EXPECT_EQ(loaded->plain_objects[0].fields[0].type, plain(TypeKind::kText));
}

TEST(CidlLoad, FillsInTheKeyOwnerOfAOneToManyNavigation) {
  std::string text = save(sample_interface());
  const std::string_view owner = R"("keyOwner": "Target", )";
  const std::size_t place = text.find(owner);
  ASSERT_NE(place, std::string::npos);
  text.erase(place, owner.size());
  const auto loaded = load(text);
  ASSERT_TRUE(loaded.ok()) << render(loaded.error());
  EXPECT_EQ(loaded->models[0].navigations[1].key_owner, KeyOwner::kTarget);
}

struct Refused {
  std::string text;
  std::string message;
};

TEST(CidlLoad, NamesThePlaceOfWhatItCannotRead) {
  const std::vector<Refused> cases = {
      {"", "CLO1501: the JSON text is empty"},
      {"[]", "CLO1501: expected an object, got an array"},
      {"7", "CLO1501: expected an object, got 7"},
      {"{}", "CLO1501: the member version is missing"},
      {R"({"version":1,"name":"n"})", "CLO1501: the member workersUrl is missing"},
      {R"({"version":2,"name":"n","workersUrl":"u"})",
       "CLO1501: version: version 2 is not supported, this build reads version 1: compile the "
       "project again"},
      {R"({"version":"1"})", "CLO1501: version: expected a version number, got \"1\""},
      {with_head("") + "x", "CLO1501: an object or array is not closed, or text follows it"},
      {with_head("") + "x}", "CLO1501: unexpected text after the JSON value"},
      {with_head(R"("name":"m")"), "CLO1501: name: the member is there twice"},
      {with_head(R"("models":{})"), "CLO1501: models: expected an array, got an object"},
      {with_head(R"("models":[{"name":1}])"), "CLO1501: models[0].name: expected a string, got 1"},
      {with_head(R"("models":[{"name":"A","file":"f","storage":"SQL"}])"),
       "CLO1501: models[0].storage: expected one of D1, KV, R2, Keys, got \"SQL\""},
      {with_head(
           R"("plainObjects":[{"name":"P","file":"f","fields":[{"name":"x","type":"Int"}]}])"),
       "CLO1501: plainObjects[0].fields[0].type: expected one of Void, Integer, Real, Text, "
       "Boolean, "
       "DateIso, Blob, Stream, JsonValue, R2Object, R2Download, got \"Int\""},
      {with_head(R"("plainObjects":[{"name":"P","file":"f","fields":[{"name":"x","type":{}}]}])"),
       "CLO1501: plainObjects[0].fields[0].type: a type has one member"},
      {with_head(R"("plainObjects":[{"name":"P","file":"f","fields":[{"name":"x",)"
                 R"("type":{"Array":"Text","Nullable":"Text"}}]}])"),
       "CLO1501: plainObjects[0].fields[0].type: a type has one member"},
      {with_head(R"("plainObjects":[{"name":"P","file":"f","fields":[{"name":"x",)"
                 R"("type":{"Array":{"Set":"Text"}}}]}])"),
       "CLO1501: plainObjects[0].fields[0].type.Array.Set: there is no such type"},
      {with_head(R"("unknown":[1,{"a":tru}])"), "CLO1501: unknown: expected true, false or null"},
      {with_head(R"("models":[{"name":"A","file":"f","storage":"KV","kv":{"cacheTtl":-1}}])"),
       "CLO1501: models[0].kv.cacheTtl: expected a whole number, got -1"},
      {with_head(
           R"("models":[{"name":"A","file":"f","storage":"KV","kv":{"cacheTtl":4294967296}}])"),
       "CLO1501: models[0].kv.cacheTtl: the number is too large"},
      {with_head(R"("models":[{"name":"A","file":"f","storage":"D1","dataSources":[{"name":"d",)"
                 R"("tree":{"f":{"limit":1.5}}}]}])"),
       "CLO1501: models[0].dataSources[0].tree.f.limit: expected a whole number, got 1.5"},
      {with_head(R"("models":[{"name":"A","file":"f","storage":"D1","dataSources":[{"name":"d",)"
                 R"("tree":{"f":{"limit":[]}}}]}])"),
       "CLO1501: models[0].dataSources[0].tree.f.limit: expected an object, a string or a whole "
       "number, got an array"},
      {with_head(R"("models":[{"name":"A","file":"f","storage":"D1","dataSources":[{"name":"d",)"
                 R"("tree":{"f":1}}]}])"),
       "CLO1501: models[0].dataSources[0].tree.f: expected an object, got 1"},
  };
  for (const Refused& refused : cases) EXPECT_EQ(failure(refused.text), refused.message);
}

TEST(CidlLoad, LimitsTheDepthOfTypesAndTrees) {
  const auto nested_type = [](std::size_t levels) {
    std::string type;
    for (std::size_t level = 0; level < levels; ++level) type += R"({"Array":)";
    type += "\"Text\"" + std::string(levels, '}');
    return with_head(R"("plainObjects":[{"name":"P","file":"f","fields":[{"name":"x","type":)" +
                     type + "}]}]");
  };
  EXPECT_EQ(failure(nested_type(32)), "loaded");
  EXPECT_NE(failure(nested_type(33)).find("the type is nested too deep"), std::string::npos);
  EXPECT_NE(failure(nested_type(100'000)).find("too deep"), std::string::npos);

  const auto nested_tree = [](std::size_t levels) {
    Interface interface = sample_interface();
    IncludeTree tree;
    for (std::size_t level = 0; level < levels; ++level) {
      IncludeTree outer;
      outer.nodes.push_back({"mentor", std::move(tree)});
      tree = std::move(outer);
    }
    interface.models[0].data_sources = {{"deep", std::move(tree)}};
    return save(interface);
  };
  EXPECT_EQ(failure(nested_tree(32)), "loaded");
  EXPECT_NE(failure(nested_tree(33)).find("the include tree is nested too deep"),
            std::string::npos);
}

// The message for the sample after `change`.
template <class Change>
std::string after(Change change) {
  Interface interface = sample_interface();
  change(interface);
  return failure(save(interface));
}

TEST(CidlLoad, RefusesNamesThatLeadNowhere) {
  EXPECT_EQ(after([](Interface& it) { it.models[0].columns[2].references->model = "Persn"; }),
            "CLO1501: Person.mentorId: there is no model called Persn");
  EXPECT_EQ(after([](Interface& it) { it.models[0].columns[2].references->column = "key"; }),
            "CLO1501: Person.mentorId: Person has no column key");
  EXPECT_EQ(after([](Interface& it) { it.models[0].navigations[0].model = "Summary"; }),
            "CLO1501: Person.mentor: there is no model called Summary");
  EXPECT_EQ(after([](Interface& it) { it.models[0].navigations[0].columns = {"mentor"}; }),
            "CLO1501: Person.mentor: Person has no column mentor");
  EXPECT_EQ(after([](Interface& it) { it.models[0].navigations[1].columns = {"owner"}; }),
            "CLO1501: Person.horses: Horse has no column owner");
  EXPECT_EQ(after([](Interface& it) { it.models[2].navigations[1].junction = "Other"; }),
            "CLO1501: Horse.races: there is no junction called Other");
  EXPECT_EQ(after([](Interface& it) { it.junctions[0].right.model = "Rase"; }),
            "CLO1501: HorseRace: there is no model called Rase");
  EXPECT_EQ(after([](Interface& it) { it.models[2].data_sources[0].tree.nodes[1].name = "runs"; }),
            "CLO1501: Horse.default: Horse has no navigation runs to include");
  EXPECT_EQ(after([](Interface& it) { it.models[2].methods[0].parameters[0].type.name = "Hors"; }),
            "CLO1501: Horse.save: there is no class called Hors");
  EXPECT_EQ(
      after([](Interface& it) { it.models[2].methods[0].parameters[1].type.name = "Summary"; }),
      "CLO1501: Horse.save: there is no model called Summary");
  EXPECT_EQ(after([](Interface& it) { it.models[2].methods[0].returns.inner[0].name = "Office"; }),
            "CLO1501: Horse.save: there is no class called Office");
  EXPECT_EQ(after([](Interface& it) { it.plain_objects[0].fields[0].type.name = "Pony"; }),
            "CLO1501: Summary.best: there is no class called Pony");
  EXPECT_EQ(after([](Interface& it) {
              it.services[1].initializer = {{"x", named(TypeKind::kObject, "Pony")}};
            }),
            "CLO1501: Office.init: there is no class called Pony");
}

TEST(CidlLoad, RefusesIndexesOverNothingAndColumnsThatCannotBeVersions) {
  const auto model = [](Interface& it, std::string_view name) -> Model& {
    for (Model& one : it.models) {
      if (one.name == name) return one;
    }
    return it.models.front();
  };
  EXPECT_EQ(after([&](Interface& it) { model(it, "Horse").indexes[0].columns[1] = "birth"; }),
            "CLO1501: Horse: Horse has no column birth");
  const char* const unfit = "a version is an Integer that callers see and send, and no key";
  for (const std::size_t column : {0U, 1U, 2U, 3U}) {
    EXPECT_NE(after([&](Interface& it) {
                Model& horse = model(it, "Horse");
                horse.columns[4].versioning = Versioning::kNone;
                horse.columns[column].versioning = Versioning::kVersion;
              }).find(unfit),
              std::string::npos)
        << column;
  }
  EXPECT_EQ(after([&](Interface& it) {
              Column second = model(it, "Horse").columns[4];
              second.name = "state";
              model(it, "Horse").columns.push_back(second);
            }),
            "CLO1501: Horse.revision: a model has one version");
}

TEST(CidlLoad, RefusesPartsThatDoNotFitTogether) {
  EXPECT_EQ(after([](Interface& it) { it.models[1].columns[0].key = KeyRole::kNone; }),
            "CLO1501: HorseRace: 1 columns for the 0 key columns of Race");
  EXPECT_EQ(after([](Interface& it) { it.models[2].columns[1].key = KeyRole::kNone; }),
            "CLO1501: HorseRace: 2 columns for the 1 key columns of Horse");
  EXPECT_EQ(after([](Interface& it) {
              it.models[0].columns[0].key = KeyRole::kNone;
              it.models[0].navigations.clear();
            }),
            "CLO1501: Person: the model has no primary key");
  EXPECT_EQ(after([](Interface& it) {
              it.models[0].columns[0].type =
                  wrap(TypeKind::kNullable, it.models[0].columns[0].type);
            }),
            "CLO1501: Person.id: a primary key cannot be null");
  EXPECT_EQ(after([](Interface& it) { it.models[0].columns[1].type = plain(TypeKind::kStream); }),
            "CLO1501: Person.email: Stream is not the type of a column");
  EXPECT_EQ(after([](Interface& it) { it.models[0].navigations[0].columns.clear(); }),
            "CLO1501: Person.mentor: 0 columns for the 1 key columns of Person");
  EXPECT_EQ(after([](Interface& it) { it.models[0].navigations[1].key_owner = KeyOwner::kSelf; }),
            "CLO1501: Person.horses: the columns of a one-to-many navigation belong to the target");
  EXPECT_EQ(after([](Interface& it) { it.models[2].navigations[1].model = "Person"; }),
            "CLO1501: Horse.races: the junction links other models");
  EXPECT_EQ(after([](Interface& it) { it.models[0].binding.clear(); }),
            "CLO1501: Person: the model has no binding");
  EXPECT_EQ(after([](Interface& it) { it.models[3].columns = {key_column("id")}; }),
            "CLO1501: Session: only a D1 model has columns and navigations");
  EXPECT_EQ(after([](Interface& it) { it.models[0].navigations[0].model = "Session"; }),
            "CLO1501: Person.mentor: a navigation leads to a D1 model");
  EXPECT_EQ(after([](Interface& it) {
              it.services[1].methods[0].returns =
                  wrap(TypeKind::kArray, wrap(TypeKind::kHttpResult, plain(TypeKind::kText)));
            }),
            "CLO1501: Office.report: HttpResult stands only around what a method returns");
}

TEST(CidlLoad, RefusesStoredFieldsThatCannotBeFilled) {
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[0].binding.clear(); }),
            "CLO1501: Horse.feed: the field has no binding");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[0].value = {}; }),
            "CLO1501: Horse.feed: a field has a type of values when it is of KV");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[2].value = plain(TypeKind::kText); }),
            "CLO1501: Horse.portrait: a field has a type of values when it is of KV");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[0].key_column = "stable"; }),
            "CLO1501: Horse.feed: the key comes from a template or from a column");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[0].key_template.clear(); }),
            "CLO1501: Horse.feed: the key comes from a template or from a column");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[2].key_column = "stall"; }),
            "CLO1501: Horse.portrait: Horse has no column stall");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[2].key_column = "number"; }),
            "CLO1501: Horse.portrait: the column of a key is text");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[2].form = StoredForm::kList; }),
            "CLO1501: Horse.portrait: a column is the key of one value");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[0].key_template = "feeds/{stall"; }),
            "CLO1501: Horse.feed: the braces of the key template do not match");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[0].key_template = "feeds/{box}"; }),
            "CLO1501: Horse.feed: Horse has nothing called box that can be part of a key");
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[0].key_template = "feeds/{born}"; }),
            "CLO1501: Horse.feed: Horse has nothing called born that can be part of a key");
  EXPECT_EQ(
      after([](Interface& it) { it.models[2].stored[0].value = named(TypeKind::kObject, "Pony"); }),
      "CLO1501: Horse.feed: there is no class called Pony");
}

TEST(CidlLoad, RefusesModelsThatMixStorages) {
  EXPECT_EQ(after([](Interface& it) { it.models[3].value = {}; }),
            "CLO1501: Session: the model has no type of values");
  EXPECT_EQ(after([](Interface& it) { it.models[4].value = plain(TypeKind::kText); }),
            "CLO1501: Picture: only a KV model has values");
  EXPECT_EQ(after([](Interface& it) { it.models[4].binding.clear(); }),
            "CLO1501: Picture: the model has no binding");
  EXPECT_EQ(after([](Interface& it) { it.models[3].key_parameters = {"id"}; }),
            "CLO1501: Session: only D1 models and those of keys have stored fields and key "
            "parameters");
  EXPECT_EQ(after([](Interface& it) { it.models[4].stored = it.models[5].stored; }),
            "CLO1501: Picture: only D1 models and those of keys have stored fields and key "
            "parameters");
  EXPECT_EQ(after([](Interface& it) { it.models[5].columns = {key_column("number")}; }),
            "CLO1501: Stall: only a D1 model has columns and navigations");
}

TEST(CidlLoad, RefusesOptionsAndNodesInTheWrongPlace) {
  EXPECT_EQ(after([](Interface& it) {
              it.models[2].data_sources[0].tree.nodes[0].options = {{"expiresIn", "1"}};
            }),
            "CLO1501: Horse.default: only stored fields and relations to many rows have options");
  EXPECT_EQ(after([](Interface& it) {
              it.models[2].data_sources[1].tree.nodes[0].children.nodes = {{"owner", {}}};
            }),
            "CLO1501: Horse.stored: there is nothing to include below notes");
  EXPECT_EQ(after([](Interface& it) {
              it.models[2].data_sources[1].tree.nodes[0].options[1].name = "limit";
            }),
            "CLO1501: notes.limit: the name is used twice");
}

TEST(CidlLoad, RefusesNamesThatAreTakenOrCannotBeNames) {
  EXPECT_EQ(after([](Interface& it) { it.models[2].stored[0].name = "owner"; }),
            "CLO1501: Horse.owner: the name is used twice");
  EXPECT_EQ(after([](Interface& it) { it.models[2].key_parameters = {"feed"}; }),
            "CLO1501: Horse.feed: the name is used twice");
  EXPECT_EQ(after([](Interface& it) { it.services[0].name = "Horse"; }),
            "CLO1501: Horse: the name is used twice");
  EXPECT_EQ(after([](Interface& it) { it.models[0].navigations[0].name = "email"; }),
            "CLO1501: Person.email: the name is used twice");
  EXPECT_EQ(after([](Interface& it) { it.models[2].methods[1].name = "save"; }),
            "CLO1501: Horse.save: the name is used twice");
  EXPECT_EQ(after([](Interface& it) { it.models[2].methods[1].parameters[1].name = "data"; }),
            "CLO1501: Horse.photo: the name is used twice");
  EXPECT_EQ(after([](Interface& it) { it.plain_objects[0].fields[0].name = "__proto__"; }),
            "CLO1501: Summary.__proto__: __proto__ cannot be a name");
  EXPECT_EQ(after([](Interface& it) { it.junctions[0].left.columns[0].clear(); }),
            "CLO1501: HorseRace: a name is empty");
}

TEST(CidlLoad, SurvivesCutsAndChangedBytes) {
  const std::string text = save(sample_interface());
  for (std::size_t length = 0; length < text.size() - 2; length += 11) {
    EXPECT_FALSE(load(std::string_view(text).substr(0, length)).ok()) << length;
  }
  for (std::size_t place = 0; place < text.size(); place += 13) {
    for (const char byte : {'\0', '"', '{', ']', ',', 'x', '\x80'}) {
      std::string changed = text;
      changed[place] = byte;
      const auto loaded = load(changed);
      if (loaded.ok()) {
        EXPECT_TRUE(load(save(*loaded)).ok()) << place;
      }
    }
  }
}

}  // namespace
}  // namespace cloesce::cidl
