// Exchanges as the host sees them: handles, memory, several at once, and hosts that misbehave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {
namespace {

using ::testing::StartsWith;

constexpr std::string_view kList = "GET\n/api/Breed/list\n\n\n\n";
constexpr std::string_view kCount = "GET\n/api/Report/count?from=1\n\n\n\n";
constexpr std::string_view kGreet = "POST\n/api/Horse/1/greet\napplication/json\n\n13\n";

class LifetimeTest : public ::testing::Test {
 protected:
  LifetimeTest() : host(stable_interface()), app(host.app()) {
    host.database().execute("insert into Breed values (1, 'Friesian')");
  }

  void expect_stale(std::uint32_t handle) {
    if (handle != 0) {
      EXPECT_EQ(app.buffer(handle, 16), nullptr);
    }
    const Step step = app.resume(handle, Outcome::kDone, {});
    EXPECT_EQ(step.kind, StepKind::kRespond);
    EXPECT_EQ(step.status, 500U);
    EXPECT_EQ(step.exchange, 0U);
    const std::size_t live = app.live();
    app.end(handle);
    EXPECT_EQ(app.live(), live);
  }

  TestHost host;
  App& app;
};

TEST_F(LifetimeTest, HandlesThatWereNeverGivenAreStale) {
  for (const std::uint32_t handle : {0U, 1U, 4096U, 0x00010000U, 0xFFFFFFFFU}) expect_stale(handle);
}

TEST_F(LifetimeTest, EndedExchangesAreStale) {
  const std::uint32_t answered = app.begin(kList).exchange;
  EXPECT_EQ(reply(app, answered, Outcome::kDone, "[[]]").kind, StepKind::kRespond);
  expect_stale(answered);

  const std::uint32_t dropped = app.begin(kList).exchange;
  EXPECT_NE(dropped, answered);
  app.end(dropped);
  expect_stale(dropped);
  app.end(dropped);
  EXPECT_EQ(app.live(), 0U);
}

TEST_F(LifetimeTest, AHandleDoesNotComeBackSoon) {
  std::set<std::uint32_t> seen;
  for (int round = 0; round < 10'000; ++round) {
    const std::uint32_t handle = app.begin(kList).exchange;
    EXPECT_NE(handle, 0U);
    EXPECT_TRUE(seen.insert(handle).second);
    app.end(handle);
  }
}

TEST_F(LifetimeTest, TheLastStepStaysReadableUntilTheNextCall) {
  const Step step = app.begin(kCount);
  EXPECT_EQ(app.live(), 0U);
  EXPECT_EQ(step.bytes, R"({"from":1})");  // under AddressSanitizer: still there
}

TEST_F(LifetimeTest, ExchangesDoNotDisturbEachOther) {
  const Step first = app.begin(kGreet);
  const Step second = app.begin(kGreet);
  const Step third = app.begin_operation(R"({"operation":"get","model":"Breed","key":1})");
  ASSERT_EQ(app.live(), 3U);
  const Step second_query = reply(app, second.exchange, Outcome::kDone, R"({"who":"two"})");
  ASSERT_EQ(second_query.kind, StepKind::kQuery);
  const Step third_end = reply(app, third.exchange, Outcome::kDone, R"([[[1,"Friesian"]]])");
  EXPECT_EQ(third_end.bytes, R"({"id":1,"name":"Friesian"})");
  const Step first_query = reply(app, first.exchange, Outcome::kDone, R"({"who":"one"})");
  ASSERT_EQ(first_query.kind, StepKind::kQuery);
  EXPECT_EQ(first_query.statements[0].parameters, R"(["1"])");

  const std::string row = R"([[[1,"%",null,null,null,null,null]]])";
  const auto named = [&](char letter) {
    std::string text = row;
    text[text.find('%')] = letter;
    return text;
  };
  EXPECT_THAT(std::string(reply(app, second.exchange, Outcome::kDone, named('B')).text),
              StartsWith(R"({"id":1,"name":"B")"));
  EXPECT_THAT(std::string(reply(app, first.exchange, Outcome::kDone, named('A')).text),
              StartsWith(R"({"id":1,"name":"A")"));
  EXPECT_EQ(app.live(), 0U);
}

TEST_F(LifetimeTest, ResumingTwiceEndsTheExchangeWithAFailure) {
  const Step body = app.begin(kGreet);
  const Step query = reply(app, body.exchange, Outcome::kDone, R"({"who":"you"})");
  ASSERT_EQ(query.kind, StepKind::kQuery);
  const Step again = reply(app, body.exchange, Outcome::kDone, R"({"who":"you"})");
  EXPECT_EQ(again.kind, StepKind::kRespond);
  EXPECT_EQ(again.status, 500U);
  expect_stale(body.exchange);
}

TEST_F(LifetimeTest, OutcomesThatAStepCannotHaveEndTheExchange) {
  host.set_hooks("1\n");
  for (const Outcome outcome : {Outcome::kFailed, Outcome::kTooLarge, static_cast<Outcome>(99)}) {
    const Step services = app.begin(kCount);
    ASSERT_EQ(services.kind, StepKind::kServices);
    EXPECT_EQ(app.resume(services.exchange, outcome, {}).status, 500U);

    const Step again = app.begin(kCount);
    const Step middleware = app.resume(again.exchange, Outcome::kDone, {});
    ASSERT_EQ(middleware.kind, StepKind::kMiddleware);
    EXPECT_EQ(app.resume(middleware.exchange, outcome, {}).status, 500U);
  }
  host.set_hooks("0\n");
  const Step query = app.begin(kList);
  EXPECT_EQ(app.resume(query.exchange, Outcome::kTooLarge, {}).status, 500U);
  EXPECT_EQ(app.live(), 0U);
}

TEST_F(LifetimeTest, PayloadElsewhereIsRefused) {
  const Step query = app.begin(kList);
  std::string elsewhere = "[[]]";
  elsewhere.reserve(256);
  EXPECT_EQ(app.resume(query.exchange, Outcome::kDone, elsewhere).status, 500U);

  const Step longer = app.begin(kList);
  char* buffer = app.buffer(longer.exchange, 4);
  std::string_view("[[]]").copy(buffer, 4);
  EXPECT_EQ(app.resume(longer.exchange, Outcome::kDone, {buffer, 5}).status, 500U);

  const Step shorter = app.begin(kList);
  buffer = app.buffer(shorter.exchange, 400);
  std::string_view("[[]]").copy(buffer, 4);
  EXPECT_EQ(app.resume(shorter.exchange, Outcome::kDone, {buffer, 4}).status, 200U);
  EXPECT_EQ(app.live(), 0U);
}

TEST_F(LifetimeTest, ABufferIsThatOfItsExchange) {
  const Step first = app.begin(kList);
  const Step second = app.begin(kList);
  char* buffer = app.buffer(first.exchange, 64);
  std::string_view("[[]]").copy(buffer, 4);
  EXPECT_EQ(app.resume(second.exchange, Outcome::kDone, {buffer, 4}).status, 500U);
  EXPECT_EQ(reply(app, first.exchange, Outcome::kDone, "[[]]").status, 200U);
}

TEST_F(LifetimeTest, BuffersBeyondAllReasonAreNotGiven) {
  const Step query = app.begin(kList);
  EXPECT_EQ(app.buffer(query.exchange, UINT32_MAX), nullptr);
  const Step refused = app.resume(query.exchange, Outcome::kDone, {});
  EXPECT_EQ(refused.status, 503U);
  EXPECT_THAT(std::string(refused.text), ::testing::HasSubstr("retry-after: "));
  EXPECT_THAT(std::string(refused.bytes), StartsWith("CLO1504: "));
}

TEST_F(LifetimeTest, HooksMayChangeUnderARequest) {
  const Step body = app.begin(kGreet);
  ASSERT_EQ(body.kind, StepKind::kBody);
  host.set_hooks("1\nHorse\nHorse\tgreet\n");
  const Step middleware = reply(app, body.exchange, Outcome::kDone, R"({"who":"you"})");
  EXPECT_EQ(middleware.kind, StepKind::kMiddleware);
  EXPECT_EQ(middleware.status, static_cast<std::uint32_t>(HookStage::kMethod));
  host.set_hooks("0\n");
  EXPECT_EQ(app.resume(middleware.exchange, Outcome::kDone, {}).kind, StepKind::kQuery);
}

TEST_F(LifetimeTest, UnreadableHooksChangeNothing) {
  host.set_hooks("1\n");
  for (const char* text :
       {"", "{}", "1", "2\n", "\n", "1\nHorse", "1\nHorse\n\n", "1\nHorse\tgreet\tlist\n"}) {
    EXPECT_FALSE(app.set_hooks(text).ok()) << text;
  }
  host.send({.target = "/api/Report/count?from=1"});
  EXPECT_EQ(host.trace(), "services [0,1] | middleware 0");
}

TEST_F(LifetimeTest, HooksOfWhatDoesNotExistAreRefused) {
  for (const char* text : {"1\nNobody\n", "1\nHorse\tnothing\n"}) {
    EXPECT_FALSE(app.set_hooks(text).ok()) << text;
  }
  host.send({.target = "/api/Report/count?from=1"});
  EXPECT_EQ(host.trace(), "");
}

TEST_F(LifetimeTest, GarbageInPlaceOfAHeadIsAnswered) {
  for (const std::string_view head :
       {std::string_view(""), std::string_view("GET"), std::string_view("GET\n/api\n\n\n"),
        std::string_view("\0\xff\n", 3)}) {
    const Step step = app.begin(head);
    EXPECT_EQ(step.kind, StepKind::kRespond);
    EXPECT_EQ(step.status, 500U);
  }
  EXPECT_EQ(app.begin("\n\n\n\n\n").kind, StepKind::kForeign);
  EXPECT_EQ(app.begin("GET\n/api/Report/count?from=1\n\n\n\nmore\nlines").kind,
            StepKind::kDispatch);
  EXPECT_EQ(app.live(), 0U);
}

TEST_F(LifetimeTest, MemoryComesBack) {
  const auto burst = [&](std::size_t count) {
    std::vector<std::uint32_t> open;
    for (std::size_t index = 0; index < count; ++index) open.push_back(app.begin(kList).exchange);
    EXPECT_EQ(app.live(), count);
    for (const std::uint32_t handle : open) {
      EXPECT_NE(app.buffer(handle, 100'000), nullptr);
      app.end(handle);
    }
    EXPECT_EQ(app.live(), 0U);
    return app.account().used;
  };
  const std::size_t settled = burst(500);
  EXPECT_LE(settled, 2 * Arena::kFirstBlockBytes);
  EXPECT_EQ(burst(500), settled);
  EXPECT_EQ(burst(3), settled);
}

TEST_F(LifetimeTest, HundredsAreUnderWayAtATime) {
  std::vector<std::uint32_t> open;
  std::set<std::uint32_t> distinct;
  for (int index = 0; index < 300; ++index) {
    open.push_back(app.begin(kList).exchange);
    distinct.insert(open.back());
  }
  EXPECT_EQ(distinct.size(), open.size());
  // Answered in another order than begun.
  for (std::size_t index = 0; index < open.size(); ++index) {
    const std::uint32_t handle = open[index * 7 % open.size()];
    const std::string name = std::to_string(handle);
    const Step end = reply(app, handle, Outcome::kDone, "[[[1,\"" + name + "\"]]]");
    EXPECT_EQ(end.bytes, "[{\"id\":1,\"name\":\"" + name + "\"}]");
  }
  EXPECT_EQ(app.live(), 0U);
}

TEST_F(LifetimeTest, TooManyAtATimeAreRefusedAndTheNextOneWorks) {
  std::vector<std::uint32_t> open;
  while (app.live() < App::kMaximumLive) open.push_back(app.begin(kList).exchange);
  for (const bool operation : {false, true}) {
    const Step refused = operation ? app.begin_operation("{}") : app.begin(kList);
    EXPECT_EQ(refused.status, 503U);
    EXPECT_THAT(std::string(refused.text), ::testing::HasSubstr("retry-after: 1"));
    EXPECT_THAT(std::string(refused.bytes), StartsWith("CLO1504: "));
  }
  app.end(open.back());
  EXPECT_EQ(app.begin(kCount).kind, StepKind::kDispatch);
  for (const std::uint32_t handle : open) app.end(handle);
  EXPECT_EQ(app.live(), 0U);
}

TEST_F(LifetimeTest, StatementNumbersKeepTheirMeaning) {
  const Step first = app.begin(kList);
  const std::uint32_t number = first.statements[0].statement;
  const std::string text(app.statement_text(number));
  EXPECT_THAT(text, ::testing::HasSubstr("\"Breed\""));
  app.end(first.exchange);
  const Step second = app.begin(kList);
  EXPECT_EQ(second.statements[0].statement, number);
  app.end(second.exchange);
  EXPECT_EQ(app.statement_text(0), "");
  EXPECT_EQ(app.statement_text(UINT32_MAX), "");
}

}  // namespace
}  // namespace cloesce::runtime::testing
