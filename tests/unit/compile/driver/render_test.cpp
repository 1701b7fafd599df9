// Diagnostics as text.
#include "compile/driver/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cloesce::driver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SourceMap source(std::string text) {
  SourceMap map;
  map.paths = {"src/a.cloesce.ts"};
  map.texts.emplace_back(std::move(text));
  return map;
}

Diagnostic at(std::uint32_t begin, std::uint32_t end) {
  return {Severity::kError, "CLO2201", "no such type", Span{FileId{0}, begin, end}, {}, {}};
}

// The last two lines of the excerpt: the source line and the carets.
std::string excerpt(const Diagnostic& diagnostic, const SourceMap& sources) {
  const std::string text = render(diagnostic, sources, Color::kPlain);
  const std::size_t bar = text.find("|\n");
  return text.substr(bar + 2);
}

TEST(Render, ShowsPlaceCaretsHintAndNotes) {
  const SourceMap sources = source("line1\nline2\n  id: Integr;\n");
  Diagnostic diagnostic = at(18, 24);
  diagnostic.hint = "did you mean `Integer`?";
  diagnostic.notes = {{"it is declared here", Span{FileId{0}, 0, 5}}, {"and so on", std::nullopt}};
  EXPECT_EQ(render(diagnostic, sources, Color::kPlain),
            "error[CLO2201]: no such type\n"
            " --> src/a.cloesce.ts:3:7\n"
            "  |\n"
            "3 |   id: Integr;\n"
            "  |       ^^^^^^\n"
            "  = hint: did you mean `Integer`?\n"
            "note: it is declared here\n"
            " --> src/a.cloesce.ts:1:1\n"
            "  |\n"
            "1 | line1\n"
            "  | ^^^^^\n"
            "  = note: and so on\n");
}

TEST(Render, TheGutterIsAsWideAsTheLongestLineNumber) {
  const SourceMap sources = source(std::string(99, '\n') + "name\n");
  Diagnostic diagnostic = at(99, 103);
  diagnostic.notes = {{"see", Span{FileId{0}, 0, 0}}};
  EXPECT_EQ(render(diagnostic, sources, Color::kPlain),
            "error[CLO2201]: no such type\n"
            "   --> src/a.cloesce.ts:100:1\n"
            "    |\n"
            "100 | name\n"
            "    | ^^^^\n"
            "note: see\n"
            "   --> src/a.cloesce.ts:1:1\n"
            "    |\n"
            "  1 |\n"
            "    | ^\n");
}

TEST(Render, FindingsWithoutAPlaceHaveNoExcerpt) {
  Diagnostic diagnostic{Severity::kWarning, "CLO3101", "rows are lost", std::nullopt, "look", {}};
  EXPECT_EQ(render(diagnostic, {}, Color::kPlain),
            "warning[CLO3101]: rows are lost\n"
            "  = hint: look\n");
  // Nor those in a file that nobody gave.
  diagnostic.span = Span{FileId{7}, 0, 1};
  EXPECT_THAT(render(diagnostic, source("x"), Color::kPlain), Not(HasSubstr("-->")));
}

TEST(Render, CaretsStandBelowTabsAndWideCharacters) {
  EXPECT_EQ(excerpt(at(1, 3), source("\tid")), "1 |     id\n  |     ^^\n");
  // A horse takes two columns, an accented letter one.
  EXPECT_EQ(excerpt(at(4, 6), source("\xF0\x9F\x90\xB4id")), "1 | \xF0\x9F\x90\xB4id\n  |   ^^\n");
  EXPECT_EQ(excerpt(at(2, 4), source("\xC3\xA9id")), "1 | \xC3\xA9id\n  |  ^^\n");
  EXPECT_EQ(excerpt(at(0, 4), source("\xF0\x9F\x90\xB4")), "1 | \xF0\x9F\x90\xB4\n  | ^^\n");
}

TEST(Render, CaretsStayInTheirLine) {
  EXPECT_EQ(excerpt(at(1, 9), source("ab\r\ncdefgh")), "1 | ab\n  |  ^\n");
  EXPECT_EQ(excerpt(at(2, 2), source("ab")), "1 | ab\n  |   ^\n");
  EXPECT_EQ(excerpt(at(500, 900), source("ab")), "1 | ab\n  |   ^\n");
}

TEST(Render, LongLinesAreCutAroundThePlace) {
  const SourceMap sources = source(std::string(500, 'a') + "here" + std::string(500, 'b'));
  const std::string text = excerpt(at(500, 504), sources);
  EXPECT_EQ(text, "1 | \xE2\x80\xA6" + std::string(60, 'a') + "here" + std::string(55, 'b') +
                      "\xE2\x80\xA6\n  | " + std::string(61, ' ') + "^^^^\n");
}

TEST(Render, NoSourceCanSteerTheTerminal) {
  Diagnostic diagnostic = at(0, 1);
  diagnostic.message = "a\x1b[31mb\nc";
  diagnostic.hint = "\x07\xC2\x9B";
  diagnostic.notes = {{"\xE2\x80\xAE", std::nullopt}};
  const std::string text = render(diagnostic, source("\x1b[2Jx\x7F"), Color::kPlain);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
  EXPECT_THAT(text, Not(HasSubstr("\x7F")));
  EXPECT_THAT(text, Not(HasSubstr("\xC2\x9B")));
  EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
  EXPECT_THAT(text, HasSubstr("[31mb\xEF\xBF\xBD"
                              "c\n"));
}

TEST(Render, ColoursAreClosed) {
  const std::string text = render(at(0, 1), source("x"), Color::kAnsi);
  EXPECT_THAT(text, HasSubstr("\x1b[1;31merror\x1b[0m"));
  std::size_t opened = 0;
  std::size_t closed = 0;
  for (std::size_t place = text.find("\x1b["); place != std::string::npos;
       place = text.find("\x1b[", place + 1)) {
    (text.compare(place, 4, "\x1b[0m") == 0 ? closed : opened) += 1;
  }
  EXPECT_EQ(opened, closed);
  EXPECT_GT(opened, 0U);
}

TEST(Summary, CountsErrorsAndWarnings) {
  DiagnosticSink sink;
  EXPECT_EQ(summary(sink), "");
  sink.add({Severity::kWarning, "CLO2009", "w", std::nullopt, {}, {}});
  EXPECT_EQ(summary(sink), "1 warning");
  sink.add(at(0, 0));
  sink.add(at(0, 0));
  EXPECT_EQ(summary(sink), "2 errors, 1 warning");
}

}  // namespace
}  // namespace cloesce::driver
