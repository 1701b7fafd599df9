// What correct sources declare. What is wrong with the others is tested from real sources, in
// tests/js/compile-errors.test.mjs.
#include "compile/sema/analyse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "cidl/find.h"
#include "cidl/load.h"
#include "cidl/save.h"
#include "compile/sema/source.h"

namespace cloesce::sema {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string findings_of(const DiagnosticSink& sink) {
  std::string text;
  for (const Diagnostic& one : sink.diagnostics()) {
    text.append(one.code).append(": ").append(one.message).append("\n");
  }
  return text;
}

// The interface of a project without findings; it is one that a worker can load.
cidl::Interface analysed(const pre::Project& project) {
  DiagnosticSink sink;
  cidl::Interface interface = analyse(project, sink);
  EXPECT_EQ(findings_of(sink), "");
  const auto loaded = cidl::load(cidl::save(interface));
  EXPECT_TRUE(loaded.ok()) << render(loaded.error());
  if (loaded.ok()) {
    EXPECT_EQ(*loaded, interface);
  }
  return interface;
}

const cidl::Model& model_of(const cidl::Interface& interface, std::string_view name) {
  static const cidl::Model kNone;
  for (const cidl::Model& model : interface.models) {
    if (model.name == name) return model;
  }
  ADD_FAILURE() << "no model " << name;
  return kNone;
}

const cidl::Navigation& navigation_of(const cidl::Model& model, std::string_view name) {
  static const cidl::Navigation kNone;
  const cidl::Navigation* found = cidl::find_navigation(model, name);
  if (found != nullptr) return *found;
  ADD_FAILURE() << "no navigation " << name;
  return kNone;
}

template <class Items>
std::vector<std::string> names_of(const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(item.name);
  return names;
}

pre::PropertyNode key(std::string name = "id", std::string_view type = "Integer") {
  return property(std::move(name), type, {mark("PrimaryKey")});
}

struct TypeCase {
  std::string_view source;
  std::string_view cidl;
};

TEST(AnalyseColumns, TypesFollowFromNames) {
  const TypeCase cases[] = {
      {"Integer", "Integer"},
      {"number", "Real"},
      {"string", "Text"},
      {"boolean", "Boolean"},
      {"Date", "DateIso"},
      {"Uint8Array", "Blob"},
      {"Blob", "Blob"},
      {"ArrayBuffer", "Blob"},
      {"string | null", "Text | null"},
      {"null | string | undefined", "Text | null"},
      {"HorseId", "Integer"},
      {"Maybe<Integer>", "Integer | null"},
      {"Maybe<Maybe<HorseId>>", "Integer | null"},
  };
  for (const TypeCase& one : cases) {
    pre::Project project =
        project_of({class_node("D1", "Horse", {key(), property("value", one.source)})});
    project.aliases = {{"HorseId", {}, {}, type_node("Integer")},
                       {"Maybe", {}, {"T"}, type_node("T | null")},
                       {"Integer", {}, {}, type_node("number")}};
    const cidl::Interface interface = analysed(project);
    EXPECT_EQ(cidl::type_to_text(model_of(interface, "Horse").columns.at(1).type), one.cidl)
        << one.source;
  }
}

TEST(AnalyseColumns, BytesKeepTheTypeThatTheyAreDeclaredWith) {
  const TypeCase cases[] = {
      {"Uint8Array", ""}, {"Blob", "Blob"}, {"ArrayBuffer | null", "ArrayBuffer"}};
  for (const TypeCase& one : cases) {
    const cidl::Interface interface =
        analysed(project_of({class_node("D1", "Horse", {key(), property("photo", one.source)})}));
    const cidl::Type& type = model_of(interface, "Horse").columns.at(1).type;
    EXPECT_EQ(cidl::without_nullable(type).name, one.cidl) << one.source;
  }
}

TEST(AnalyseRelations, AForeignKeyToBytesMayBeDeclaredAsOtherBytes) {
  const cidl::Interface interface = analysed(project_of(
      {class_node("D1", "Seal", {key(), property("print", "Blob", {mark("Unique")})}),
       class_node("D1", "Letter",
                  {key(), property("print", "Uint8Array", {foreign_key("Seal", "print")})})}));
  EXPECT_EQ(model_of(interface, "Letter").columns.at(1).references,
            (cidl::Reference{"Seal", "print"}));
}

TEST(AnalyseColumns, MarksDecideKeysUniquenessAndIndexes) {
  pre::ClassNode horse = class_node("D1", "Horse",
                                    {key(), property("name", "string", {mark("unique")}),
                                     property("age", "Integer", {mark("INDEX")})});
  horse.properties.push_back(property("born", "Date"));
  horse.properties.back().optional = true;
  const cidl::Interface interface = analysed(project_of({horse}));
  const cidl::Model& model = model_of(interface, "Horse");
  EXPECT_EQ(model.binding, "db");
  EXPECT_EQ(model.table, "Horse");
  EXPECT_EQ(model.file, "src/app.cloesce.ts");
  EXPECT_EQ(model.columns.at(0).key, cidl::KeyRole::kPrimaryKey);
  EXPECT_EQ(model.columns.at(1).uniqueness, cidl::Uniqueness::kUnique);
  EXPECT_EQ(model.columns.at(2).indexing, cidl::Indexing::kIndexed);
  EXPECT_TRUE(cidl::is_nullable(model.columns.at(3).type));
}

TEST(AnalyseRelations, ForeignKeysMayBeGivenInThreeForms) {
  for (const pre::DecoratorNode& decorator :
       {mark("ForeignKey", {name_value("Stable")}), mark("ForeignKey", {text_value("Stable")}),
        foreign_key("Stable", "id")}) {
    const cidl::Interface interface = analysed(
        project_of({class_node("D1", "Horse", {key(), property("home", "Integer", {decorator})}),
                    class_node("D1", "Stable", {key()})}));
    EXPECT_EQ(model_of(interface, "Horse").columns.at(1).references,
              (cidl::Reference{"Stable", "id"}));
    EXPECT_THAT(names_of(interface.models), ElementsAre("Stable", "Horse"));
  }
}

TEST(AnalyseRelations, OneToOneFollowsTheKeyFromEitherSide) {
  const cidl::Interface interface = analysed(project_of(
      {class_node("D1", "User",
                  {key(), property("profile", "Profile | undefined",
                                   {mark("OneToOne", {text_value("userId")})})}),
       class_node(
           "D1", "Profile",
           {key(),
            property("userId", "Integer",
                     {mark("ForeignKey", {name_value("User")}), mark("Unique")}),
            property("user", "User | undefined", {mark("OneToOne", {text_value("userId")})})})}));
  EXPECT_EQ(
      navigation_of(model_of(interface, "Profile"), "user"),
      (cidl::Navigation{
          "user", cidl::NavigationKind::kOneToOne, "User", cidl::KeyOwner::kSelf, {"userId"}, {}}));
  EXPECT_EQ(navigation_of(model_of(interface, "User"), "profile"),
            (cidl::Navigation{"profile",
                              cidl::NavigationKind::kOneToOne,
                              "Profile",
                              cidl::KeyOwner::kTarget,
                              {"userId"},
                              {}}));
}

TEST(AnalyseRelations, AModelMayRelateToItself) {
  const cidl::Interface interface = analysed(project_of({class_node(
      "D1", "Employee",
      {key(), property("bossId", "Integer | null", {mark("ForeignKey", {name_value("Employee")})}),
       property("boss", "Employee | undefined", {mark("OneToOne", {text_value("bossId")})}),
       property("team", "Employee[]", {mark("OneToMany", {text_value("bossId")})}),
       property("friends", "Employee[]", {mark("ManyToMany", {text_value("Friends")})}),
       data_source("all", tree_value({{"boss", tree_value({{"team", tree_value()}})},
                                      {"friends", tree_value()}}))})}));
  const cidl::Model& employee = model_of(interface, "Employee");
  EXPECT_EQ(navigation_of(employee, "boss").key_owner, cidl::KeyOwner::kSelf);
  EXPECT_EQ(navigation_of(employee, "team"), (cidl::Navigation{"team",
                                                               cidl::NavigationKind::kOneToMany,
                                                               "Employee",
                                                               cidl::KeyOwner::kTarget,
                                                               {"bossId"},
                                                               {}}));
  ASSERT_EQ(interface.junctions.size(), 1U);
  EXPECT_EQ(
      interface.junctions.at(0),
      (cidl::Junction{"Friends", "db", {"Employee", {"left_id"}}, {"Employee", {"right_id"}}}));
  const cidl::DataSource& all = employee.data_sources.at(0);
  EXPECT_THAT(names_of(all.tree.nodes), ElementsAre("boss", "friends"));
  EXPECT_THAT(names_of(all.tree.nodes.at(0).children.nodes), ElementsAre("team"));
}

TEST(AnalyseRelations, CompositeKeysAreFollowedInTheOrderOfTheKey) {
  const cidl::Interface interface = analysed(project_of(
      {class_node("D1", "Seat",
                  {key("row", "string"), key("place"),
                   property("tickets", "Ticket[]", {mark("OneToMany", {text_value("a")})})}),
       class_node(
           "D1", "Ticket",
           {key(), property("b", "Integer", {foreign_key("Seat", "place")}),
            property("a", "string", {foreign_key("Seat", "row")}),
            property("oldPlace", "Integer | null", {foreign_key("Seat", "place")}),
            property("oldRow", "string | null", {foreign_key("Seat", "row")}),
            property("seat", "Seat | undefined",
                     {mark("OneToOne", {text_value("a"), text_value("b")})}),
            property("old", "Seat | undefined", {mark("OneToOne", {text_value("oldPlace")})})})}));
  const cidl::Model& ticket = model_of(interface, "Ticket");
  EXPECT_THAT(navigation_of(ticket, "seat").columns, ElementsAre("a", "b"));
  EXPECT_THAT(navigation_of(ticket, "old").columns, ElementsAre("oldRow", "oldPlace"));
  EXPECT_THAT(navigation_of(model_of(interface, "Seat"), "tickets").columns, ElementsAre("a", "b"));
}

TEST(AnalyseRelations, JunctionsAreNamedAndOrderedByTheirModels) {
  const cidl::Interface interface = analysed(project_of(
      {class_node("D1", "Student",
                  {key(), property("courses", "Course[]",
                                   {mark("ManyToMany", {text_value("Enrolment")})})}),
       class_node(
           "D1", "Course",
           {key("code", "string"), key("year"),
            property("students", "Student[]", {mark("ManyToMany", {text_value("Enrolment")})})})}));
  EXPECT_THAT(interface.junctions,
              ElementsAre(cidl::Junction{"Enrolment",
                                         "db",
                                         {"Course", {"Course_code", "Course_year"}},
                                         {"Student", {"Student_id"}}}));
  EXPECT_EQ(navigation_of(model_of(interface, "Student"), "courses").junction, "Enrolment");
}

TEST(AnalyseRelations, NullableKeysBreakCyclesOfTables) {
  const cidl::Interface interface = analysed(
      project_of({class_node("D1", "Author",
                             {key(), property("bestId", "Integer | null",
                                              {mark("ForeignKey", {text_value("Book")})})}),
                  class_node("D1", "Book",
                             {key(), property("authorId", "Integer",
                                              {mark("ForeignKey", {name_value("Author")})})})}));
  EXPECT_THAT(names_of(interface.models), ElementsAre("Author", "Book"));
}

TEST(AnalyseModels, TakeTheDatabaseThatTheyName) {
  pre::ClassNode horse = class_node("Model", "Horse", {key()});
  horse.decorators = {mark("Model", {text_value("archive")})};
  const cidl::Interface interface =
      analysed(project_of({horse, class_node("Model", "Dog", {key()})}));
  EXPECT_EQ(model_of(interface, "Horse").binding, "archive");
  EXPECT_EQ(model_of(interface, "Dog").binding, "db");
}

std::string signature(const cidl::Method& method) {
  std::string text = method.name + "(";
  for (const cidl::Parameter& one : method.parameters) {
    text += one.name + ": " + cidl::type_to_text(one.type) + ", ";
  }
  return text + ") " + cidl::type_to_text(method.returns);
}

TEST(AnalyseCrud, MakesAllKindsWhenNoneIsNamed) {
  pre::ClassNode horse = class_node("D1", "Horse", {key("stable", "string"), key("number")},
                                    {method("GET", "neigh", {}, "string")});
  horse.decorators.push_back(mark("CRUD"));
  const cidl::Interface interface = analysed(project_of({horse}));
  const auto& methods = model_of(interface, "Horse").methods;
  ASSERT_EQ(methods.size(), 5U);
  EXPECT_EQ(signature(methods[0]), "save(model: DeepPartial<Horse>, ) HttpResult<Horse>");
  EXPECT_EQ(signature(methods[1]), "get(stable: Text, number: Integer, ) HttpResult<Horse>");
  EXPECT_EQ(signature(methods[2]),
            "list(limit: Integer | null, after: Text | null, ) HttpResult<Horse[]>");
  EXPECT_EQ(signature(methods[3]), "delete() HttpResult<Void>");
  EXPECT_EQ(methods[0].verb, cidl::Verb::kPost);
  EXPECT_EQ(methods[1].verb, cidl::Verb::kGet);
  EXPECT_EQ(methods[2].verb, cidl::Verb::kGet);
  EXPECT_EQ(methods[3].verb, cidl::Verb::kDelete);
  for (const std::size_t index : {0U, 1U, 2U}) {
    EXPECT_EQ(methods[index].scope, cidl::MethodScope::kStatic) << index;
  }
  EXPECT_EQ(methods[3].scope, cidl::MethodScope::kInstance);
  EXPECT_EQ(methods[0].builtin, cidl::Builtin::kSave);
  EXPECT_EQ(methods[1].builtin, cidl::Builtin::kGet);
  EXPECT_EQ(methods[2].builtin, cidl::Builtin::kList);
  EXPECT_EQ(methods[3].builtin, cidl::Builtin::kDelete);
  EXPECT_EQ(methods[4].builtin, cidl::Builtin::kNone);
}

TEST(AnalyseCrud, MakesTheKindsThatAreNamedInItsOwnOrder) {
  pre::ClassNode horse = class_node("D1", "Horse", {key()});
  horse.decorators.push_back(mark("CRUD", {list_value({text_value("list"), text_value("GET")})}));
  const cidl::Interface interface = analysed(project_of({horse}));
  EXPECT_THAT(names_of(model_of(interface, "Horse").methods), ElementsAre("get", "list"));
}

TEST(AnalyseMethods, VerbsAreRecognisedInAnyCase) {
  const std::pair<std::string, cidl::Verb> cases[] = {
      {"GET", cidl::Verb::kGet},       {"Get", cidl::Verb::kGet}, {"HEAD", cidl::Verb::kHead},
      {"post", cidl::Verb::kPost},     {"Put", cidl::Verb::kPut}, {"PATCH", cidl::Verb::kPatch},
      {"Delete", cidl::Verb::kDelete},
  };
  for (const auto& [verb, expected] : cases) {
    const cidl::Interface interface =
        analysed(project_of({class_node("Service", "Clock", {}, {method(verb, "tick")})}));
    EXPECT_EQ(interface.services.at(0).methods.at(0).verb, expected) << verb;
  }
}

TEST(AnalyseMethods, ResultsAreNormalised) {
  const TypeCase cases[] = {
      {"", "Void"},
      {"void", "Void"},
      {"Promise<void>", "Void"},
      {"Promise<void | undefined>", "Void"},
      {"HttpResult", "HttpResult<Void>"},
      {"Promise<HttpResult<void>>", "HttpResult<Void>"},
      {"HttpResult<string>", "HttpResult<Text>"},
      {"Promise<HttpResult<Horse | null> | null>", "HttpResult<Horse | null>"},
      {"Promise<HttpResult<Horse>> | undefined", "HttpResult<Horse | null>"},
      {"HttpResult<Promise<Horse[]>>", "HttpResult<Horse[]>"},
      {"(Horse | null)[]", "(Horse | null)[]"},
      {"Horse[] | null", "Horse[] | null"},
      {"unknown | null", "JsonValue"},
      {"Json", "JsonValue"},
      {"R2Object | null", "R2Object | null"},
      {"KValue<Horse>[]", "KValue<Horse>[]"},
      {"Readonly<Horse>", "Horse"},
      {"ReadableStream", "Stream"},
  };
  for (const TypeCase& one : cases) {
    const cidl::Interface interface = analysed(project_of(
        {class_node("D1", "Horse", {key()}, {static_method("GET", "find", {}, one.source)})}));
    EXPECT_EQ(cidl::type_to_text(model_of(interface, "Horse").methods.at(0).returns), one.cidl)
        << one.source;
  }
}

TEST(AnalyseMethods, ParametersMayBePartialOptionalOrADataSource) {
  const TypeCase cases[] = {
      {"DeepPartial<Horse>", "DeepPartial<Horse>"},
      {"Partial<Horse>[] | null", "DeepPartial<Horse>[] | null"},
      {"DeepPartial<Horse[]>", "DeepPartial<Horse>[]"},
      {"DataSourceOf<Horse>", "DataSourceOf<Horse>"},
      {"DataSourceOf<Horse> | undefined", "DataSourceOf<Horse>"},
  };
  for (const TypeCase& one : cases) {
    const cidl::Interface interface =
        analysed(project_of({class_node("D1", "Horse", {key()}),
                             class_node("Service", "Farm", {},
                                        {method("POST", "feed", {parameter("x", one.source)})})}));
    const auto& parameters = interface.services.at(0).methods.at(0).parameters;
    EXPECT_EQ(cidl::type_to_text(parameters.at(0).type), one.cidl) << one.source;
  }
  pre::ParameterNode optional = parameter("a", "string");
  optional.optional = true;
  pre::ParameterNode with_default = parameter("b", "Integer");
  with_default.has_default = true;
  const cidl::Interface interface = analysed(project_of(
      {class_node("Service", "Farm", {}, {method("POST", "feed", {optional, with_default})})}));
  EXPECT_EQ(signature(interface.services.at(0).methods.at(0)),
            "feed(a: Text | null, b: Integer, ) Void");
  for (const cidl::Parameter& one : interface.services.at(0).methods.at(0).parameters) {
    EXPECT_EQ(one.presence, cidl::Presence::kOptional) << one.name;
  }
}

TEST(AnalyseMethods, DefaultsThatAreWrittenOutAreTold) {
  pre::ParameterNode limit = parameter("limit", "Integer");
  limit.has_default = true;
  limit.fallback = number_value("20");
  pre::ParameterNode tags = parameter("tags", "string[]");
  tags.has_default = true;
  tags.fallback = list_value({text_value("a \"b\"")});
  pre::ParameterNode now = parameter("now", "Date");
  now.has_default = true;
  now.fallback = pre::ValueNode{};
  now.fallback->text = "new Date(0)";
  const cidl::Interface interface = analysed(project_of(
      {class_node("Service", "Farm", {}, {method("POST", "feed", {limit, tags, now})})}));
  const auto& parameters = interface.services.at(0).methods.at(0).parameters;
  EXPECT_EQ(parameters.at(0).fallback, "20");
  EXPECT_EQ(parameters.at(1).fallback, R"(["a \"b\""])");
  EXPECT_EQ(parameters.at(2).fallback, "");
}

