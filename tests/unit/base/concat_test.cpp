// Texts out of pieces, and values with several holders.
#include "base/concat.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "base/counted.h"

namespace cloesce {
namespace {

TEST(Concat, JoinsPiecesAndNumbers) {
  EXPECT_EQ(concat({}), "");
  EXPECT_EQ(concat({"", "a", "", "b"}), "ab");
  const std::string owned = "owned";
  EXPECT_EQ(concat({owned, "[", decimal(0), "] of ", decimal(UINT64_MAX)}),
            "owned[0] of 18446744073709551615");
}

struct Watched {
  explicit Watched(int* living) : living_(living) { ++*living_; }
  Watched(Watched&& other) noexcept : living_(other.living_) { ++*living_; }
  ~Watched() { --*living_; }
  int* living_;
};

TEST(Counted, LivesUntilItsLastHolderLetsGo) {
  int living = 0;
  Counted<Watched> first;
  EXPECT_FALSE(first);
  EXPECT_EQ(first.get(), nullptr);
  {
    Counted<Watched> made = Counted<Watched>::make(Watched(&living));
    first = made;
    EXPECT_EQ(living, 1);
    EXPECT_TRUE(first == made);
    Counted<Watched> moved = std::move(made);
    EXPECT_TRUE(first == moved);
  }
  EXPECT_EQ(living, 1);
  first = Counted<Watched>::make(Watched(&living));
  EXPECT_EQ(living, 1);
  Counted<Watched>& self = first;
  first = self;
  EXPECT_EQ(living, 1);
  first = {};
  EXPECT_EQ(living, 0);
}

}  // namespace
}  // namespace cloesce
