// Suggestions for misspelled names.
#include "compile/sema/spelling.h"

#include <gtest/gtest.h>

#include <array>

namespace cloesce::sema {
namespace {

struct NearCase {
  std::string_view name;
  std::string_view nearest;
};

TEST(NearestName, FindsWhatWasProbablyMeant) {
  constexpr std::array<std::string_view, 6> kNames = {"Integer", "string", "Env",
                                                      "likes",   "id",     "D1Database"};
  const NearCase cases[] = {
      {"Integr", "Integer"},       // a letter left out
      {"strring", "string"},       // one put in
      {"integer", "Integer"},      // only the case
      {"Evn", "Env"},              // two swapped
      {"lieks", "likes"},          // two swapped
      {"D1Datbse", "D1Database"},  // two edits
      {"D1Dtbse", ""},             // three
      {"Foo", ""},                 // nothing like it
      {"ie", "id"},                // short names: one edit
      {"xy", ""},                  // short names: not two
      {"", ""},
  };
  for (const NearCase& one : cases) {
    EXPECT_EQ(nearest_name(kNames, one.name), one.nearest) << one.name;
  }
}

TEST(NearestName, HasNoneForVeryLongNames) {
  const std::string name(1000, 'a');
  const std::array<std::string_view, 1> names = {name};
  EXPECT_EQ(nearest_name(names, name), "");
}

}  // namespace
}  // namespace cloesce::sema
