// A request's way through the router's states: which steps, in which order, and how each state
// refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/stable_interface.h"
#include "runtime/test_host.h"

namespace cloesce::runtime::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kAllHooks = "1\nHorse\nReport\nHorse\tgreet\nHorse\tlist\n";
constexpr std::string_view kJson = "content-type: application/json\n";

class RequestTest : public ::testing::Test {
 protected:
  RequestTest() : host(stable_interface()) {
    host.database().execute(
        "insert into Breed values (1, 'Friesian');"
        "insert into Horse values (1, 'Roach', '2011-05-01T00:00:00.000Z', 512.5, 1, 1),"
        " (2, 'Philippa', null, null, null, null)");
  }

  TestHost host;
};

TEST_F(RequestTest, RouteWithoutStorageIsDispatchedAtOnce) {
  const Ending end = host.send({.target = "/api/Report/count?from=5"});
  EXPECT_EQ(end.kind, StepKind::kDispatch);
  EXPECT_EQ(end.bytes, R"({"from":5})");
  EXPECT_EQ(end.text, "");
  EXPECT_EQ(end.flags, 0U);
  EXPECT_EQ(host.route_name(end.route), "Report.count");
  EXPECT_EQ(host.trace(), "");
}

TEST_F(RequestTest, EveryStateComesInItsOrder) {
  host.set_hooks(kAllHooks);
  const Ending end =
      host.send({.verb = "POST", .target = "/api/Horse/1/greet", .body = R"({"who":"you"})"});
  EXPECT_EQ(host.trace(),
            "services [0,1] | middleware 0 | middleware 1 | body 0 | middleware 2 | query 1");
  EXPECT_EQ(end.kind, StepKind::kDispatch);
  EXPECT_EQ(end.flags, kArgumentsAreBody);
  EXPECT_EQ(end.bytes, "");
  EXPECT_EQ(
      end.text,
      R"({"id":1,"name":"Roach","born":"2011-05-01T00:00:00.000Z","weight":512.5,"tame":true,)"
      R"("breedId":1,"breed":{"id":1,"name":"Friesian"},"likes":[],"tags":[]})");
}

TEST_F(RequestTest, ReadyMadeMethodRunsTheSameHooks) {
  host.set_hooks(kAllHooks);
  const Ending end = host.send({.target = "/api/Horse/list?__datasource=none"});
  EXPECT_EQ(host.trace(), "services [0,1] | middleware 0 | middleware 1 | middleware 2 | query 1");
  EXPECT_EQ(end.status, 200U);
}

TEST_F(RequestTest, HooksOfOthersAreNotAskedFor) {
  host.set_hooks("0\nSeat\nHorse\tsave\n");
  host.send({.target = "/api/Horse/list"});
  EXPECT_EQ(host.trace(), "query 1");
}

// The first step of `stage` of a request that `host` has begun with `step`, everything before it
// done.
Step until_hooks(TestHost& host, Step step, HookStage stage, std::string_view body = {}) {
  while (step.exchange != 0) {
    if (step.kind == StepKind::kMiddleware && step.status == static_cast<std::uint32_t>(stage)) {
      break;
    }
    step = host.perform(step, body);
  }
  return step;
}

TEST_F(RequestTest, HooksAreShownTheCallAsFarAsItIsKnown) {
  host.set_hooks("0\nHorse\nHorse\tgreet\nHorse\t*\n");
  const std::string body = R"({"who":"you"})";
  const Step begun = host.app().begin(
      head_of({.verb = "POST", .target = "/api/Horse/1/greet?__datasource=none", .body = body}));

  const Step of_namespace = until_hooks(host, begun, HookStage::kNamespace, body);
  EXPECT_EQ(of_namespace.beside, "[1]");
  EXPECT_EQ(of_namespace.bytes, "");
  EXPECT_EQ(of_namespace.flags, 0U);

  const Step of_method = until_hooks(host, host.perform(of_namespace), HookStage::kMethod, body);
  EXPECT_EQ(of_method.beside, "[1]");
  EXPECT_EQ(of_method.flags, kArgumentsAreBody);
  EXPECT_EQ(of_method.text, "");

  const Step of_instance = until_hooks(host, host.perform(of_method), HookStage::kInstance);
  EXPECT_EQ(of_instance.beside, "[1]");
  EXPECT_EQ(of_instance.flags, kArgumentsAreBody);
  const std::string self(of_instance.text);
  EXPECT_THAT(self, StartsWith(R"({"id":1,"name":"Roach")"));

  const Ending end = host.run(host.perform(of_instance));
  EXPECT_EQ(end.kind, StepKind::kDispatch);
  EXPECT_EQ(end.text, self);
}

