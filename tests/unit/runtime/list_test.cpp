// LIST with what its model opens, page by page, over whole requests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

cidl::Interface opened(std::optional<cidl::ListRules> rules) {
  cidl::Interface interface = stable_interface();
  for (cidl::Model& model : interface.models) {
    if (model.name != "Horse") continue;
    model.list = std::move(rules);
    for (cidl::Method& method : model.methods) {
      if (method.builtin != cidl::Builtin::kList) continue;
      const auto optional = [](std::string name, cidl::TypeKind kind) {
        return cidl::Parameter{std::move(name), {cidl::TypeKind::kNullable, {}, {{kind, {}, {}}}}};
      };
      method.parameters = {optional("where", cidl::TypeKind::kJsonValue),
                           optional("orderBy", cidl::TypeKind::kJsonValue),
                           optional("limit", cidl::TypeKind::kInteger),
                           optional("after", cidl::TypeKind::kText)};
    }
  }
  return interface;
}

struct Stable : TestHost {
  explicit Stable(std::optional<cidl::ListRules> rules) : TestHost(opened(std::move(rules))) {
    database().execute(
        "insert into Breed values (1, 'Friesian'), (2, 'Haflinger');"
        "insert into Horse values (1, 'Roach', null, 512.5, 1, 1), (2, 'Philippa', null, null, 0, "
        "null), (3, 'Bucephalus', null, null, null, 2), (4, 'Roach', null, 3, 1, 2);");
  }
  Ending list(const std::string& query) { return send({.target = "/api/Horse/list" + query}); }
};

const cidl::ListRules kRules = {
    {"name", "breed.name", "likes.id"}, {"name", "weight", "breed.name"}, 2, 3};

std::string next_of(const Ending& page) {
  const std::size_t begin = page.text.find("link: <");
  if (begin == std::string::npos) return {};
  const std::size_t end = page.text.find(">; rel=\"next\"\n");
  return page.text.substr(begin + 7, end - begin - 7);
}

std::string names_of(const Ending& page) {
  std::string names;
  std::string_view rest = page.bytes;
  for (std::size_t at = 0; (at = rest.find("{\"id\":")) != std::string_view::npos;) {
    rest.remove_prefix(at + 6);
    if (rest.find("\"name\":") < rest.find('}') && rest.find("\"born\"") < rest.find('}')) {
      names += rest.front();
    }
  }
  return names;
}

TEST(List, GoesFromPageToPageByItsLink) {
  Stable host(kRules);
  const Ending first = host.list("?orderBy=%7B%22name%22:%22desc%22%7D&__datasource=none");
  EXPECT_EQ(first.status, 200U);
  EXPECT_EQ(names_of(first), "41");
  const std::string next = next_of(first);
  EXPECT_THAT(next, HasSubstr("?orderBy=%7B%22name%22:%22desc%22%7D&__datasource=none&after="));
  const Ending second = host.list(next);
  EXPECT_EQ(names_of(second), "23");
  EXPECT_EQ(next_of(second), "");
  EXPECT_EQ(second.text, "content-type: application/json\n");
}

TEST(List, AsksWithWhatIsOpen) {
  Stable host(kRules);
  EXPECT_EQ(names_of(host.list(R"(?where={"name":"Roach"}&limit=3)")), "14");
  EXPECT_EQ(names_of(host.list(R"(?where={"breed":{"name":{"startsWith":"Haf"}}})")), "34");
  EXPECT_EQ(
      names_of(host.list(R"(?orderBy=[{"breed":{"name":"desc"}},{"weight":"desc"}]&limit=3)")),
      "431");
  EXPECT_EQ(names_of(host.list(R"(?where={"likes":{"none":{}}}&limit=3)")), "123");
}