TEST(AnalyseMethods, InjectedParametersAreFoundByDecoratorOrByType) {
  pre::ParameterNode destructured = parameter("arg3", "Env", {mark("Inject")});
  destructured.destructured = {"db"};
  const cidl::Interface interface = analysed(project_of(
      {class_node("Service", "Clock"),
       class_node(
           "Service", "Farm", {},
           {method("POST", "feed",
                   {parameter("env", "Env"), parameter("request", "Request"),
                    parameter("clock", "Clock"), destructured,
                    parameter("session", "Session", {mark("inject")}),
                    parameter("db", "D1Database | undefined"), parameter("name", "string")})})}));
  const cidl::Method& feed = interface.services.at(1).methods.at(0);
  std::vector<std::string> injected;
  for (const cidl::Parameter& one : feed.parameters) {
    if (one.type.kind == cidl::TypeKind::kInject) injected.push_back(one.type.name);
  }
  EXPECT_THAT(injected, ElementsAre("Env", "Request", "Clock", "Env", "Session", "D1Database"));
  EXPECT_EQ(feed.parameters.back().name, "name");
  EXPECT_EQ(feed.parameters_media, cidl::MediaType::kJson);
}

struct MediaCase {
  std::vector<std::string_view> parameters;
  cidl::MediaType expected;
};

