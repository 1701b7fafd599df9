// Names that emitted files can use as they are.
#include "text/identifier.h"

#include <gtest/gtest.h>

#include <string_view>

namespace cloesce::text {
namespace {

TEST(IsIdentifier, TellsWhatNeedsNoQuotes) {
  for (const std::string_view name : {"a", "_", "$", "aB9_$", "class"}) {
    EXPECT_TRUE(is_identifier(name)) << name;
  }
  for (const std::string_view name : {"", "9a", "a-b", "a b", "a.b", "é", "a\n", "\"a\""}) {
    EXPECT_FALSE(is_identifier(name)) << name;
  }
}

TEST(IsReservedWord, KnowsTheWordsThatCannotNameAVariable) {
  for (const std::string_view word :
       {"arguments", "await", "class", "delete", "enum", "let", "new", "static", "with", "yield"}) {
    EXPECT_TRUE(is_reserved_word(word)) << word;
  }
  for (const std::string_view word : {"", "Class", "of", "async", "classes", "a", "zzz"}) {
    EXPECT_FALSE(is_reserved_word(word)) << word;
  }
}

}  // namespace
}  // namespace cloesce::text
