// Spelling of names, literals and import paths.
#include "compile/emit/typescript.h"

#include <gtest/gtest.h>

namespace cloesce::emit {
namespace {

TEST(PropertyName, IsQuotedWhenItIsNoIdentifier) {
  EXPECT_EQ(property_name("id"), "id");
  EXPECT_EQ(property_name("$_9"), "$_9");
  EXPECT_EQ(property_name("delete"), "delete");
  EXPECT_EQ(property_name("9a"), "\"9a\"");
  EXPECT_EQ(property_name("a\"b"), "\"a\\\"b\"");
  EXPECT_EQ(property_name(""), "\"\"");
  EXPECT_EQ(property_name("__proto__"), "[\"__proto__\"]");
}

TEST(Member, IsIndexedWhenItIsNoIdentifier) {
  EXPECT_EQ(member("this", "id"), "this.id");
  EXPECT_EQ(member("this", "a-b"), "this[\"a-b\"]");
}

struct ImportCase {
  const char* from;
  const char* file;
  const char* expected;
};

TEST(ImportPath, LeadsFromTheFolderToTheFile) {
  const ImportCase cases[] = {
      {".generated", "src/horse.cloesce.ts", "../src/horse.cloesce"},
      {"./build/out/", "src/a/b.cloesce.ts", "../../src/a/b.cloesce"},
      {"src/generated", "src/a.cloesce.ts", "../a.cloesce"},
      {"src", "src/a.cloesce.ts", "./a.cloesce"},
      {".", "a.cloesce.ts", "./a.cloesce"},
      {"", "src/a.cloesce.ts", "./src/a.cloesce"},
      {"a.cloesce.ts", "a.cloesce.ts", "../a.cloesce"},
  };
  for (const ImportCase& expectation : cases) {
    EXPECT_EQ(import_path(expectation.from, expectation.file), expectation.expected)
        << expectation.from << " to " << expectation.file;
  }
}

TEST(Scope, HandsOutEachNameOnce) {
  Scope scope;
  scope.reserve("horse");
  EXPECT_EQ(scope.declare("horse"), "horse_");
  EXPECT_EQ(scope.declare("horse"), "horse__");
  EXPECT_EQ(scope.declare("other"), "other");
}

TEST(Scope, AvoidsReservedWordsAndSignsThatNamesCannotHave) {
  Scope scope;
  EXPECT_EQ(scope.declare("default"), "default_");
  EXPECT_EQ(scope.declare("await"), "await_");
  EXPECT_EQ(scope.declare("a-b"), "a_b");
  EXPECT_EQ(scope.declare("1st"), "_1st");
  EXPECT_EQ(scope.declare(""), "_");
}

}  // namespace
}  // namespace cloesce::emit