TEST(AnalyseMedia, FollowsFromTheParametersThatAreSent) {
  const MediaCase cases[] = {
      {{}, cidl::MediaType::kJson},
      {{"string", "Point"}, cidl::MediaType::kJson},
      {{"Blob"}, cidl::MediaType::kOctet},
      {{"Stream"}, cidl::MediaType::kOctet},
      {{"Env", "Uint8Array"}, cidl::MediaType::kOctet},
      {{"Env", "Stream", "Request"}, cidl::MediaType::kOctet},
      {{"Blob", "string"}, cidl::MediaType::kFormData},
      {{"Blob | null"}, cidl::MediaType::kFormData},
      {{"Blob[]"}, cidl::MediaType::kFormData},
      {{"Album"}, cidl::MediaType::kFormData},
      {{"DeepPartial<Album>[]"}, cidl::MediaType::kFormData},
      {{"Page"}, cidl::MediaType::kFormData},
  };
  for (const MediaCase& one : cases) {
    std::vector<pre::ParameterNode> parameters;
    for (const std::string_view type : one.parameters) {
      parameters.push_back(parameter("p" + std::to_string(parameters.size()), type));
    }
    // Album holds no bytes itself, but its pictures do; Page holds an album and itself.
    const cidl::Interface interface = analysed(project_of(
        {class_node("PlainOldObject", "Point", {property("x", "number")}),
         class_node("PlainOldObject", "Page",
                    {property("next", "Page | null"), property("album", "Album")}),
         class_node("D1", "Album",
                    {key(), property("pictures", "Picture[]",
                                     {mark("OneToMany", {text_value("albumId")})})}),
         class_node("D1", "Picture",
                    {key(), property("bytes", "Blob"),
                     property("albumId", "Integer", {mark("ForeignKey", {name_value("Album")})})}),
         class_node("Service", "Uploader", {}, {method("POST", "send", parameters)})}));
    EXPECT_EQ(interface.services.at(0).methods.at(0).parameters_media, one.expected)
        << ::testing::PrintToString(one.parameters);
  }
}

