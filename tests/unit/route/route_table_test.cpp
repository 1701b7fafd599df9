// What a request line leads to, for every kind of path a client or an attacker may send.
#include "route/route_table.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "compile/image/built.h"

namespace cloesce::route {
namespace {

using cidl::MethodScope;
using cidl::Verb;
using image::testing::built_routes;

// The routes of an interface under its own prefix.
struct Table {
  explicit Table(const cidl::Interface& interface)
      : routes(built_routes(interface)), prefix(interface.route_prefix) {}

  [[nodiscard]] Match match(std::string_view verb, std::string_view target) const {
    return routes->match(prefix, verb, target);
  }

  image::testing::Built<RouteTable> routes;
  std::string prefix;
};

cidl::Method make_method(std::string name, Verb verb, MethodScope scope) {
  cidl::Method method;
  method.name = std::move(name);
  method.verb = verb;
  method.scope = scope;
  return method;
}

cidl::Column make_column(std::string name) {
  cidl::Column column;
  column.name = std::move(name);
  column.type.kind = cidl::TypeKind::kInteger;
  return column;
}

cidl::Column make_key(std::string name) {
  cidl::Column column = make_column(std::move(name));
  column.key = cidl::KeyRole::kPrimaryKey;
  return column;
}

/// Horse (one key), Pair (two keys), Clock (a service).
cidl::Interface make_interface(std::string prefix = "api") {
  cidl::Interface interface;
  interface.route_prefix = std::move(prefix);
  cidl::Model horse;
  horse.name = "Horse";
  horse.columns = {make_key("id"), make_column("name")};
  horse.methods = {make_method("list", Verb::kGet, MethodScope::kStatic),
                   make_method("like", Verb::kPost, MethodScope::kInstance),
                   make_method("like", Verb::kDelete, MethodScope::kInstance),
                   make_method("like", Verb::kGet, MethodScope::kStatic),
                   make_method("gr\xC3\xBC\xC3\x9F", Verb::kGet, MethodScope::kStatic)};
  cidl::Model pair;
  pair.name = "Pair";
  pair.columns = {make_key("left"), make_key("right")};
  pair.methods = {make_method("swap", Verb::kPatch, MethodScope::kInstance)};
  cidl::Model file;
  file.name = "File";
  file.storage = cidl::StorageKind::kR2;
  file.methods = {make_method("head", Verb::kHead, MethodScope::kInstance)};
  interface.models = {horse, pair, file};
  cidl::Service clock;
  clock.name = "Clock";
  clock.methods = {make_method("now", Verb::kGet, MethodScope::kInstance)};
  interface.services = {clock};
  return interface;
}

TEST(RouteTable, ListsModelsBeforeServicesInDeclarationOrder) {
  const cidl::Interface interface = make_interface();
  const Table table(interface);
  std::vector<std::string> names;
  for (const Route& route : table.routes->routes) {
    names.push_back(std::string(route.namespace_name) + "." + std::string(route.method_name) + "/" +
                    std::to_string(route.key_count));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"Horse.list/0", "Horse.like/1", "Horse.like/1",
                                             "Horse.like/0", "Horse.gr\xC3\xBC\xC3\x9F/0",
                                             "Pair.swap/2", "File.head/1", "Clock.now/0"}));
}

struct MatchCase {
  std::string_view verb;
  std::string_view target;
  Outcome outcome;
  std::uint32_t route = 0;
  std::string_view keys = {};
  std::string_view query = {};
};

