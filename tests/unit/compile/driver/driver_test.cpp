// Requests and answers.
#include "compile/driver/driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/arena.h"
#include "compile/driver/report.h"
#include "json/reader.h"

namespace cloesce::driver {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A service with one attribute of type `type`; the text of its file says `string`.
std::string request(std::string_view type, std::string_view diagnostics = "[]",
                    std::string_view sources = {}) {
  std::string text = R"({"color":false,"wrangler":{"any":[1,2]},"sources":)";
  if (sources.empty()) {
    text.append(R"(["@Service\nexport class Clock {\n  name: string;\n}\n"])");
  } else {
    text.append(sources);
  }
  text.append(R"(,"pre":{"version":1,"project":{"name":"clock","workersUrl":"http://x/api",
    "clientUrl":null},"files":["src/clock.cloesce.ts"],"outDir":".generated","app":null,
    "modules":[],"aliases":[],"interfaces":[],"classes":[{"name":"Clock","span":[0,22,27,2,14],"exported":true,
    "exportName":"Clock","abstract":false,"doc":null,"decorators":[{"name":"Service",
    "span":[0,0,8,1,1],"called":false,"typeArguments":[],"arguments":[]}],"extends":null,
    "properties":[{"name":"name","span":[0,32,36,3,3],"static":false,"readonly":false,
    "optional":false,"accessibility":"public","type":{"kind":"name","name":")");
  text.append(type).append(R"(","arguments":[],"span":[0,38,44,3,9]},"decorators":[],
    "initializer":null,"doc":null}],"methods":[]}],"diagnostics":)");
  return text.append(diagnostics).append("}}");
}

std::string answer(const Result<std::string>& result) {
  EXPECT_TRUE(result.ok()) << render(result.error());
  if (!result.ok()) return {};
  // Whatever is answered is JSON.
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, *result));
  EXPECT_TRUE(document.ok());
  if (document.ok()) {
    EXPECT_TRUE(json::check_document(**document, 64, "").ok());
  }
  return *result;
}

std::string failure(const Result<std::string>& result) {
  return result.ok() ? "it succeeded" : render(result.error());
}

TEST(Compile, AnswersFilesWhenNothingIsWrong) {
  const std::string text = answer(compile(request("Request")));
  EXPECT_THAT(text, HasSubstr(R"({"ok":true,"diagnostics":[],"summary":"","files":[)"));
  for (const std::string_view path :
       {"cidl.json", "workers.ts", "client.ts", "openapi.json", "image.ts"}) {
    EXPECT_THAT(text, HasSubstr(R"({"path":")" + std::string(path) + R"(","text":")"));
  }
  EXPECT_THAT(text, HasSubstr(R"("wrangler":{)"));
  EXPECT_THAT(text, HasSubstr(R"(".generated/workers.ts")"));
}

TEST(Compile, AnswersFindingsAndNoFilesWhenSomethingIs) {
  const std::string text = answer(compile(request("string")));
  EXPECT_THAT(text, HasSubstr(R"({"ok":false,"diagnostics":[{"severity":"error","code":"CLO2701",)"
                              R"("message":"`Clock.name` cannot be injected, as all attributes )"
                              R"(of a service are","span":[0,38,44,3,9],"hint":")"));
  EXPECT_THAT(text, HasSubstr(R"("notes":[],"rendered":"error[CLO2701]: )"));
  EXPECT_THAT(text, HasSubstr(R"(3 |   name: string;\n  |         ^^^^^^\n)"));
  EXPECT_THAT(text, HasSubstr(R"("summary":"1 error","files":[],"wrangler":null})"));
}

TEST(Compile, FindingsOfTheExtractorAreCountedAndPrintedToo) {
  const std::string text = answer(compile(request(
      "Request", R"([{"severity":"warning","code":"CLO2004","message":"m","span":[0,0,8,1,1],
        "hint":null,"notes":[{"message":"n","span":null}]}])")));
  EXPECT_THAT(text, HasSubstr(R"({"ok":true,"diagnostics":[{"severity":"warning","code":"CLO2004",)"
                              R"("message":"m","span":[0,0,8,1,1],"hint":null,)"
                              R"("notes":[{"message":"n","span":null}],"rendered":)"));
  EXPECT_THAT(text, HasSubstr(R"("summary":"1 warning")"));
}

TEST(Compile, RefusesRequestsThatAreNotInTheFormat) {
  EXPECT_THAT(failure(compile("")), HasSubstr("CLO1104"));
  EXPECT_THAT(failure(compile("[]")), HasSubstr("not an object"));
  EXPECT_THAT(failure(compile("{}")), HasSubstr("the member pre is missing"));
  EXPECT_THAT(failure(compile(R"({"pre":{}})")), HasSubstr("pre: the member version is missing"));
  EXPECT_THAT(failure(compile(R"({"color":1})")), HasSubstr("color: expected true or false"));
  EXPECT_THAT(failure(compile(request("Request", "[]", "[]"))), HasSubstr("0 texts for 1 files"));
  EXPECT_THAT(failure(compile(request("Request", "[]", "[1]"))), HasSubstr("expected a string"));
  const std::string whole = request("Request");
  EXPECT_THAT(failure(compile(whole.substr(0, whole.size() - 1))), HasSubstr("CLO"));
  EXPECT_THAT(failure(compile(whole + "}")), HasSubstr("CLO"));
}

constexpr std::string_view kCidl = R"({"version":1,"name":"app","workersUrl":"http://x",
  "routePrefix":"api","models":[{"name":"Horse","file":"a.ts","storage":"D1","binding":"db",
  "table":"Horse","columns":[{"name":"id","type":"Integer","primaryKey":true}]}]})";