TEST(AnalyseMedia, BytesAloneAreAnsweredAsTheyAre) {
  const std::pair<std::string_view, cidl::MediaType> cases[] = {
      {"string", cidl::MediaType::kJson},
      {"Blob", cidl::MediaType::kOctet},
      {"Promise<HttpResult<Stream>>", cidl::MediaType::kOctet},
      {"HttpResult<Blob | null>", cidl::MediaType::kOctet},
  };
  for (const auto& [returns, expected] : cases) {
    const cidl::Interface interface = analysed(
        project_of({class_node("Service", "Clock", {}, {method("GET", "tick", {}, returns)})}));
    EXPECT_EQ(interface.services.at(0).methods.at(0).returns_media, expected) << returns;
  }
}

TEST(AnalyseServices, AreOrderedByWhatTheyNeed) {
  pre::MethodNode init = method("", "init", {parameter("clock", "Clock")});
  init.decorators.clear();
  const cidl::Interface interface = analysed(project_of(
      {class_node("Service", "Alarm", {property("env", "Env"), property("bell", "Bell")}),
       class_node("Service", "Bell", {}, {init}), class_node("Service", "Clock"),
       class_node("Service", "Zebra")}));
  EXPECT_THAT(names_of(interface.services), ElementsAre("Clock", "Bell", "Alarm", "Zebra"));
  const cidl::Service& alarm = interface.services.at(2);
  EXPECT_THAT(alarm.attributes,
              ElementsAre(cidl::Attribute{"env", "Env"}, cidl::Attribute{"bell", "Bell"}));
  EXPECT_FALSE(alarm.initializer.has_value());
  const cidl::Service& bell = interface.services.at(1);
  ASSERT_TRUE(bell.initializer.has_value());
  EXPECT_EQ(bell.initializer->at(0).type.name, "Clock");
  EXPECT_THAT(bell.methods, IsEmpty());
}

