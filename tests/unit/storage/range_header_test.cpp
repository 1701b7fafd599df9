// `Range`, read against a size.
#include "storage/range_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cloesce::storage {
namespace {

using ::testing::ElementsAre;

TEST(RangeHeader, ReadsWhatItAsksFor) {
  EXPECT_THAT(parse_range("bytes=0-3", 10).ranges, ElementsAre(ByteRange{0, 3}));
  EXPECT_THAT(parse_range(" BYTES = 0 - 3 , 2-2", 10).ranges,
              ElementsAre(ByteRange{0, 3}, ByteRange{2, 2}));
  EXPECT_THAT(parse_range("bytes=5-", 10).ranges, ElementsAre(ByteRange{5, 9}));
  EXPECT_THAT(parse_range("bytes=-3", 10).ranges, ElementsAre(ByteRange{7, 9}));
  EXPECT_THAT(parse_range("bytes=-0,1-1", 10).ranges, ElementsAre(ByteRange{1, 1}));
  EXPECT_THAT(parse_range("bytes=9-99999999999999999999999", 10).ranges,
              ElementsAre(ByteRange{9, 9}));
}

TEST(RangeHeader, AsksForEverything) {
  for (const std::string_view header :
       {"bytes=", "bytes= ", "bytes=-10", "bytes=-11", "bytes=1-2,-10", "bytes=-0"})
    EXPECT_EQ(parse_range(header, 10).kind, RangeKind::kWhole) << header;
}

TEST(RangeHeader, CannotBeHad) {
  for (const std::string_view header :
       {"", "bytes", "lines=0-1", "bytes=1", "bytes=-", "bytes=1-2,", "bytes=,1-2", "bytes=3-2",
        "bytes=10-", "bytes=10-12", "bytes=a-b", "bytes=1-2,20-", "bytes=--1", "bytes=1-2-3",
        "bytes=-1-"})
    EXPECT_EQ(parse_range(header, 10).kind, RangeKind::kUnsatisfiable) << header;
  EXPECT_EQ(parse_range("bytes=0-0", 0).kind, RangeKind::kUnsatisfiable);
}

TEST(RangeHeader, ManyRangesAreEverything) {
  std::string header = "bytes=0-0";
  for (int count = 1; count < 100; ++count) header += ",0-0";
  EXPECT_EQ(parse_range(header, 10).ranges.size(), 100U);
  EXPECT_EQ(parse_range(header + ",0-0", 10).kind, RangeKind::kWhole);
}

}  // namespace
}  // namespace cloesce::storage
