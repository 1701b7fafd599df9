// What a caller's save may write of nested rows: whose they are, and who looks at them first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Horses grant their likes and tags; breeds have a SAVE of their own.
class NestedWritesTest : public ::testing::Test {
 protected:
  NestedWritesTest() : host(stable_interface()) {
    host.database().execute(
        "insert into Breed values (1, 'Friesian');"
        "insert into Horse (id, name, breedId) values (1, 'Roach', 1), (2, 'Philippa', null);"
        "insert into Like values (10, 1, 2), (12, 2, 1)");
  }

  static std::string body_of(const std::string& object) { return R"({"model":)" + object + "}"; }

  Ending save(const std::string& object, const std::string& query = "") {
    return host.send(
        {.verb = "POST", .target = "/api/Horse/save" + query, .body = body_of(object)});
  }

  TestHost host;
};

TEST_F(NestedWritesTest, AChildStaysWithItsParent) {
  for (const char* likes : {R"([{"id":12}])", R"([{"id":10},{"id":12,"otherId":2}])"}) {
    const Ending end = save(R"({"id":1,"likes":)" + std::string(likes) + "}");
    EXPECT_EQ(end.status, 403U);
    EXPECT_THAT(end.bytes, StartsWith("CLO1211: model.likes["));
  }
  const Ending named = save(R"({"likes":[{"id":10,"horseId":2}],"id":1})");
  EXPECT_THAT(named.bytes, StartsWith("CLO1211: model.likes[0].horseId: "));
  EXPECT_EQ(host.database().query("select * from Like"), "10|1|2;12|2|1");
}

TEST_F(NestedWritesTest, AChildMayNameItsParentBeforeTheParentNamesItself) {
  const Ending end = save(R"({"likes":[{"id":10,"horseId":1,"otherId":1}],"id":1})");
  EXPECT_EQ(end.status, 200U) << end.bytes;
  EXPECT_EQ(host.database().query("select * from Like where id = 10"), "10|1|1");
}

TEST_F(NestedWritesTest, TheDataSourceHasNoSayInWhatIsWritten) {
  const Ending end = save(R"({"id":1,"likes":[{"otherId":2}]})", "?__datasource=none");
  EXPECT_EQ(end.status, 200U) << end.bytes;
  EXPECT_THAT(end.bytes, HasSubstr(R"("likes":[])"));
  EXPECT_EQ(host.database().query("select count(*) from Like"), "3");
}

TEST_F(NestedWritesTest, NothingStaysBelowARootThatIsNotThere) {
  const Ending end = save(R"({"id":77,"breed":{"name":"Arab"}})");
  EXPECT_EQ(end.status, 404U);
  EXPECT_EQ(host.database().query("select count(*) from Breed"), "1");
}

TEST_F(NestedWritesTest, HooksOfTheModelLookAtTheRowFirst) {
  host.set_hooks("0\nBreed\nBreed\tsave\n");
  const std::string body = body_of(R"({"name":"Epona","breedId":1,"breed":{"name":"Arab"}})");
  const Request request{.verb = "POST", .target = "/api/Horse/save", .body = body};
  Step step = host.app().begin(head_of(request));
  std::vector<std::string> seen;
  while (step.exchange != 0) {
    if (step.kind == StepKind::kMiddleware) {
      seen.push_back(host.route_name(step.route) + " " + std::to_string(step.status) + " " +
                     std::string(step.bytes));
    }
    if (step.kind == StepKind::kQuery) seen.emplace_back("query");
    step = host.perform(step, body);
  }
  EXPECT_EQ(step.status, 200U);
  EXPECT_THAT(seen, ElementsAre("Breed.save 1 ", R"(Breed.save 2 {"model":{"name":"Arab","id":1}})",
                                "query"));
}

TEST_F(NestedWritesTest, ARowThatIsOnlyNamedIsNotLookedAt) {
  host.set_hooks("0\nBreed\nBreed\tsave\n");
  EXPECT_EQ(save(R"({"id":2,"breed":{"id":1}})").status, 200U);
  EXPECT_THAT(host.trace(), Not(HasSubstr("middleware")));
}

}  // namespace
}  // namespace cloesce::runtime::testing
