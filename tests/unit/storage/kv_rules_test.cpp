// KV's limits, in its own words.
#include "storage/kv_rules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace cloesce::storage {
namespace {

constexpr double kAt = 1'000'000'500;  // half a second behind a full one

TEST(KvRules, Keys) {
  EXPECT_EQ(check_kv_key("")->message, "Key name cannot be empty.");
  EXPECT_EQ(check_kv_key("..")->code, kTypeError);
  EXPECT_EQ(check_kv_key(std::string(513, 'a'))->code, 414);
  for (const std::string& key : {std::string(512, 'a'), std::string("..."), std::string("\n")})
    EXPECT_FALSE(check_kv_key(key).has_value());
}

TEST(KvRules, ExpiryIsInWholeSeconds) {
  EXPECT_EQ(check_kv_put({"a", {}, {}, 0}, kAt).value(), std::nullopt);
  EXPECT_EQ(check_kv_put({"a", {}, 60, 0}, kAt).value(), 1'000'060'000);
  EXPECT_EQ(check_kv_put({"a", 1'000'060, {}, 0}, kAt).value(), 1'000'060'000);
  EXPECT_EQ(check_kv_put({"a", 5, 61, 0}, kAt).value(), 1'000'061'000);  // the TTL wins
  EXPECT_EQ(check_kv_put({"a", {}, 60.9, 0}, kAt).value(), 1'000'060'000);
}

TEST(KvRules, RefusesWhatExpiresTooSoon) {
  const double values[] = {0, -1, 59, std::nan(""), 59.99};
  for (const double ttl : values)
    EXPECT_EQ(check_kv_put({"a", {}, ttl, 0}, kAt).refusal().code, 400);
  EXPECT_EQ(
      check_kv_put({"a", 1'000'059, {}, 0}, kAt).refusal().message,
      "Invalid expiration of 1000059. Expiration times must be at least 60 seconds in the future.");
  EXPECT_EQ(check_kv_put({"a", {}, {}, 1025}, kAt).refusal().code, 413);
}

TEST(KvRules, PagesAndValues) {
  EXPECT_EQ(kv_page_size({}, "").value(), 1000);
  EXPECT_EQ(kv_page_size(0, "").value(), 1000);
  EXPECT_EQ(kv_page_size(-5, "").value(), 1000);
  EXPECT_EQ(kv_page_size(1.9, "").value(), 1);
  EXPECT_EQ(kv_page_size(1001, "").refusal().code, 400);
  EXPECT_EQ(kv_page_size({}, std::string(513, 'a')).refusal().code, 414);
  EXPECT_FALSE(check_kv_value(26'214'400).has_value());
  EXPECT_EQ(check_kv_value(26'214'401)->code, 413);
  EXPECT_EQ(check_kv_cache_ttl(29)->code, 400);
  EXPECT_FALSE(check_kv_cache_ttl(30).has_value());
}

TEST(KvRules, AValueIsGoneAtItsDeadline) {
  EXPECT_TRUE(is_live({}, 5));
  EXPECT_TRUE(is_live(6, 5));
  EXPECT_FALSE(is_live(5, 5));
}

}  // namespace
}  // namespace cloesce::storage
