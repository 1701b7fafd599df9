// What an exchange holds while it waits, and that nobody's large request hurts another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::size_t kMebibyte = 1024 * 1024;

std::string text_of(std::size_t bytes, std::string_view letters = "abcdefgh") {
  std::string text;
  while (text.size() < bytes) text += letters;
  return text;
}

class WaitingTest : public ::testing::Test {
 protected:
  explicit WaitingTest(const std::string& settings = "\n")
      : host(stable_interface(), settings), app(host.app()) {}

  // Once the last step was read. All else that is counted is no more than what is kept for later.
  std::size_t held() {
    app.end(0);
    EXPECT_LE(app.account().used - app.held(), kMebibyte + kMebibyte / 4);
    return app.held();
  }

  Step post(std::string_view target, const std::string& body) {
    const Step asked = app.begin(head_of({.verb = "POST", .target = target, .body = body}));
    EXPECT_EQ(asked.kind, StepKind::kBody);
    return reply(app, asked.exchange, Outcome::kDone, body);
  }

  TestHost host;
  App& app;
};

TEST_F(WaitingTest, ASaveHoldsNothingOfItsBody) {
  for (const std::size_t bytes : {std::size_t{10}, 60'000 * std::size_t{1}, 3 * kMebibyte}) {
    const std::string body = R"({"model":{"name":")" + text_of(bytes) + R"("}})";
    const Step query = post("/api/Breed/save", body);
    ASSERT_EQ(query.kind, StepKind::kQuery);
    EXPECT_EQ(query.flags, kBodyDone);
    const std::uint32_t exchange = query.exchange;
    EXPECT_LE(held(), 1024U) << bytes;
    EXPECT_EQ(reply(app, exchange, Outcome::kDone, R"([[],[[1,"x"]]])").status, 200U);
    EXPECT_EQ(held(), 0U) << bytes;
  }
}

TEST_F(WaitingTest, ANestedSaveHoldsItsPlanAlone) {
  std::string body = R"({"model":{"name":"x","breed":{"name":"b"},"tags":[)";
  for (int index = 0; index < 20'000; ++index) {
    body += (index == 0 ? "" : ",") + (R"({"name":"tag )" + std::to_string(index) + R"("})");
  }
  body += R"(],"likes":[{"id":1},{"id":2,"otherId":5}]}})";
  const Step query = post("/api/Horse/save?__datasource=full", body);
  ASSERT_EQ(query.kind, StepKind::kQuery) << query.bytes;
  EXPECT_LE(held(), 4096U);
  app.end(query.exchange);
  EXPECT_EQ(held(), 0U);
}

TEST_F(WaitingTest, AMethodOfAnInstanceHoldsNothingOfItsBody) {
  const std::string body = R"({"who":")" + text_of(kMebibyte) + R"("})";
  const Step query = post("/api/Horse/1/greet", body);
  ASSERT_EQ(query.kind, StepKind::kQuery);
  EXPECT_EQ(query.flags, 0U) << "the host must keep the body: it is the arguments";
  const std::uint32_t exchange = query.exchange;
  EXPECT_LE(held(), 2048U);
  const Step call = reply(app, exchange, Outcome::kDone, R"([[[1,"a",null,null,null,null,null]]])");
  EXPECT_EQ(call.kind, StepKind::kDispatch);
  EXPECT_EQ(held(), 0U);
}

TEST_F(WaitingTest, AnOrmCallHoldsNothingOfItsText) {
  const std::string call = R"({"operation":"save","model":"Breed","value":{"name":")" +
                           text_of(kMebibyte) + R"("},"tree":null})";
  const Step query = app.begin_operation(call);
  ASSERT_EQ(query.kind, StepKind::kQuery);
  EXPECT_LE(held(), 1024U);
  app.end(query.exchange);
  EXPECT_EQ(held(), 0U);
}

TEST_F(WaitingTest, ABodyIsReadAgainWhereAHookStandsBetween) {
  host.set_hooks("0\nBreed\tsave\n");
  const Ending saved = host.send(
      {.verb = "POST", .target = "/api/Breed/save", .body = R"({"model":{"name":"Friesian"}})"});
  EXPECT_EQ(host.trace(), "services [0,1] | body 0 | middleware 2 | body 3 | query 2");
  EXPECT_EQ(saved.bytes, R"({"id":1,"name":"Friesian"})");
}

TEST_F(WaitingTest, BlobsAreReadAgainWhereAHookStandsBetween) {
  host.set_hooks("0\nHorse\tphoto\n");
  const Ending called =
      host.send({.verb = "POST", .target = "/api/Horse/photo", .body = R"({"bytes":"aGVsbG8="})"});
  EXPECT_EQ(host.trace(), "services [0,1] | body 0 | middleware 2 | body 3");
  ASSERT_EQ(called.kind, StepKind::kDispatch);
  EXPECT_EQ(called.bytes, R"({"bytes":0})");
  ASSERT_EQ(called.blobs.size(), 1U);
  EXPECT_EQ(called.blobs[0], "hello");
}

