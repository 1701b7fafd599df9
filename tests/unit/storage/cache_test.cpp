// What the Cache API stores, for how long, and what a request gets of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/cache_match.h"
#include "storage/cache_policy.h"
#include "storage/http_date.h"

namespace cloesce::storage {
namespace {

constexpr double kNow = 1'445'412'480'000;  // Wed, 21 Oct 2015 07:28:00 GMT

double seconds(int status, const Headers& headers) {
  const auto entry = plan_cache_put("GET", status, headers, false, kNow);
  if (!entry.ok()) return -2;
  return entry.value().stored ? (entry.value().expires - kNow) / 1000 : -1;
}

TEST(HttpDate, ReadsItsThreeForms) {
  EXPECT_EQ(parse_http_date("Wed, 21 Oct 2015 07:28:00 GMT"), kNow);
  EXPECT_EQ(parse_http_date("Wednesday, 21-Oct-15 07:28:00 GMT"), kNow);
  EXPECT_EQ(parse_http_date("Wed Oct 21 07:28:00 2015"), kNow);
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT"), 1'709'164'800'000);
  for (const std::string_view text :
       {"", "0", "Wed, 21 Oct 2015 07:28:00", "Wed, 32 Oct 2015 07:28:00 GMT",
        "Wed, 29 Feb 2015 07:28:00 GMT", "Wed, 21 Foo 2015 07:28:00 GMT",
        "Wed, 21 Oct 2015 7:28:00 GMT"})
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

TEST(CachePolicy, FreshnessComesFromTheResponse) {
  EXPECT_EQ(seconds(200, {{"Cache-Control", "max-age=100"}}), 100);
  EXPECT_EQ(seconds(200, {{"cache-control", "max-age=100, s-maxage=\"5\""}}), 5);
  EXPECT_EQ(seconds(200, {{"Expires", "Wed, 21 Oct 2015 07:28:10 GMT"}}), 10);
  EXPECT_EQ(seconds(200, {{"Last-Modified", "Wed, 21 Oct 2015 07:11:20 GMT"}}), 100);
  EXPECT_EQ(seconds(200, {{"cache-control", "immutable"}}), 86400);
  EXPECT_EQ(seconds(200, {{"cache-control", "max-age=10"}, {"age", "4"}}), 6);
  EXPECT_EQ(seconds(200, {{"cache-control", "max-age=0, stale-while-revalidate=9"}}), 9);
}

TEST(CachePolicy, DropsWhatMustNotBeStored) {
  const Headers refused[] = {{{"cache-control", "no-store, max-age=9"}},
                             {{"cache-control", "private, max-age=9"}},
                             {{"cache-control", "no-cache, max-age=9"}},
                             {{"cache-control", "max-age=9"}, {"set-cookie", "a=b"}}};
  for (const Headers& headers : refused) EXPECT_EQ(seconds(200, headers), -1);
  for (const int status : {201, 400, 500, 503})
    EXPECT_EQ(seconds(status, {{"cache-control", "max-age=9"}}), -1);
  for (const int status : {203, 301, 302, 404, 501})
    EXPECT_EQ(seconds(status, {{"cache-control", "max-age=9"}}), 9);
  EXPECT_EQ(seconds(302, {{"last-modified", "Wed, 21 Oct 2015 07:11:20 GMT"}}), -1);
}

TEST(CachePolicy, WhatIsForOneCallerIsNotStored) {
  const auto stored = [](const char* control) {
    return plan_cache_put("GET", 200, {{"cache-control", control}}, true, kNow).value().stored;
  };
  EXPECT_FALSE(stored("max-age=9"));
  for (const char* control : {"public, max-age=9", "s-maxage=9", "max-age=9, must-revalidate"})
    EXPECT_TRUE(stored(control)) << control;
}

TEST(CachePolicy, WhatIsNotFreshExpiresAtOnce) {
  const Headers stale[] = {{},
                           {{"cache-control", "max-age=0"}},
                           {{"cache-control", "public"}},
                           {{"expires", "0"}},
                           {{"expires", "Wed, 21 Oct 2015 07:27:00 GMT"}},
                           {{"etag", "\"x\""}}};
  for (const Headers& headers : stale) EXPECT_EQ(seconds(200, headers), 0);
}

TEST(CachePolicy, ExceptedCookiesAreNotKept) {
  const auto entry = plan_cache_put(
      "GET", 200, {{"cache-control", "private=set-cookie, max-age=9"}, {"Set-Cookie", "a=b"}},
      false, kNow);
  EXPECT_EQ(entry.value().headers.size(), 1U);
}

TEST(CachePolicy, ThrowsAtWhatItNeverTakes) {
  EXPECT_FALSE(plan_cache_put("POST", 200, {}, false, kNow).ok());
  EXPECT_FALSE(plan_cache_put("GET", 206, {}, false, kNow).ok());
  EXPECT_FALSE(plan_cache_put("GET", 200, {{"vary", "*"}}, false, kNow).ok());
}

TEST(CacheMatch, JudgesConditionsBeforeRanges) {
  const Headers stored = {{"etag", "\"t\""}, {"last-modified", "Wed, 21 Oct 2015 07:28:00 GMT"}};
  EXPECT_EQ(match_cached({}, stored, 404, 10).status, 404);
  EXPECT_EQ(match_cached({{"range", "bytes=1-2"}}, stored, 200, 10).status, 206);
  EXPECT_EQ(match_cached({{"Range", "bytes=1-2,4-5"}}, stored, 200, 10).ranges.size(), 2U);
  EXPECT_EQ(match_cached({{"range", "bytes=10-"}}, stored, 200, 10).status, 416);
  EXPECT_EQ(
      match_cached({{"range", "bytes=1-2"}, {"if-none-match", "W/\"t\""}}, stored, 200, 10).status,
      304);
  EXPECT_EQ(match_cached({{"if-none-match", "*"}}, stored, 200, 10).status, 304);
  EXPECT_EQ(match_cached({{"if-none-match", "\"other\""}}, stored, 200, 10).status, 200);
  EXPECT_EQ(match_cached({{"if-modified-since", "Wed, 21 Oct 2015 07:28:00 GMT"}}, stored, 200, 10)
                .status,
            304);
  EXPECT_EQ(match_cached({{"if-modified-since", "Wed, 21 Oct 2015 07:27:59 GMT"}}, stored, 200, 10)
                .status,
            200);
}

}  // namespace
}  // namespace cloesce::storage
