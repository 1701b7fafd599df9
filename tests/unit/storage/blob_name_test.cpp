// Names of blobs: every key has one of its own on every file system.
#include "storage/blob_name.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace cloesce::storage {
namespace {

constexpr std::string_view kRandom = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kDigest = "fedcba9876543210fedcba9876543210";

std::string id_of(std::string_view key) { return blob_id(key, kRandom, kDigest).value_or("none"); }

TEST(BlobName, SaysWhichKeyItHolds) {
  EXPECT_EQ(id_of("logo.PNG"), "logo%2e+p+n+g~0123456789abcdef0123456789abcdef.png");
  EXPECT_EQ(id_of("a/b"), "a%2fb~0123456789abcdef0123456789abcdef");
  EXPECT_EQ(id_of(""), "~0123456789abcdef0123456789abcdef");
}

TEST(BlobName, KeepsApartWhatFileSystemsTakeForTheSame) {
  const std::vector<std::string> keys = {
      "foo", "FOO",     "Foo",      "foo/bar",   "a:b",
      "a",   "a/b",     "a_b",      "..",        ".",
      "CON", "nul.txt", "\xC3\xA9", "e\xCC\x81", std::string("a\0b", 3),
      "%41", "+a",      "A",        "~",         "a~b",
      " ",   "a.tar.gz"};
  std::set<std::string> names;
  for (const std::string& key : keys) {
    const std::string id = id_of(key);
    EXPECT_TRUE(is_blob_id(id)) << id;
    EXPECT_EQ(key_of(id), key) << id;
    for (const char character : id) EXPECT_FALSE(character >= 'A' && character <= 'Z') << id;
    EXPECT_EQ(id.find('/'), std::string::npos);
    names.insert(id);
  }
  EXPECT_EQ(names.size(), keys.size());
}

TEST(BlobName, CutsLongKeysBetweenCharacters) {
  for (std::size_t length = 0; length <= 512; ++length) {
    const std::string id = id_of(std::string(length, '/') + ".jpeg");
    EXPECT_LE(id.size(), 255U);
    EXPECT_TRUE(is_blob_id(id)) << id;
  }
  const std::string long_id = id_of(std::string(200, 'x'));
  EXPECT_EQ(key_of(long_id), std::nullopt);
  EXPECT_NE(long_id.find(kDigest), std::string::npos);
}

TEST(BlobName, RefusesWhatIsNoName) {
  for (const std::string_view text :
       {"", "a", "../x", "../root-evil/s", "a~0123456789abcdef0123456789abcde",
        "a~0123456789ABCDEF0123456789abcdef", "a/b~0123456789abcdef0123456789abcdef",
        "%6~0123456789abcdef0123456789abcdef", "%61~0123456789abcdef0123456789abcdef",
        "a~0123456789abcdef0123456789abcdef.", "a~0123456789abcdef0123456789abcdef.a/b",
        "a~0123456789abcdef0123456789abcdef.p.q", "a~x~0123456789abcdef0123456789abcdef"})
    EXPECT_FALSE(is_blob_id(text)) << text;
  EXPECT_EQ(blob_id("a", "0", kDigest), std::nullopt);
}

}  // namespace
}  // namespace cloesce::storage
