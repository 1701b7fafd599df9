// Names in other cases.
#include "text/casing.h"

#include <gtest/gtest.h>

#include <string_view>

namespace cloesce::text {
namespace {

TEST(Casing, JoinsTheWordsOfAName) {
  struct Case {
    std::string_view name;
    std::string_view camel;
    std::string_view pascal;
    std::string_view kebab;
  };
  for (const Case& expected : {
           Case{"MusicStore", "musicStore", "MusicStore", "music-store"},
           Case{"musicStore", "musicStore", "MusicStore", "music-store"},
           Case{"music-store", "musicStore", "MusicStore", "music-store"},
           Case{"music_store", "musicStore", "MusicStore", "music-store"},
           Case{" music  store ", "musicStore", "MusicStore", "music-store"},
           Case{"HTTPServer", "httpServer", "HTTPServer", "http-server"},
           Case{"parseURL", "parseURL", "ParseURL", "parse-url"},
           Case{"DB", "db", "DB", "db"},
           Case{"Horse2Go", "horse2Go", "Horse2Go", "horse2-go"},
           Case{"éTé", "éTé", "éTé", "é-té"},
           Case{"x", "x", "X", "x"},
           Case{"", "", "", ""},
           Case{"--", "", "", ""},
       }) {
    EXPECT_EQ(to_camel_case(expected.name), expected.camel) << expected.name;
    EXPECT_EQ(to_pascal_case(expected.name), expected.pascal) << expected.name;
    EXPECT_EQ(to_kebab_case(expected.name), expected.kebab) << expected.name;
  }
}

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
