// ORM calls of user code, from their description to the value.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class OperationTest : public ::testing::Test {
 protected:
  OperationTest() : host(stable_interface()) {
    host.database().execute(
        "insert into Breed values (1, 'Friesian'), (2, 'Haflinger');"
        "insert into Horse values (1, 'Roach', null, 512.5, 1, 1), (2, 'Philippa', null, null, 0, "
        "null);"
        "insert into Like values (10, 1, 2);"
        "insert into Seat values ('A', 7, 'aisle')");
  }

  // The result, which must be one.
  std::string result(const std::string& description) {
    const Ending end = host.operate(description);
    EXPECT_EQ(end.kind, StepKind::kReturn) << end.bytes;
    status = end.status;
    return end.bytes;
  }
  // The message of a call that must fail.
  std::string failure(const std::string& description) {
    const Ending end = host.operate(description);
    EXPECT_EQ(end.kind, StepKind::kRespond) << end.bytes;
    status = end.status;
    return end.bytes;
  }

  TestHost host;
  std::uint32_t status = 0;
};

TEST_F(OperationTest, Get) {
  EXPECT_EQ(result(R"({"operation":"get","model":"Breed","key":1})"),
            R"({"id":1,"name":"Friesian"})");
  EXPECT_GT(status, 0U) << "the shape of a Breed";
  EXPECT_EQ(result(R"({"operation":"get","model":"Breed","key":99,"tree":null})"), "null");
  EXPECT_EQ(result(R"({"operation":"get","model":"Breed","key":{"name":"passed over","id":2}})"),
            R"({"id":2,"name":"Haflinger"})");
  EXPECT_EQ(result(R"({"operation":"get","model":"Seat","key":{"number":7,"row":"A"}})"),
            R"({"row":"A","number":7,"label":"aisle"})");
}

TEST_F(OperationTest, GetIncludesOnlyWhatTheTreeNames) {
  const std::string horse =
      result(R"({"tree":{"likes":{"other":{}}},"operation":"get","model":"Horse","key":"1"})");
  EXPECT_EQ(host.trace(), "query 1");
  EXPECT_THAT(horse, HasSubstr(R"("likes":[{"id":10,"horseId":1,"otherId":2,"other":{"id":2,)"));
  EXPECT_EQ(horse.find("\"breed\":"), std::string::npos)
      << "the data source default is not used here";
}

TEST_F(OperationTest, List) {
  EXPECT_EQ(result(R"({"operation":"list","model":"Breed","tree":{},"from":null})"),
            R"([{"id":1,"name":"Friesian"},{"id":2,"name":"Haflinger"}])");
}

TEST_F(OperationTest, ListFromASelect) {
  const std::string from = R"(select * from \"Horse\" order by id desc limit 1)";
  EXPECT_THAT(
      result(R"({"operation":"list","model":"Horse","tree":{"breed":{}},"from":")" + from + "\"}"),
      StartsWith(R"([{"id":2,"name":"Philippa",)"));
}

TEST_F(OperationTest, SaveAnswersTheObjectAndUpsertItsKey) {
  EXPECT_EQ(result(R"({"operation":"save","model":"Breed","value":{"name":"Arab"}})"),
            R"({"id":3,"name":"Arab"})");
  EXPECT_GT(status, 0U);
  EXPECT_EQ(result(R"({"operation":"upsert","model":"Breed","value":{"name":"Shire"}})"), "4");
  EXPECT_EQ(status, 0U) << "a key is plain JSON";
  EXPECT_EQ(result(R"({"operation":"upsert","model":"Seat","value":{"row":"B","number":1}})"),
            R"({"row":"B","number":1})");
  EXPECT_EQ(host.database().query("select name from Breed where id > 2 order by id"), "Arab;Shire");
}

TEST_F(OperationTest, SaveFollowsTheTree) {
  const std::string value = R"({"name":"Epona","breed":{"name":"Shire"},"likes":[{"otherId":1}]})";
  EXPECT_THAT(
      result(R"({"operation":"save","model":"Horse","tree":{"breed":{}},"value":)" + value + "}"),
      HasSubstr(R"("breed":{"id":3,"name":"Shire"})"));
  EXPECT_EQ(host.database().query("select count(*) from Like"), "1") << "likes are not in the tree";
}

TEST_F(OperationTest, Delete) {
  EXPECT_EQ(result(R"({"operation":"delete","model":"Seat","key":{"row":"A","number":7}})"),
            "true");
  EXPECT_EQ(result(R"({"operation":"delete","model":"Seat","key":{"row":"A","number":7}})"),
            "false");
  EXPECT_EQ(host.database().query("select count(*) from Seat"), "0");
}

