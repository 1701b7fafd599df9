// Scopes in the exchange: asked for once, when it is known what is read, and kept while it waits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/crud_fixture.h"

namespace cloesce::runtime {
namespace {

using testing::Ending;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ScopesTest : public testing::CrudTest {};

TEST_F(ScopesTest, ScopesAreAskedForOnceForAllThatIsRead) {
  host.set_hooks("0\nHorse\t?\nBreed\t?\n");
  host.scopes = R"({"Horse":{"id":{"lte":2}},"Breed":null})";
  EXPECT_THAT(get("Horse/list").bytes, Not(HasSubstr(R"({"id":3,)")));
  EXPECT_EQ(host.trace(), "middleware 4 Breed,Horse | query 1");
  EXPECT_EQ(get("Horse/get?id=2").status, 200U);
  EXPECT_EQ(get("Horse/get?id=3").status, 404U);
}

TEST_F(ScopesTest, ScopesHoldWhenRowsComeOneByOne) {
  constexpr const char* kTooBig = "D1_ERROR: string or blob too big: SQLITE_TOOBIG";
  host.set_hooks("0\nHorse\t?\n");
  host.scopes = R"({"Horse":{"id":{"lte":2}}})";
  const std::string expected = get("Horse/list?__datasource=full").bytes;
  EXPECT_THAT(expected, Not(HasSubstr(R"({"id":3,)")));
  host.next_failure = kTooBig;
  EXPECT_EQ(get("Horse/list?__datasource=full").bytes, expected);
  EXPECT_THAT(host.trace(), StartsWith("middleware 4 Horse | query 1 | query "));

  host.next_failure = kTooBig;
  const Ending saved = save("Horse", R"({"id":1,"name":"Again"})");
  EXPECT_EQ(saved.status, 200U) << saved.bytes;
  EXPECT_THAT(saved.bytes, HasSubstr(R"("name":"Again")"));
}

TEST_F(ScopesTest, AScopeThatCannotBeReadShowsNothing) {
  host.set_hooks("0\nHorse\t?\n");
  for (const char* const scope :
       {R"({"Horse":{"hooves":4}})", R"({"Horse":{"id":"one"}})", R"({"Horse":7})", "[]", "",
        R"({"Mule":null})", R"({"Horse")", "{}"}) {
    host.scopes = scope;
    const Ending end = get("Horse/list");
    EXPECT_EQ(end.status, 500U) << scope << end.bytes;
  }
  host.scopes = R"({"Horse":null})";
  EXPECT_EQ(get("Horse/list").status, 200U);
}

}  // namespace
}  // namespace cloesce::runtime