// `snapshot`: of the last migration, as a JSON string; empty: there is none.
std::string migrate_request(std::string_view snapshot, std::string_view name = "Initial") {
  std::string text = R"({"cidl":)";
  text.append(kCidl).append(R"(,"history":[)");
  if (!snapshot.empty()) {
    text.append(R"({"path":"20260101000000_Before","snapshot":)").append(snapshot).append("}");
  }
  text.append(R"(],"name":")").append(name);
  return text.append(R"(","timestamp":"20261120134500","color":false})");
}

// The text of the file that `path` ends in, still escaped.
std::string file_of(std::string_view text, std::string_view path) {
  const std::string head = R"("path":")" + std::string(path) + R"(","text":")";
  const std::size_t begin = text.find(head);
  if (begin == std::string_view::npos) return {};
  std::size_t end = begin + head.size();
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
  return std::string(text.substr(begin + head.size(), end - begin - head.size()));
}

TEST(Migrate, AnswersAFileAndASnapshot) {
  const std::string text = answer(migrate(migrate_request("")));
  EXPECT_THAT(text, HasSubstr(R"({"ok":true,"empty":false,"diagnostics":[],"files":[)"));
  EXPECT_THAT(file_of(text, "20261120134500_Initial.sql"), HasSubstr("CREATE TABLE"));
  EXPECT_THAT(file_of(text, "20261120134500_Initial.json"), HasSubstr("Horse"));
}

TEST(Migrate, AnswersNothingWhenNothingChanged) {
  const std::string first = answer(migrate(migrate_request("")));
  // Still a JSON string, as the next request wants it.
  const std::string snapshot = '"' + file_of(first, "20261120134500_Initial.json") + '"';
  EXPECT_THAT(answer(migrate(migrate_request(snapshot, "Second"))),
              HasSubstr(R"({"ok":true,"empty":true,"diagnostics":[],"files":[],"replaced":[]})"));
}

TEST(Migrate, AnswersFindings) {
  const std::string text = answer(migrate(migrate_request(R"("{\"what\":1}")")));
  EXPECT_THAT(text, HasSubstr(R"({"ok":false,"empty":false,"diagnostics":[{"severity":"error",)"
                              R"("code":"CLO3001")"));
  EXPECT_THAT(text, HasSubstr(R"("span":null)"));
  EXPECT_THAT(text, HasSubstr(R"("files":[],"replaced":[]})"));
}

TEST(Migrate, RefusesRequestsThatAreNotInTheFormat) {
  EXPECT_THAT(failure(migrate("null")), HasSubstr("not an object"));
  EXPECT_THAT(failure(migrate("{}")), HasSubstr("CLO"));
  EXPECT_THAT(failure(migrate(R"({"cidl":{"version":1}})")), HasSubstr("cidl: the member"));
  EXPECT_THAT(failure(migrate(R"({"name":1})")), HasSubstr("name: expected a string"));
  for (const std::string_view history : {"{}", "[1]", R"([{"path":1}])", R"([{"sql":null}])"}) {
    EXPECT_THAT(failure(migrate(R"({"history":)" + std::string(history) + "}")),
                HasSubstr("history"));
  }
}

TEST(InOrder, SortsByPlaceAndSaysNothingTwice) {
  const auto finding = [](std::optional<Span> span, std::string code) {
    return Diagnostic{Severity::kError, std::move(code), "m", span, {}, {}};
  };
  DiagnosticSink sink;
  sink.add(finding(std::nullopt, "nowhere"));
  sink.add(finding(Span{FileId{1}, 0, 1}, "second file"));
  sink.add(finding(Span{FileId{0}, 9, 10}, "late"));
  sink.add(finding(Span{FileId{0}, 1, 2}, "early"));
  sink.add(finding(Span{FileId{0}, 1, 2}, "same place"));
  sink.add(finding(Span{FileId{0}, 1, 2}, "early"));
  const DiagnosticSink ordered = in_order(sink);
  std::vector<std::string> codes;
  for (const Diagnostic& one : ordered.diagnostics()) codes.push_back(one.code);
  EXPECT_THAT(codes, ElementsAre("early", "same place", "late", "second file", "nowhere"));
  EXPECT_EQ(ordered.errors(), 5U);
}

}  // namespace
}  // namespace cloesce::driver
