// What a key template may look like, and where it goes wrong.
#include "keys/template.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace cloesce::keys {
namespace {

Part literal(std::string_view text) { return {PartKind::kLiteral, text}; }
Part placeholder(std::string_view name) { return {PartKind::kPlaceholder, name}; }

TEST(KeyTemplate, IsCutIntoLiteralsAndPlaceholders) {
  struct Case {
    std::string_view text;
    std::vector<Part> parts;
  };
  const std::vector<Case> cases = {
      {"settings", {literal("settings")}},
      {"{id}", {placeholder("id")}},
      {"users/{id}/settings", {literal("users/"), placeholder("id"), literal("/settings")}},
      {"{a}{b}", {placeholder("a"), placeholder("b")}},
      {"é/{größe}.png", {literal("é/"), placeholder("größe"), literal(".png")}},
      {"a?#% \n/", {literal("a?#% \n/")}},
  };
  for (const Case& expected : cases) {
    const Template parsed = parse(expected.text);
    EXPECT_TRUE(parsed.ok()) << expected.text;
    const std::vector<Part> parts(parsed.parts.begin(), parsed.parts.end());
    EXPECT_EQ(parts, expected.parts) << expected.text;
  }
}

TEST(KeyTemplate, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string_view text;
    TemplateProblem problem;
    std::size_t offset;
  };
  const std::vector<Case> cases = {
      {"", TemplateProblem::kEmpty, 0},
      {"a/{id", TemplateProblem::kNotClosed, 2},
      {"a/{id/{b}", TemplateProblem::kNotClosed, 2},
      {"{", TemplateProblem::kNotClosed, 0},
      {"a}b", TemplateProblem::kNotOpened, 1},
      {"{a}}", TemplateProblem::kNotOpened, 3},
      {"ab/{}", TemplateProblem::kNameMissing, 3},
  };
  for (const Case& expected : cases) {
    const Template parsed = parse(expected.text);
    EXPECT_FALSE(parsed.ok()) << expected.text;
    EXPECT_EQ(parsed.problem, expected.problem) << expected.text;
    EXPECT_EQ(parsed.problem_offset, expected.offset) << expected.text;
    EXPECT_TRUE(parsed.parts.empty()) << expected.text;
  }
}

}  // namespace
}  // namespace cloesce::keys
