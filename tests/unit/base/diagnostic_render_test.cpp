// Diagnostics as a person sees them.
#include "base/diagnostic_render.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace cloesce {
namespace {

// The span of the first `part` in `text`.
Span span_of(std::string_view text, std::string_view part, FileId file = FileId{0}) {
  const std::size_t begin = text.find(part);
  EXPECT_NE(begin, std::string_view::npos) << part;
  return {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + part.size())};
}

std::string shown(std::string_view text, Span span) {
  const std::array files = {SourceFile{"a.ts", text}};
  Diagnostic diagnostic;
  diagnostic.code = "CLO2000";
  diagnostic.message = "no";
  diagnostic.span = span;
  return render(diagnostic, files);
}

TEST(DiagnosticRender, ShowsTheLineWithCaretsAndTheHint) {
  constexpr std::string_view kText = "@D1\nclass Horse {\n  owner: Persn | undefined;\n}\n";
  const std::array files = {SourceFile{"src/horse.cloesce.ts", kText}};
  Diagnostic diagnostic;
  diagnostic.code = "CLO2104";
  diagnostic.message = "Horse.owner has the unknown type Persn";
  diagnostic.span = span_of(kText, "Persn");
  diagnostic.hint = "import Person,\nor add a class named Persn";
  diagnostic.notes = {{"types are looked up by name", std::nullopt},
                      {"Horse is declared here", span_of(kText, "Horse")}};
  EXPECT_EQ(render(diagnostic, files), R"(error[CLO2104]: Horse.owner has the unknown type Persn
 --> src/horse.cloesce.ts:3:10
  |
3 |   owner: Persn | undefined;
  |          ^^^^^
  = note: types are looked up by name
  = help: import Person,
          or add a class named Persn
note: Horse is declared here
 --> src/horse.cloesce.ts:2:7
  |
2 | class Horse {
  |       ^^^^^
)");
}

TEST(DiagnosticRender, MakesTheGutterAsWideAsTheLargestLine) {
  const std::string text = std::string(99, '\n') + "x\n";
  EXPECT_EQ(shown(text, {FileId{0}, 99, 100}), R"(error[CLO2000]: no
   --> a.ts:100:1
    |
100 | x
    | ^
)");
}

TEST(DiagnosticRender, PutsCaretsUnderTabsAndWideText) {
  EXPECT_EQ(shown("\ta\tb = 1", {FileId{0}, 3, 4}), R"(error[CLO2000]: no
 --> a.ts:1:4
  |
1 |     a    b = 1
  |          ^
)");
  constexpr std::string_view kWide =
      "\"\xE9\xA6\xAC\xE9\xA6\xAC\" x";  // two characters of two columns
  EXPECT_EQ(shown(kWide, span_of(kWide, "x")),
            "error[CLO2000]: no\n"
            " --> a.ts:1:6\n"
            "  |\n"
            "1 | \"\xE9\xA6\xAC\xE9\xA6\xAC\" x\n"
            "  |        ^\n");
  EXPECT_EQ(shown(kWide, {FileId{0}, 1, 7}),
            "error[CLO2000]: no\n"
            " --> a.ts:1:2\n"
            "  |\n"
            "1 | \"\xE9\xA6\xAC\xE9\xA6\xAC\" x\n"
            "  |  ^^^^\n");
}

TEST(DiagnosticRender, ShowsTheFirstLineOfALongSpan) {
  EXPECT_EQ(shown("one {\r\n  two\r\n}\r\n", {FileId{0}, 4, 16}), R"(error[CLO2000]: no
 --> a.ts:1:5
  |
1 | one {
  |     ^
)");
}

TEST(DiagnosticRender, ShowsOneCaretForAnEmptySpanAndForTheEnd) {
  EXPECT_EQ(shown("ab\n", {FileId{0}, 1, 1}), R"(error[CLO2000]: no
 --> a.ts:1:2
  |
1 | ab
  |  ^
)");
  EXPECT_EQ(shown("ab", {FileId{0}, 900, 950}), R"(error[CLO2000]: no
 --> a.ts:1:3
  |
1 | ab
  |   ^
)");
  EXPECT_EQ(shown("", {FileId{0}, 0, 0}), R"(error[CLO2000]: no
 --> a.ts:1:1
  |
1 |
  | ^
)");
}

TEST(DiagnosticRender, CutsALongLineAroundTheSpan) {
  const std::string text = std::string(500, 'a') + "HERE" + std::string(500, 'b');
  const std::string expected =
      "error[CLO2000]: no\n"
      " --> a.ts:1:501\n"
      "  |\n"
      "1 | …" +
      std::string(50, 'a') + "HERE" + std::string(66, 'b') +
      "…\n"
      "  | " +
      std::string(51, ' ') + "^^^^\n";
  EXPECT_EQ(shown(text, span_of(text, "HERE")), expected);
}

TEST(DiagnosticRender, KeepsSourceFromSteeringTheTerminal) {
  const std::string text = shown("\x1b[31mred \xE2\x80\xAE \xFF x", {FileId{0}, 0, 1});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_EQ(text.find('\xFF'), std::string::npos);
  EXPECT_NE(text.find("\xEF\xBF\xBD[31mred"), std::string::npos);
}

TEST(DiagnosticRender, KeepsMessagesFromSteeringTheTerminalToo) {
  Diagnostic diagnostic;
  diagnostic.code = "CLO2000";
  diagnostic.message = "`a\x1b[2J`";
  diagnostic.hint = "one\x07\ntwo";
  diagnostic.notes = {{"\xC2\x9B", std::nullopt}};
  EXPECT_EQ(render(diagnostic, {}),
            "error[CLO2000]: `a\xEF\xBF\xBD[2J`\n"
            "  = note: \xEF\xBF\xBD\n"
            "  = help: one\xEF\xBF\xBD\n"
            "          two\n");
}

TEST(DiagnosticRender, GoesWithoutSourceWhenThereIsNone) {
  Diagnostic diagnostic;
  diagnostic.severity = Severity::kWarning;
  diagnostic.code = "CLO2900";
  diagnostic.message = "no class has a decorator";
  diagnostic.hint = "add @D1 to one";
  const std::string expected = R"(warning[CLO2900]: no class has a decorator
  = help: add @D1 to one
)";
  EXPECT_EQ(render(diagnostic, {}), expected);
  diagnostic.span = Span{FileId{7}, 1, 2};
  EXPECT_EQ(render(diagnostic, {}), expected);
}

TEST(DiagnosticRender, ColoursOnlyWhenAsked) {
  Diagnostic diagnostic;
  diagnostic.code = "CLO2000";
  diagnostic.message = "no";
  EXPECT_EQ(render(diagnostic, {}, Color::kAnsi),
            "\x1b[1;31merror[CLO2000]\x1b[0m\x1b[1m: no\x1b[0m\n");
  EXPECT_EQ(render(diagnostic, {}, Color::kPlain), "error[CLO2000]: no\n");
}

TEST(DiagnosticRender, SeparatesSeveralByAnEmptyLine) {
  Diagnostic diagnostic;
  diagnostic.code = "CLO2000";
  diagnostic.message = "no";
  const std::array two = {diagnostic, diagnostic};
  EXPECT_EQ(render(two, {}), "error[CLO2000]: no\n\nerror[CLO2000]: no\n");
}

TEST(DiagnosticSummary, CountsInWords) {
  EXPECT_EQ(summarize(0, 0), "no errors");
  EXPECT_EQ(summarize(1, 0), "1 error");
  EXPECT_EQ(summarize(0, 1), "1 warning");
  EXPECT_EQ(summarize(2, 1), "2 errors, 1 warning");
  EXPECT_EQ(summarize(1, 12), "1 error, 12 warnings");
}

}  // namespace
}  // namespace cloesce