TEST(RouteTable, AnswersEachTarget) {
  const cidl::Interface interface = make_interface();
  const Table table(interface);
  const MatchCase cases[] = {
      {"GET", "/api/Horse/list", Outcome::kMatched, 0, "", ""},
      {"GET", "/api/Horse/list?a=1&b=?", Outcome::kMatched, 0, "", "a=1&b=?"},
      {"GET", "/api/Horse/list?", Outcome::kMatched, 0, "", ""},
      {"GET", "/api/Horse/list?/x/y", Outcome::kMatched, 0, "", "/x/y"},
      {"POST", "/api/Horse/12/like", Outcome::kMatched, 1, "12", ""},
      {"DELETE", "/api/Horse/12/like", Outcome::kMatched, 2, "12", ""},
      {"GET", "/api/Horse/like", Outcome::kMatched, 3, "", ""},
      {"GET", "/api/Horse/gr%C3%BC%c3%9f", Outcome::kMatched, 4, "", ""},
      {"GET", "/api/H%6Frse/list", Outcome::kMatched, 0, "", ""},
      {"GET", "/%61pi/Horse/list", Outcome::kMatched, 0, "", ""},
      {"PATCH", "/api/Pair/1/2/swap", Outcome::kMatched, 5, "1/2", ""},
      {"PATCH", "/api/Pair/a%2Fb/c%2fd/swap", Outcome::kMatched, 5, "a%2Fb/c%2fd", ""},
      {"PATCH", "/api/Pair//2/swap", Outcome::kMatched, 5, "/2", ""},
      {"PATCH", "/api/Pair/../2/swap", Outcome::kMatched, 5, "../2", ""},
      {"POST", "/api/Horse/%zz/like", Outcome::kMatched, 1, "%zz", ""},  // judged with the key
      {"POST", "/api/Horse//like", Outcome::kMatched, 1, "", ""},
      {"HEAD", "/api/File/a%2Fb.png/head", Outcome::kMatched, 6, "a%2Fb.png", ""},
      {"GET", "/api/Clock/now", Outcome::kMatched, 7, "", ""},

      {"GET", "/", Outcome::kNotMine},
      {"GET", "", Outcome::kNotMine},
      {"OPTIONS", "*", Outcome::kNotMine},
      {"GET", "api/Horse/list", Outcome::kNotMine},
      {"GET", "/API/Horse/list", Outcome::kNotMine},
      {"GET", "/apix/Horse/list", Outcome::kNotMine},
      {"GET", "/ap", Outcome::kNotMine},
      {"GET", "/?/api/Horse/list", Outcome::kNotMine, 0, "", "/api/Horse/list"},
      {"GET", "/%zzi/Horse/list", Outcome::kNotMine},
      {"GET", "//api/Horse/list", Outcome::kNotMine},

      {"GET", "/api", Outcome::kNotFound},
      {"GET", "/api/", Outcome::kNotFound},
      {"GET", "/api?x", Outcome::kNotFound, 0, "", "x"},
      {"GET", "/api/Horse", Outcome::kNotFound},
      {"GET", "/api/Horse/", Outcome::kNotFound},
      {"GET", "/api//list", Outcome::kNotFound},
      {"GET", "/api//Horse/list", Outcome::kNotFound, 0, "Horse", ""},
      {"GET", "/api/horse/list", Outcome::kNotFound},
      {"GET", "/api/Horse/List", Outcome::kNotFound},
      {"GET", "/api/Horse/list/", Outcome::kNotFound, 0, "list", ""},
      {"GET", "/api/Horse/1/list", Outcome::kNotFound, 0, "1", ""},
      {"POST", "/api/Horse/1/2/like", Outcome::kNotFound, 0, "1/2", ""},
      {"PATCH", "/api/Pair/swap", Outcome::kNotFound},
      {"GET", "/api/Clock/1/now", Outcome::kNotFound, 0, "1", ""},
      {"GET", "/api/Horse%2Flist", Outcome::kNotFound},
      {"GET", "/api/../Horse/list", Outcome::kNotFound, 0, "Horse", ""},
      {"GET", "/api/Horse/list#x", Outcome::kNotFound},
      {"GET", "/api/Horse/list%00", Outcome::kNotFound},

      {"GET", "/api/Horse/%zz", Outcome::kMalformedUrl},
      {"GET", "/api/Horse/lis%7", Outcome::kMalformedUrl},
      {"GET", "/api/%/list", Outcome::kMalformedUrl},
  };
  for (const MatchCase& expected : cases) {
    SCOPED_TRACE(std::string(expected.verb) + " " + std::string(expected.target));
    const Match match = table.match(expected.verb, expected.target);
    EXPECT_EQ(match.outcome, expected.outcome);
    EXPECT_EQ(match.keys, expected.keys);
    EXPECT_EQ(match.query, expected.query);
    if (expected.outcome == Outcome::kMatched) {
      EXPECT_EQ(static_cast<std::uint32_t>(match.route), expected.route);
    }
  }
}