TEST_F(OperationTest, MapNeedsNoDatabase) {
  EXPECT_EQ(result(R"({"operation":"map","model":"Breed","tree":{},)"
                   R"("rows":[{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":1,"name":"a"}]})"),
            R"([{"id":1,"name":"a"},{"id":2,"name":"b"}])");
  EXPECT_EQ(host.trace(), "");
  EXPECT_THAT(failure(R"({"operation":"map","model":"Breed","rows":7})"), StartsWith("CLO1403: "));
  EXPECT_THAT(failure(R"({"operation":"map","model":"Breed"})"), StartsWith("CLO1403: "));
}

TEST_F(OperationTest, QueryTextsAreJsonStrings) {
  const std::string list =
      result(R"({"operation":"listQuery","model":"Horse","tree":{"breed":{}}})");
  EXPECT_THAT(list, StartsWith("\""));
  EXPECT_THAT(list, HasSubstr(R"(\"breed.name\")"));
  const std::string get = result(R"({"operation":"getQuery","model":"Horse"})");
  EXPECT_THAT(get, HasSubstr("?1"));
  const std::string tagged = result(
      R"({"operation":"listQuery","model":"Horse","from":"select * from Horse","tagCte":"mine"})");
  EXPECT_THAT(tagged, HasSubstr("mine"));
}

TEST_F(OperationTest, UnreadableCallsAreRefused) {
  for (const char* text :
       {"", "{", "[]", "null", "{}", R"({"operation":"get"})", R"({"operation":7,"model":"Horse"})",
        R"({"operation":"dance","model":"Horse"})",
        R"({"operation":"get","model":"Nobody","key":1})", R"({"operation":"get","model":"Horse"})",
        R"({"operation":"get","model":"Horse","key":})",
        R"({"operation":"get","model":"Horse","key":1} trailing)",
        R"({"operation":"get","model":"Seat","key":1})",
        R"({"operation":"get","model":"Horse","key":"1 or 1"})",
        R"({"operation":"get","model":"Horse","key":null})",
        R"({"operation":"list","model":"Horse","from":7})",
        R"({"operation":"list","model":"Horse","tree":{"hooves":{}}})",
        R"({"operation":"save","model":"Horse"})",
        R"({"operation":"save","model":"Horse","value":[]})"}) {
    const std::string message = failure(text);
    EXPECT_THAT(message, StartsWith("CLO1")) << text;
    EXPECT_EQ(host.trace(), "") << text;
  }
}

TEST_F(OperationTest, AllThatIsWrongWithAValueIsSaid) {
  const std::string message = failure(
      R"({"operation":"save","model":"Horse","value":{"name":7,"weight":"heavy","likes":[{"otherId":true}]}})");
  EXPECT_THAT(message, StartsWith("CLO1403: "));
  EXPECT_THAT(message, HasSubstr("name: "));
  EXPECT_THAT(message, HasSubstr("weight: "));
  EXPECT_THAT(message, HasSubstr("likes[0].otherId: "));
}

TEST_F(OperationTest, WhatTheDatabaseSaidIsForTheLogAlone) {
  host.next_failure = "no such column: hooves";
  EXPECT_EQ(failure(R"({"operation":"list","model":"Horse"})"),
            "CLO1305: the database could not answer");
  EXPECT_EQ(status, 500U);
  EXPECT_EQ(failure(R"({"operation":"save","model":"Breed","value":{"name":"Friesian"}})"),
            "CLO1302: another row has the same Breed.name");
  EXPECT_EQ(status, 409U);
}

TEST_F(OperationTest, UnreadableAnswersAreRefused) {
  for (const char* call :
       {R"({"operation":"get","model":"Breed","key":1})", R"({"operation":"list","model":"Breed"})",
        R"({"operation":"save","model":"Breed","value":{"name":"x"}})",
        R"({"operation":"upsert","model":"Breed","value":{"name":"x"}})",
        R"({"operation":"delete","model":"Breed","key":1})"}) {
    for (const char* answer : {"", "[", "{}", "null", "[7]", "[[[[[["}) {
      const Step begun = host.app().begin_operation(call);
      ASSERT_EQ(begun.kind, StepKind::kQuery) << call;
      const Step end = reply(host.app(), begun.exchange, Outcome::kDone, answer);
      EXPECT_EQ(end.kind, StepKind::kRespond) << call << answer;
      EXPECT_EQ(end.status, 500U) << call << answer;
    }
  }
}

}  // namespace
}  // namespace cloesce::runtime::testing