TEST_F(RequestTest, HooksSeeTheArgumentsOfAQueryString) {
  host.set_hooks("0\nReport\tcount\n");
  const Step hooks = until_hooks(host, host.app().begin("GET\n/api/Report/count?from=5\n\n\n\n"),
                                 HookStage::kMethod);
  EXPECT_EQ(hooks.bytes, R"({"from":5})");
  EXPECT_EQ(hooks.beside, "");
}

TEST_F(RequestTest, AKeyThatIsWrongIsNotShownAndReportedAfterTheHooks) {
  host.set_hooks("0\nHorse\n");
  const Step begun = host.app().begin(
      head_of({.verb = "POST", .target = "/api/Horse/one/greet", .body = R"({"who":"you"})"}));
  const Step hooks = until_hooks(host, begun, HookStage::kNamespace);
  EXPECT_EQ(hooks.beside, "");
  EXPECT_THAT(host.run(host.perform(hooks)).bytes, StartsWith("CLO1004: id: "));
}

TEST_F(RequestTest, HooksOfTheInstanceStandBeforeReadyMadeGetAndDelete) {
  host.set_hooks("0\nHorse\t*\n");
  const Ending got = host.send({.target = "/api/Horse/get?id=1&__datasource=none"});
  EXPECT_EQ(host.trace(), "services [0,1] | query 1 | middleware 3");
  EXPECT_EQ(got.status, 200U);
  EXPECT_THAT(got.bytes, StartsWith(R"({"id":1,"name":"Roach")"));

  const Step begun = host.app().begin("GET\n/api/Horse/get?id=1&__datasource=none\n\n\n\n");
  EXPECT_EQ(until_hooks(host, begun, HookStage::kInstance).text, got.bytes);

  const Ending deleted =
      host.send({.verb = "DELETE", .target = "/api/Horse/2/delete?__datasource=none"});
  EXPECT_EQ(host.trace(), "services [0,1] | query 1 | middleware 3 | query 1");
  EXPECT_EQ(deleted.status, 200U);
  EXPECT_EQ(host.database().query("select count(*) from Horse"), "1");
}

TEST_F(RequestTest, HooksOfTheInstanceAreNotRunWithoutOne) {
  host.set_hooks("0\nHorse\t*\n");
  EXPECT_EQ(host.send({.verb = "DELETE", .target = "/api/Horse/99/delete"}).status, 404U);
  EXPECT_EQ(host.trace(), "services [0,1] | query 1");
  EXPECT_EQ(host.send({.target = "/api/Horse/get?id=99"}).status, 404U);
  EXPECT_EQ(host.trace(), "services [0,1] | query 1");
  EXPECT_EQ(host.send({.target = "/api/Horse/list"}).status, 200U);
  EXPECT_EQ(host.trace(), "services [0,1] | query 1");
}

TEST_F(RequestTest, OnlyReachedServicesWithAnInitializerAreMadeReady) {
  const Ending desk = host.send({.verb = "POST", .target = "/api/Desk/open"});
  EXPECT_EQ(host.trace(), "services [0,1]") << "Desk is made of Ledger, which is made of Clock";
  EXPECT_EQ(desk.kind, StepKind::kDispatch);

  host.send({.target = "/api/Horse/find?names=[]"});
  EXPECT_EQ(host.trace(), "services [0,1]") << "the parameter is a Ledger";

  host.send({.verb = "DELETE", .target = "/api/Report/clear"});
  EXPECT_EQ(host.trace(), "");
}

TEST_F(RequestTest, ServicesComeBeforeRequestHooksEvenWithoutARoute) {
  host.set_hooks("1\n");
  const Ending end = host.send({.target = "/api/nothing/here"});
  EXPECT_EQ(host.trace(), "services [0,1] | middleware 0");
  EXPECT_EQ(end.status, 404U);
  EXPECT_EQ(end.route, kNoRoute);
}

TEST_F(RequestTest, PathOutsideThePrefixIsNotTheApps) {
  host.set_hooks(kAllHooks);
  EXPECT_EQ(host.send({.target = "/apiary/Report/count"}).kind, StepKind::kForeign);
  EXPECT_EQ(host.trace(), "");
  EXPECT_EQ(host.app().live(), 0U);
}