TEST(RouteTable, NamesTheVerbsThatAPathHas) {
  const cidl::Interface interface = make_interface();
  const Table table(interface);
  for (const std::string_view verb : {"GET", "post", "OPTIONS", "", "BREW"}) {
    SCOPED_TRACE(verb);
    const Match match = table.match(verb, "/api/Horse/1/like");
    EXPECT_EQ(match.outcome, Outcome::kMethodNotAllowed);
    EXPECT_EQ(match.allow, "POST, DELETE");
  }
  EXPECT_EQ(table.match("POST", "/api/Horse/like").allow, "GET");
  EXPECT_EQ(table.match("GET", "/api/Horse/nothing").allow, "");
}

TEST(RouteTable, TakesPrefixesOfAnyDepthAndNone) {
  const cidl::Interface deep = make_interface("v1/my api");
  const Table deep_table(deep);
  EXPECT_EQ(deep_table.match("GET", "/v1/my%20api/Horse/list").outcome, Outcome::kMatched);
  EXPECT_EQ(deep_table.match("GET", "/v1/my%20api").outcome, Outcome::kNotFound);
  EXPECT_EQ(deep_table.match("GET", "/v1%2Fmy%20api/Horse/list").outcome, Outcome::kNotMine);
  EXPECT_EQ(deep_table.match("GET", "/v1/Horse/list").outcome, Outcome::kNotMine);
  EXPECT_EQ(deep_table.match("GET", "/v1").outcome, Outcome::kNotMine);

  const cidl::Interface bare = make_interface("");
  const Table bare_table(bare);
  EXPECT_EQ(bare_table.match("GET", "/Horse/list").outcome, Outcome::kMatched);
  EXPECT_EQ(bare_table.match("GET", "/").outcome, Outcome::kNotFound);
  EXPECT_EQ(bare_table.match("GET", "Horse/list").outcome, Outcome::kNotMine);
}

TEST(RouteTable, RefusesOverlongTargetsUnderItsPrefixOnly) {
  const cidl::Interface interface = make_interface();
  const Table table(interface);
  const std::string fits = "/api/Horse/" + std::string(kMaximumTargetBytes - 16, '1') + "/like";
  ASSERT_EQ(fits.size(), kMaximumTargetBytes);
  EXPECT_EQ(table.match("POST", fits).outcome, Outcome::kMatched);
  EXPECT_EQ(table.match("POST", fits + "?").outcome, Outcome::kMalformedUrl);
  const std::string slashes = "/api" + std::string(kMaximumTargetBytes - 4, '/');
  EXPECT_EQ(table.match("GET", slashes).outcome, Outcome::kNotFound);
  EXPECT_EQ(table.match("GET", "/other/" + fits + fits).outcome, Outcome::kNotMine);
  EXPECT_EQ(table.match("GET", "/%61" + fits + fits).outcome, Outcome::kNotMine);
}

TEST(RouteTable, FindsEachOfManyRoutes) {
  cidl::Interface interface;
  interface.route_prefix = "api";
  for (int model_index = 0; model_index < 300; ++model_index) {
    cidl::Model model;
    model.name = "Model" + std::to_string(model_index);
    model.columns = {make_key("id")};
    for (int method_index = 0; method_index < 7; ++method_index) {
      model.methods.push_back(
          make_method("method" + std::to_string(method_index), Verb::kPost,
                      method_index % 2 == 0 ? MethodScope::kStatic : MethodScope::kInstance));
    }
    interface.models.push_back(std::move(model));
  }
  const Table table(interface);
  ASSERT_EQ(table.routes->routes.size(), 2100U);
  for (std::uint32_t id = 0; id < table.routes->routes.size(); ++id) {
    const Route& route = table.routes->routes[id];
    const std::string target = "/api/" + std::string(route.namespace_name) +
                               (route.key_count == 1 ? "/k/" : "/") +
                               std::string(route.method_name);
    const Match match = table.match("POST", target);
    ASSERT_EQ(match.outcome, Outcome::kMatched) << target;
    ASSERT_EQ(static_cast<std::uint32_t>(match.route), id) << target;
  }
}

TEST(RouteTable, AnEmptyInterfaceFindsNothing) {
  cidl::Interface interface;
  interface.route_prefix = "api";
  const Table table(interface);
  EXPECT_TRUE(table.routes->routes.empty());
  EXPECT_EQ(table.match("GET", "/api/Horse/list").outcome, Outcome::kNotFound);
}

}  // namespace
}  // namespace cloesce::route