TEST_F(WaitingTest, ABodyThatIsTheArgumentsIsNotReadAgain) {
  host.set_hooks("1\nHorse\nHorse\tgreet\n");
  host.database().execute("insert into Horse(id, name) values (1, 'Roach')");
  const Ending called = host.send({.verb = "POST",
                                   .target = "/api/Horse/1/greet?__datasource=none",
                                   .body = R"({"who":"you"})"});
  EXPECT_EQ(host.trace(),
            "services [0,1] | middleware 0 | middleware 1 | body 0 | middleware 2 | query 1");
  ASSERT_EQ(called.kind, StepKind::kDispatch);
  EXPECT_EQ(called.flags, kArgumentsAreBody);
  EXPECT_THAT(called.text, HasSubstr(R"("name":"Roach")"));
}

TEST_F(WaitingTest, TheHeadIsThereAfterEveryHook) {
  host.set_hooks("1\nBreed\nBreed\tlist\n");
  host.database().execute("insert into Breed values (1, 'Friesian')");
  EXPECT_EQ(host.send({.target = "/api/Breed/get?id=1"}).bytes, R"({"id":1,"name":"Friesian"})");
  const Ending none =
      host.send({.target = "/api/Breed/nothing", .accept = "application/problem+json"});
  EXPECT_EQ(none.status, 404U);
  EXPECT_THAT(none.text, HasSubstr("application/problem+json"));
  const Ending missing =
      host.send({.target = "/api/Breed/get?id=9", .accept = "application/problem+json"});
  EXPECT_EQ(missing.status, 404U);
  EXPECT_THAT(missing.text, HasSubstr("application/problem+json"));
}

TEST_F(WaitingTest, AThousandSavesWaitInAMegabyte) {
  const std::string name = text_of(60'000);
  std::vector<std::uint32_t> waiting;
  for (int index = 0; index < 1000; ++index) {
    const Step query = post("/api/Breed/save", R"({"model":{"name":")" + name + R"("}})");
    ASSERT_EQ(query.kind, StepKind::kQuery);
    waiting.push_back(query.exchange);
  }
  EXPECT_LE(held(), kMebibyte);
  for (const std::uint32_t exchange : waiting) {
    EXPECT_EQ(reply(app, exchange, Outcome::kDone, R"([[],[[1,"x"]]])").status, 200U);
  }
  EXPECT_EQ(held(), 0U);
}

class SmallMemoryTest : public WaitingTest {
 protected:
  SmallMemoryTest() : WaitingTest(",,,,,," + std::to_string(16 * kMebibyte) + "\n") {}
};

TEST_F(SmallMemoryTest, WhatAnIdleCoreHasNoRoomForIsTooLarge) {
  const std::string body = R"({"model":{"name":")" + text_of(3 * kMebibyte) + R"("}})";
  const Step refused = post("/api/Breed/save", body);
  EXPECT_EQ(refused.status, 413U);
  EXPECT_THAT(std::string(refused.bytes), HasSubstr("CLO1102: a JSON body may have"));
  EXPECT_THAT(std::string(refused.bytes), HasSubstr("(memory)"));
  EXPECT_EQ(held(), 0U);
}

TEST_F(SmallMemoryTest, RowsOfASaveThatAreTooManyAreRefusedBeforeAnythingIsWritten) {
  std::string body = R"({"model":{"name":"x","likes":[)";
  for (int index = 0; index < 90'000; ++index) body += index == 0 ? "{}" : ",{}";
  body += "]}}";
  const Step refused = post("/api/Horse/save?__datasource=full", body);
  ASSERT_EQ(refused.kind, StepKind::kRespond);
  EXPECT_EQ(refused.status, 503U) << refused.bytes;
  EXPECT_THAT(std::string(refused.bytes), StartsWith("CLO1504: "));
  EXPECT_THAT(std::string(refused.text), HasSubstr("retry-after: 1\n"));
  EXPECT_EQ(held(), 0U);
  const Step small = post("/api/Breed/save", R"({"model":{"name":"x"}})");
  EXPECT_EQ(small.kind, StepKind::kQuery);
  app.end(small.exchange);
}

TEST_F(SmallMemoryTest, AnOrmCallThatDoesNotFitIsRefused) {
  EXPECT_EQ(app.buffer(0, 10 * kMebibyte), nullptr);
  const Step refused = app.begin_operation({});
  EXPECT_EQ(refused.status, 503U);
  EXPECT_THAT(std::string(refused.bytes), StartsWith("CLO1504: "));
  EXPECT_EQ(held(), 0U);
}

}  // namespace
}  // namespace cloesce::runtime::testing
