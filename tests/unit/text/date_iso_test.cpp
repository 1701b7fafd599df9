// Dates as text.
#include "text/date_iso.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace cloesce::text {
namespace {

TEST(IsDateIso, AcceptsDatesAndInstants) {
  for (const std::string_view text : {
           "2024-02-29",
           "2000-02-29",
           "1970-01-01",
           "0001-01-01",
           "9999-12-31",
           "2024-12-31T23:59Z",
           "2024-01-01T00:00:00Z",
           "2024-01-01T12:34:56.7Z",
           "2024-01-01T12:34:56.789Z",
           "2024-01-01T12:34:56.123456789Z",
           "2024-01-01T12:34+02:00",
           "2024-01-01T12:34:56-23:59",
       }) {
    EXPECT_TRUE(is_date_iso(text)) << text;
  }
}

TEST(IsDateIso, RefusesEverythingElse) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {
           ""sv,
           "2024"sv,
           "2024-01"sv,
           "2024-1-1"sv,
           "20240101"sv,
           "2024/01/01"sv,
           "01-01-2024"sv,
           "+002024-01-01"sv,
           "-000001-01-01"sv,
           "12024-01-01"sv,
           "2023-02-29"sv,
           "1900-02-29"sv,
           "2024-04-31"sv,
           "2024-00-01"sv,
           "2024-13-01"sv,
           "2024-01-00"sv,
           "2024-01-32"sv,
           "2024-01-01 "sv,
           " 2024-01-01"sv,
           "2024-01-01\0"sv,
           "2024-01-01T"sv,
           "2024-01-01T12Z"sv,
           "2024-01-01T12:34"sv,
           "2024-01-01T12:34:56"sv,
           "2024-01-01 12:34Z"sv,
           "2024-01-01t12:34Z"sv,
           "2024-01-01T12:34z"sv,
           "2024-01-01T24:00Z"sv,
           "2024-01-01T12:60Z"sv,
           "2024-01-01T12:34:60Z"sv,
           "2024-01-01T12:34:56.Z"sv,
           "2024-01-01T12:34:56,7Z"sv,
           "2024-01-01T12:34:56.1234567890Z"sv,
           "2024-01-01T12:34.5Z"sv,
           "2024-01-01T1:34Z"sv,
           "2024-01-01T12:34+2:00"sv,
           "2024-01-01T12:34+0200"sv,
           "2024-01-01T12:34+24:00"sv,
           "2024-01-01T12:34+02:60"sv,
           "2024-01-01T12:34ZZ"sv,
           "2024-01-01Z"sv,
           "Mon, 01 Jan 2024 00:00:00 GMT"sv,
       }) {
    EXPECT_FALSE(is_date_iso(text)) << text;
  }
}

std::string written(std::string_view text, DateSource source) {
  char date[kDateBytes];
  return write_date(text, source, date) ? std::string(date, kDateBytes) : "none";
}

TEST(WriteDate, HasOneFormWhateverCame) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"2024-02-29", "2024-02-29T00:00:00.000Z"},
      {"2024-01-01T12:34Z", "2024-01-01T12:34:00.000Z"},
      {"2024-01-01T12:34:56.7Z", "2024-01-01T12:34:56.700Z"},
      {"2024-01-01T12:34:56.123999999Z", "2024-01-01T12:34:56.123Z"},
      {"2024-01-01T00:30+01:00", "2023-12-31T23:30:00.000Z"},
      {"2024-02-29T23:59:59.5-00:01", "2024-03-01T00:00:59.500Z"},
      {"1900-03-01T00:00+00:01", "1900-02-28T23:59:00.000Z"},
      {"0000-01-01T00:00Z", "0000-01-01T00:00:00.000Z"},
      {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
  };
  for (const auto& [text, date] : cases) {
    EXPECT_EQ(written(text, DateSource::kCaller), date) << text;
    EXPECT_EQ(written(text, DateSource::kStorage), date) << text;
  }
  for (const std::string_view text : {"9999-12-31T23:59-00:01", "0000-01-01T00:00+00:01"}) {
    EXPECT_EQ(written(text, DateSource::kCaller), "none") << text;
  }
}

TEST(WriteDate, ReadsWhatSqlWritesAsUtc) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"2024-01-01 12:34:56", "2024-01-01T12:34:56.000Z"},
      {"2024-01-01 12:34", "2024-01-01T12:34:00.000Z"},
      {"2024-01-01T12:34:56.789", "2024-01-01T12:34:56.789Z"},
      {"2024-01-01 12:34:56+02:00", "2024-01-01T10:34:56.000Z"},
      {"0", "1970-01-01T00:00:00.000Z"},
      {"1700000000123", "2023-11-14T22:13:20.123Z"},
      {"1700000000123.0", "2023-11-14T22:13:20.123Z"},
      {"-1", "1969-12-31T23:59:59.999Z"},
      {"253402300799999", "9999-12-31T23:59:59.999Z"},
  };
  for (const auto& [text, date] : cases) {
    EXPECT_EQ(written(text, DateSource::kStorage), date) << text;
    EXPECT_EQ(written(text, DateSource::kCaller), "none") << text;
  }
  for (const std::string_view text : {"", "now", "-", "1.5e3", "253402300800000",
                                      "99999999999999999999", "2024-02-30 00:00:00"}) {
    EXPECT_EQ(written(text, DateSource::kStorage), "none") << text;
  }
}

}  // namespace
}  // namespace cloesce::text
