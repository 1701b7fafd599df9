// Opening an app: its input, its limits, and the manifest it answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {
namespace {

using ::testing::HasSubstr;

std::string failure_of(const std::string& text) {
  const auto opened = App::open(text);
  return opened.ok() ? "" : render(opened.error());
}

std::string manifest() {
  const auto opened = App::open(open_text(stable_interface()));
  EXPECT_TRUE(opened.ok());
  return std::string((*opened)->manifest());
}

// The route of `method` in the manifest, up to the next one.
std::string route_of(const std::string& manifest, const std::string& name_space,
                     const std::string& method) {
  const std::string begin = R"({"namespace":")" + name_space + R"(","method":")" + method + "\"";
  const std::size_t at = manifest.find(begin);
  EXPECT_NE(at, std::string::npos) << begin;
  return manifest.substr(at, manifest.find(R"({"namespace":)", at + 1) - at);
}

TEST(AppOpen, RefusesWhatIsNoInput) {
  for (const char* text : {"", "\n", "\n\n", "AAAA\n\n", "*\n\n", "AAAA", "{}"}) {
    EXPECT_NE(failure_of(text), "") << text;
  }
}

TEST(AppOpen, RefusesWrongLimits) {
  for (const char* limits : {"0", "-1", "1.5", "4294967296", "99999999999999999999", "x", "4x",
                             " 4", ",,,,0", ",,,,1001", ",,,,,true"}) {
    EXPECT_THAT(failure_of(open_text(stable_interface(), std::string(limits) + "\n")),
                HasSubstr("limits are positive integers"))
        << limits;
  }
}

TEST(AppOpen, AppliesLimits) {
  TestHost host(stable_interface(), "1000,,,,4,2\n");
  const auto grow = [&](const std::string& root) {
    return host.send(
        {.verb = "PUT", .target = "/api/Report/grow", .body = R"({"root":)" + root + "}"});
  };
  const auto branch = [](const std::string& below) {
    return R"({"at":"2020-01-01","label":"","below":[)" + below + "]}";
  };
  EXPECT_EQ(grow(branch("")).kind, StepKind::kDispatch);
  EXPECT_THAT(grow(branch(branch(branch("")))).bytes, HasSubstr("CLO1105"));
  const std::string leaf = branch("");
  TestHost narrow(stable_interface(), ",,,,,2\n");
  EXPECT_THAT(narrow
                  .send({.verb = "PUT",
                         .target = "/api/Report/grow",
                         .body = R"({"root":)" + branch(leaf + "," + leaf + "," + leaf) + "}"})
                  .bytes,
              HasSubstr("CLO1210"));
}

TEST(AppOpen, RoutePrefixReplacesThatOfTheInterface) {
  TestHost host(stable_interface(), "\n/v2/stable/\n");
  EXPECT_EQ(host.send({.target = "/v2/stable/Report/count?from=1"}).kind, StepKind::kDispatch);
  EXPECT_EQ(host.send({.target = "/api/Report/count?from=1"}).kind, StepKind::kForeign);
  EXPECT_THAT(host.app().manifest(), HasSubstr(R"("routePrefix":"v2/stable")"));

  TestHost root(stable_interface(), "\n\n");
  EXPECT_EQ(root.send({.target = "/Report/count?from=1"}).kind, StepKind::kDispatch);
}

TEST(AppOpen, WorksForAnInterfaceOfNothing) {
  TestHost host{cidl::Interface{}};
  EXPECT_EQ(host.send({.target = "/"}).status, 404U);
  EXPECT_EQ(host.app().manifest(),
            R"({"routePrefix":"","environment":null,"services":[],"routes":[],"models":{},)"
            R"("stores":{},"signing":{"endpoint":null,"accessKeyId":null,"secretAccessKey":null},)"
            R"("shapes":[]})");
}

TEST(Manifest, NamesTheEnvironment) {
  EXPECT_THAT(manifest(), HasSubstr(R"("environment":"Env")"));
}

TEST(Manifest, ServicesKeepTheirOrderAndTellTheirInjections) {
  EXPECT_THAT(
      manifest(),
      HasSubstr(
          R"("services":[{"name":"Clock","attributes":[],"initializer":[]},)"
          R"({"name":"Ledger","attributes":[{"name":"clock","inject":"Clock","binding":null},)"
          R"({"name":"env","inject":"Env","binding":null},)"
          R"({"name":"archive","inject":"D1Database","binding":"archive"}],)"
          R"("initializer":[{"name":"db","inject":"D1Database","binding":"archive"}]},)"
          R"({"name":"Desk","attributes":[{"name":"ledger","inject":"Ledger","binding":null}],"initializer":null},)"
          R"({"name":"Report","attributes":[],"initializer":null}])"));
}

TEST(Manifest, DatabaseOfAMethodIsThatOfItsModel) {
  const std::string route = route_of(manifest(), "Horse", "greet");
  EXPECT_THAT(route, HasSubstr(R"("scope":"instance","self":1,)"))
      << "models have shapes in their order";
  EXPECT_THAT(route, HasSubstr(R"({"name":"db","inject":"D1Database","binding":"db","shape":-1})"));
  EXPECT_THAT(route, HasSubstr(R"({"name":"who","inject":null,"binding":null,"shape":-1})"));
}

TEST(Manifest, ScopesAndResults) {
  const std::string text = manifest();
  EXPECT_THAT(route_of(text, "Horse", "list"), HasSubstr(R"("scope":"static","self":-1)"));
  EXPECT_THAT(route_of(text, "Report", "count"), HasSubstr(R"("scope":"service","self":-1)"));
  EXPECT_THAT(route_of(text, "Horse", "delete"), HasSubstr(R"("kind":"Void")"));
  EXPECT_THAT(route_of(text, "Horse", "greet"),
              HasSubstr(R"("returns":{"media":"Json","shape":-1,"kind":"Json"})"));
}

TEST(Manifest, RecursiveClassesReferToThemselves) {
  const std::string text = manifest();
  // Branch: its date, and an array of itself.
  const std::size_t at = text.find(R"({"kind":"object","class":"Branch","fields":[["at",)");
  ASSERT_NE(at, std::string::npos) << text;
  const std::string route = route_of(text, "Report", "grow");
  const std::size_t shape_at = route.find(R"("returns":{"media":"Json","shape":)");
  ASSERT_NE(shape_at, std::string::npos);
  const std::string shape =
      route.substr(shape_at + 34, route.find(',', shape_at + 34) - shape_at - 34);
  EXPECT_THAT(text, HasSubstr(R"({"kind":"array","of":)" + shape + "}"));
}

TEST(Manifest, ModelsHaveShapesWithTheMembersThatNeedOne) {
  const std::string text = manifest();
  EXPECT_THAT(text, HasSubstr(R"("models":{"Breed":)"));
  EXPECT_THAT(text, HasSubstr(R"({"kind":"object","class":"Breed","fields":[],"keys":["id"]})"));
  EXPECT_THAT(text, HasSubstr(R"("class":"Horse","fields":[["born",)"));
  EXPECT_THAT(text, HasSubstr(R"({"kind":"date"})"));
}

}  // namespace
}  // namespace cloesce::runtime::testing