TEST(AnalyseProject, MayConsistOfServicesAlone) {
  pre::Project project = project_of({});
  project.classes = {class_node("Service", "Clock", {}, {method("GET", "tick", {}, "Date")})};
  const cidl::Interface interface = analysed(project);
  EXPECT_FALSE(interface.environment.has_value());
  EXPECT_EQ(interface.services.size(), 1U);
}

TEST(AnalyseProject, StandInsForTheEditorAreNotTypes) {
  pre::Project project = project_of({class_node(
      "D1", "Horse", {key()}, {static_method("GET", "all", {}, "HttpResult<Horse[]>")})});
  for (const std::string name : {"HttpResult", "KValue", "Integer"}) {
    pre::ClassNode stand_in = class_node("", name);
    stand_in.decorators.clear();
    stand_in.exported = false;
    project.classes.push_back(stand_in);
  }
  EXPECT_EQ(signature(model_of(analysed(project), "Horse").methods.at(0)),
            "all() HttpResult<Horse[]>");
}

TEST(AnalyseProject, PlainObjectsComeAfterThoseTheyHold) {
  const cidl::Interface interface = analysed(project_of(
      {class_node("Service", "Clock"),
       class_node("POO", "A", {property("b", "B[] | null"), property("self", "A | null")}),
       class_node("PlainOldObject", "B", {property("when", "Date"), property("any", "Json")})}));
  EXPECT_THAT(names_of(interface.plain_objects), ElementsAre("B", "A"));
  EXPECT_EQ(cidl::type_to_text(interface.plain_objects.at(1).fields.at(0).type), "B[] | null");
}