TEST(List, RefusesTheRestByName) {
  Stable host(kRules);
  const auto refused = [&](const std::string& query) {
    const Ending end = host.list(query);
    EXPECT_EQ(end.status, 400U) << query;
    return end.bytes;
  };
  EXPECT_EQ(refused(R"(?where={"weight":1})"),
            "CLO1213: where.weight: callers may not filter by it");
  EXPECT_EQ(refused(R"(?where={"nothing":1})"),
            "CLO1213: where.nothing: callers may not filter by it");
  EXPECT_EQ(refused(R"(?where={"tags":{"some":{}}})"),
            "CLO1213: where.tags: callers may not filter by it");
  EXPECT_EQ(refused(R"(?where={"breed":{"id":1}})"),
            "CLO1213: where.breed.id: callers may not filter by it");
  EXPECT_EQ(refused(R"(?orderBy={"id":"asc"})"),
            "CLO1213: orderBy.id: callers may not order by it");
  EXPECT_EQ(refused("?limit=4"), "CLO1210: limit: expected a whole number from 1 to 3");
  EXPECT_EQ(refused("?limit=0"), "CLO1210: limit: expected a whole number from 1 to 3");
  EXPECT_EQ(refused("?after="), "CLO1214: after: the cursor is empty");
  EXPECT_EQ(refused("?after=x"), "CLO1214: after: expected the cursor of a page in this order");
  EXPECT_THAT(refused("?where=x"), HasSubstr("CLO1104"));
  EXPECT_THAT(refused("?offset=1"), HasSubstr("CLO1201"));
}

TEST(List, OfAModelThatSaysNothingHasAThousandRowsAPage) {
  Stable host(std::nullopt);
  host.database().execute(
      "with recursive n(v) as (select 5 union all select v + 1 from n where v < 1003) "
      "insert into Horse select v, 'x', null, null, null, null from n;"
      "insert into Like values (10, 1000, 1), (11, 1001, 1)");
  const Ending first = host.list("?__datasource=full");
  EXPECT_THAT(first.bytes, HasSubstr("\"id\":1000,"));
  EXPECT_THAT(first.bytes, Not(HasSubstr("{\"id\":1001,")));
  EXPECT_THAT(first.bytes, HasSubstr(R"("likes":[{"id":10,)"));
  const Ending second = host.list(next_of(first));
  EXPECT_THAT(second.bytes, HasSubstr("[{\"id\":1001,"));
  EXPECT_THAT(second.bytes, HasSubstr(R"("likes":[{"id":11,)"));
  EXPECT_THAT(second.bytes, HasSubstr("{\"id\":1003,"));
  EXPECT_EQ(next_of(second), "");
  EXPECT_EQ(host.list("?where={}").status, 200U);
  EXPECT_EQ(host.list(R"(?where={"name":"x"})").status, 400U);
}

TEST(List, WithoutALimitAnswersWholeTables) {
  Stable host(cidl::ListRules{{}, {}, 0, 2});
  EXPECT_EQ(names_of(host.list("?__datasource=none")), "1234");
  const Ending page = host.list("?__datasource=none&limit=2");
  EXPECT_EQ(names_of(page), "12");
  EXPECT_THAT(next_of(page), HasSubstr("?__datasource=none&limit=2&after="));
}

TEST(List, APageWaitsForHooksWithItsQuestion) {
  Stable host(kRules);
  host.set_hooks("1\nHorse\nHorse\tlist\n");
  const Ending page = host.list("?limit=1&__datasource=none");
  EXPECT_EQ(names_of(page), "1");
  EXPECT_THAT(next_of(page), HasSubstr("?limit=1&__datasource=none&after="));
}

TEST(List, OfTheOrmCountsAndPages) {
  Stable host(std::nullopt);
  const Ending page = host.operate(
      R"({"operation":"list","model":"Horse","where":{"weight":{"gt":1}},"orderBy":{"weight":"asc"},"limit":1})");
  EXPECT_THAT(page.bytes, HasSubstr(R"({"items":[{"id":4,)"));
  EXPECT_THAT(page.bytes, Not(HasSubstr("\"cursor\":null")));
  EXPECT_EQ(host.operate(R"({"operation":"count","model":"Horse","where":{"name":"Roach"}})").bytes,
            "2");
  EXPECT_EQ(host.operate(R"({"operation":"exists","model":"Horse","where":{"name":"x"}})").bytes,
            "false");
  EXPECT_EQ(host.operate(R"({"operation":"exists","model":"Horse"})").bytes, "true");
  EXPECT_THAT(host.operate(R"({"operation":"count","model":"Horse","where":{"x":1}})").bytes,
              HasSubstr("CLO1213: where.x"));
  EXPECT_THAT(host.operate(R"({"operation":"list","model":"Horse","limit":-1})").bytes,
              HasSubstr("CLO1213: limit"));
}

}  // namespace
}  // namespace cloesce::runtime::testing