TEST_F(RequestTest, UnknownRouteIs404) {
  for (const char* target : {"/api", "/api/", "/api/Horse", "/api/Horse/none",
                             "/api/Horse/1/2/greet", "/api/horse/list", "/api/Horse/greet"}) {
    const Ending end = host.send({.target = target});
    EXPECT_EQ(end.kind, StepKind::kRespond) << target;
    EXPECT_EQ(end.status, 404U) << target;
    EXPECT_EQ(end.text, "content-type: text/plain;charset=utf-8\n");
    EXPECT_THAT(end.bytes, StartsWith("CLO1001")) << target;
  }
}

TEST_F(RequestTest, WrongVerbIs405WithAllow) {
  const Ending end = host.send({.verb = "POST", .target = "/api/Report/count"});
  EXPECT_EQ(end.status, 405U);
  EXPECT_THAT(end.text, HasSubstr("\nallow: GET\n"));
  EXPECT_THAT(end.bytes, StartsWith("CLO1002"));
  EXPECT_EQ(host.send({.verb = "BREW", .target = "/api/Report/count"}).status, 405U);
}

TEST_F(RequestTest, MalformedUrlIs400) {
  EXPECT_EQ(host.send({.target = "/api/Horse/li%zzt"}).status, 400U);
  EXPECT_EQ(host.send({.target = "/api/Report/count?from=" + std::string(20'000, '1')}).status,
            400U);
}

TEST_F(RequestTest, MediaTypeIsRefusedBeforeAnythingIsRead) {
  const Ending end = host.send({.verb = "POST",
                                .target = "/api/Horse/notanumber/greet",
                                .body = "x",
                                .content_type = "text/csv"});
  EXPECT_EQ(end.status, 415U) << "the media type comes before the key";
  EXPECT_THAT(end.text, HasSubstr("\naccept: application/json\n"));
  EXPECT_EQ(host.trace(), "");
  EXPECT_EQ(host.send({.verb = "POST", .target = "/api/Horse/1/greet"}).status, 415U)
      << "a body without a content type";
}

TEST_F(RequestTest, BytesStayWithTheHost) {
  const Ending end = host.send({.verb = "POST",
                                .target = "/api/Horse/photo",
                                .body = "\x89PNG",
                                .content_type = "application/octet-stream"});
  EXPECT_EQ(host.trace(), "body 2");
  EXPECT_EQ(end.kind, StepKind::kDispatch);
  EXPECT_EQ(end.bytes, R"({"bytes":0})");
  EXPECT_EQ(end.flags, 0U);
}

TEST_F(RequestTest, BytesInJsonAreDecodedOnce) {
  const auto photo = [&](const std::string& base64) {
    return host.send(
        {.verb = "POST", .target = "/api/Horse/photo", .body = R"({"bytes":")" + base64 + "\"}"});
  };
  const Ending end = photo("iVBORw==");
  EXPECT_EQ(end.kind, StepKind::kDispatch);
  EXPECT_EQ(end.bytes, R"({"bytes":0})");
  EXPECT_EQ(end.blobs, std::vector<std::string>{"\x89PNG"});
  EXPECT_EQ(photo("?").status, 400U);
}

TEST_F(RequestTest, FormIsTakenByTheDescriptionOfItsParts) {
  const auto photo = [&](const std::string& description) {
    return host.send({.verb = "POST",
                      .target = "/api/Horse/photo",
                      .body = description,
                      .content_type = "multipart/form-data; boundary=x"});
  };
  const Ending end = photo("[[\"json\",11],[\"blob\",4]]\n{\"bytes\":0}");
  EXPECT_EQ(host.trace(), "body 1");
  EXPECT_EQ(end.kind, StepKind::kDispatch);
  EXPECT_EQ(end.bytes, R"({"bytes":0})");
  EXPECT_EQ(photo("[[\"blob\",4]]\n").bytes, R"({"bytes":0})")
      << "the one blob is the one parameter";
  for (const char* wrong : {"", "[]", "[]\n", "[[\"blob\",4]]", "[[\"blob\",4],[\"blob\",4]]\n",
                            "{}\n", "[7]\n", "[[7,7]]\n", "[[\"blob\"]]\n", "[[\"blob\",-1]]\n",
                            "[[\"other\",4]]\n", "[[\"json\",11],[\"blob\",4]]\n{\"bytes\":1}",
                            "[[\"json\",12],[\"blob\",4]]\n{\"bytes\":-1}",
                            "[[\"json\",0],[\"blob\",4]]\n", "[[\"json\",2],[\"blob\",4]]\n{}"}) {
    EXPECT_GE(photo(wrong).status, 400U) << wrong;
    EXPECT_EQ(host.app().live(), 0U);
  }
}

TEST_F(RequestTest, BodyIsReadWithTheLimit) {
  TestHost small(stable_interface(), "20\n");
  const Step begun = small.app().begin(
      head_of({.verb = "POST", .target = "/api/Horse/1/greet", .body = R"({"who":"you"})"}));
  EXPECT_EQ(begun.kind, StepKind::kBody);
  EXPECT_EQ(begun.limit, 20U);
  const Ending fits = small.run(begun, R"({"who":"you"})");
  EXPECT_EQ(fits.status, 404U) << "past the body: there is no such horse";

  const Ending large = small.send(
      {.verb = "POST", .target = "/api/Horse/1/greet", .body = R"({"who":"everybody here"})"});
  EXPECT_EQ(large.status, 413U);
  EXPECT_THAT(large.bytes, StartsWith("CLO1102"));
  EXPECT_THAT(large.bytes, HasSubstr("20 bytes"));

  const Step unchecked =
      small.app().begin(head_of({.verb = "POST", .target = "/api/Horse/1/greet", .body = "{}"}));
  EXPECT_EQ(reply(small.app(), unchecked.exchange, Outcome::kDone, std::string(21, ' ')).status,
            413U)
      << "also when the host did not count";
}

TEST_F(RequestTest, BodyThatEndsEarlyIs400) {
  const Step begun = host.app().begin(
      head_of({.verb = "POST", .target = "/api/Horse/1/greet", .body = R"({"who":"you"})"}));
  const Step end = reply(host.app(), begun.exchange, Outcome::kFailed, "connection reset");
  EXPECT_EQ(end.status, 400U);
  EXPECT_THAT(std::string(end.bytes), StartsWith("CLO1107"));
  EXPECT_THAT(std::string(end.bytes), Not(HasSubstr("reset")));
}

TEST_F(RequestTest, EmptyBodyIsMissingUnlessNothingIsExpected) {
  const Ending missing = host.send({.verb = "POST", .target = "/api/Horse/1/greet", .body = ""});
  EXPECT_EQ(missing.status, 400U);
  EXPECT_THAT(missing.bytes, StartsWith("CLO1103"));
  // Of unknown length: the host has to look.
  const Step begun = host.app().begin("POST\n/api/Seat/A/1/take\napplication/json\n\n\n");
  EXPECT_EQ(begun.kind, StepKind::kBody);
  EXPECT_EQ(host.app().resume(begun.exchange, Outcome::kDone, {}).kind, StepKind::kQuery);
}

TEST_F(RequestTest, MethodWithoutParametersNeedsNoBody) {
  host.database().execute("insert into Seat values ('A/b', 7, null)");
  const Ending end = host.send({.verb = "POST", .target = "/api/Seat/A%2Fb/7/take"});
  EXPECT_EQ(end.kind, StepKind::kDispatch);
  EXPECT_EQ(host.trace(), "query 1");
  EXPECT_EQ(end.text, R"({"row":"A/b","number":7,"label":null})");
  EXPECT_EQ(end.bytes, "{}");
}

TEST_F(RequestTest, MalformedJsonIs400) {
  for (const char* body : {"{", "[]", "7", R"({"who":"you"}x)", R"({"who":"\ud800"})", "\xEF\xBB",
                           R"({"who":"you"}})"}) {
    EXPECT_EQ(host.send({.verb = "POST", .target = "/api/Horse/1/greet", .body = body}).status,
              400U)
        << body;
  }
}

TEST_F(RequestTest, FailuresAreSaidTogether) {
  const Ending end = host.send({.verb = "POST",
                                .target = "/api/Horse/1/greet",
                                .body = R"({"who":7,"times":"x","extra":null})"});
  EXPECT_EQ(end.status, 400U);
  EXPECT_THAT(end.bytes, StartsWith("CLO1204: who: "));
  EXPECT_THAT(end.bytes, HasSubstr("\nCLO1204: times: "));
  EXPECT_THAT(end.bytes, HasSubstr("\nCLO1201: extra: "));
}

TEST_F(RequestTest, QueryIsCheckedForEveryVerb) {
  EXPECT_EQ(host.send({.target = "/api/Report/count?from=x"}).status, 400U);
  EXPECT_EQ(host.send({.target = "/api/Report/count"}).status, 400U);
  EXPECT_EQ(host.send({.verb = "DELETE", .target = "/api/Report/clear?from=1"}).status, 400U);
}

TEST_F(RequestTest, WrongKeyIs400BeforeTheBodyIsRead) {
  const Ending end =
      host.send({.verb = "POST", .target = "/api/Horse/one/greet", .body = R"({"who":"you"})"});
  EXPECT_EQ(end.status, 400U);
  EXPECT_THAT(end.bytes, StartsWith("CLO1004: id: "));
  EXPECT_EQ(host.trace(), "");
}

TEST_F(RequestTest, MissingInstanceIs404) {
  const Ending end =
      host.send({.verb = "POST", .target = "/api/Horse/99/greet", .body = R"({"who":"you"})"});
  EXPECT_EQ(end.status, 404U);
  EXPECT_EQ(end.bytes, "CLO1301: there is no such Horse");
  EXPECT_EQ(host.trace(), "body 0 | query 1");
}

TEST_F(RequestTest, InstanceHasTheCallersDataSource) {
  const auto self = [&](const std::string& query) {
    return host.send({.target = "/api/Horse/1/age?at=2020-01-01T00:00:00Z" + query}).text;
  };
  EXPECT_THAT(self(""), HasSubstr(R"("breed":{"id":1)"));
  EXPECT_THAT(self("&__datasource=default"), HasSubstr(R"("breed":{"id":1)"));
  EXPECT_THAT(self("&__dataSource=none"), Not(HasSubstr("\"breed\":")));
  host.database().execute("insert into Like values (10, 1, 1)");
  EXPECT_THAT(self("&__datasource=full"), HasSubstr(R"("likes":[{"id":10)"));
  EXPECT_EQ(host.trace(), "query 1") << "whatever the data source includes";
}

TEST_F(RequestTest, UnknownDataSourceIs400) {
  const Ending end = host.send({.target = "/api/Horse/list?__datasource=nope"});
  EXPECT_EQ(end.status, 400U);
  EXPECT_EQ(end.bytes, R"(CLO1209: __datasource: Horse has no data source "nope")");
  EXPECT_EQ(host.trace(), "");
}

TEST_F(RequestTest, MessagesAreUtf8WhateverTheUrlHolds) {
  const Ending end = host.send(
      {.target = "/api/Horse/list?__datasource=%FF%22%0A", .accept = "application/problem+json"});
  EXPECT_EQ(end.status, 400U);
  EXPECT_EQ(end.bytes.find('\xFF'), std::string::npos) << end.bytes;
}

TEST_F(RequestTest, ProblemJsonWhenItIsAskedFor) {
  const Ending end = host.send(
      {.verb = "PATCH", .target = "/api/Report/count", .accept = "application/problem+json"});
  EXPECT_THAT(end.text, StartsWith("content-type: application/problem+json\nallow: "));
  EXPECT_EQ(end.bytes,
            R"({"type":"about:blank","title":"method not allowed","status":405,"code":"CLO1002",)"
            R"("detail":"CLO1002: this path takes GET",)"
            R"("issues":[{"code":"CLO1002","path":"","message":"this path takes GET"}]})");
  EXPECT_THAT(
      host.send({.target = "/api/x/y", .accept = "text/plain, application/problem+json;q=0.5"})
          .text,
      StartsWith("content-type: text/plain"));
}

TEST_F(RequestTest, FailedHydrationSaysNothingOfTheDatabase) {
  host.next_failure = "D1_ERROR: no such table: Horse: SQLITE_ERROR";
  const Ending end = host.send({.target = "/api/Horse/1/age?at=2020-01-01T00:00:00Z"});
  EXPECT_EQ(end.status, 500U);
  EXPECT_EQ(end.bytes, "CLO1305: the database could not answer");
}

TEST_F(RequestTest, UnreadableRowsAreNotTheCallersFault) {
  for (const char* rows :
       {"", "[", "[]", "[[7]]", "[[[1]]]", "[[],[]]", "{}", "[[[1,2,3,4,5,6,7]]]",
        R"([[["x","Roach",null,null,null,null,null]]])"}) {
    const Step begun = host.app().begin("GET\n/api/Horse/get?id=1\n\n\n\n");
    ASSERT_EQ(begun.kind, StepKind::kQuery);
    const Step end = reply(host.app(), begun.exchange, Outcome::kDone, rows);
    EXPECT_EQ(end.kind, StepKind::kRespond) << rows;
    EXPECT_EQ(end.status, 500U) << rows;
  }
}

TEST_F(RequestTest, JsonResponsesSayWhatTheyAre) {
  EXPECT_EQ(host.send({.target = "/api/Breed/list"}).text, kJson);
}

}  // namespace
}  // namespace cloesce::runtime::testing