TEST(AnalyseProject, KeepsAppEnvironmentAndExportNames) {
  pre::Project project = project_of({class_node("Service", "Clock")});
  project.classes.at(0).export_name = "default";
  project.client_url = "http://localhost:3000";
  project.app = pre::AppNode{FileId{0}, {}, "app", "default", std::nullopt, {}, {}, {}, {}};
  project.classes.back().properties = {
      property("db", "D1Database"),       property("cache", "KVNamespace"),
      property("files", "R2Bucket"),      property("greeting", "string"),
      property("endpoint", "R2Endpoint"), property("region", "string"),
  };
  const cidl::Interface interface = analysed(project);
  EXPECT_EQ(interface.application, (cidl::Application{"src/app.cloesce.ts", "default"}));
  EXPECT_EQ(interface.client_url, "http://localhost:3000");
  EXPECT_THAT(interface.exports, ElementsAre(cidl::ExportName{"Clock", "default"}));
  ASSERT_TRUE(interface.environment.has_value());
  EXPECT_THAT(interface.environment->bindings,
              ElementsAre(cidl::Binding{"db", cidl::BindingKind::kD1},
                          cidl::Binding{"cache", cidl::BindingKind::kKv},
                          cidl::Binding{"files", cidl::BindingKind::kR2}));
  EXPECT_THAT(interface.environment->variables,
              ElementsAre(cidl::Variable{"greeting", cidl::VariableKind::kText},
                          cidl::Variable{"endpoint", cidl::VariableKind::kR2Endpoint},
                          cidl::Variable{"region", cidl::VariableKind::kText}));
}

struct PrefixCase {
  std::string workers_url;
  std::optional<std::string> route_prefix;
  std::string expected;
};

TEST(AnalyseProject, TheRoutePrefixComesFromTheAppThenTheUrl) {
  const PrefixCase cases[] = {
      {"http://localhost:8787/api", std::nullopt, "api"},
      {"https://example.com/a/b/", std::nullopt, "a/b"},
      {"https://example.com/v1?x=/y#z", std::nullopt, "v1"},
      {"https://example.com", std::nullopt, "api"},
      {"https://example.com/", std::nullopt, "api"},
      {"", std::nullopt, "api"},
      {"https://example.com/a", "v2", "v2"},
      {"https://example.com/a", "/v2/inner/", "v2/inner"},
      {"https://example.com/a", "", ""},
  };
  for (const PrefixCase& one : cases) {
    pre::Project project = project_of({class_node("Service", "Clock")});
    project.workers_url = one.workers_url;
    project.app = pre::AppNode{FileId{0}, {}, "app", "default", one.route_prefix, {}, {}, {}, {}};
    EXPECT_EQ(analysed(project).route_prefix, one.expected)
        << one.workers_url << " " << one.route_prefix.value_or("-");
  }
}

TEST(AnalyseProject, FindingsOfTheExtractorComeAlong) {
  pre::Project project =
      project_of({class_node("D1", "Horse", {key(), property("home", "Stable")})});
  project.diagnostics = {{Severity::kError, "CLO2001", "unexpected token", std::nullopt, {}, {}}};
  DiagnosticSink sink;
  (void)analyse(project, sink);
  // The unknown type may well be in the file that could not be read.
  EXPECT_EQ(findings_of(sink), "CLO2001: unexpected token\n");
}

}  // namespace
}  // namespace cloesce::sema
