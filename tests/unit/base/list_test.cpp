// Growing arrays, of values that move as bytes and of those that do not.
#include "base/list.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace cloesce {
namespace {

// Counts itself, and knows its own address as std::string of some libraries does.
class Numbered {
 public:
  Numbered(int* living, int number) : living_(living), self_(this), number_(number) { ++*living_; }
  Numbered(const Numbered& other) : Numbered(other.living_, other.number()) {}
  Numbered(Numbered&& other) noexcept : Numbered(other.living_, other.number()) {}
  Numbered& operator=(const Numbered&) = delete;
  ~Numbered() { --*living_; }
  [[nodiscard]] int number() const { return self_ == this ? number_ : -1; }

 private:
  int* living_;
  const Numbered* self_;
  int number_;
};
static_assert(!kRelocatable<Numbered>);
static_assert(kRelocatable<List<Numbered>>);
static_assert(kRelocatable<std::unique_ptr<int>>);

TEST(List, GrowsAndKeepsItsItems) {
  List<std::uint64_t> numbers;
  EXPECT_TRUE(numbers.empty());
  for (std::uint64_t number = 0; number < 1000; ++number) numbers.push_back(number);
  ASSERT_EQ(numbers.size(), 1000U);
  for (std::uint64_t number = 0; number < 1000; ++number) EXPECT_EQ(numbers[number], number);
  EXPECT_EQ(numbers.front(), 0U);
  EXPECT_EQ(numbers.back(), 999U);
  EXPECT_EQ(std::span<const std::uint64_t>(numbers).size(), 1000U);
}

TEST(List, TakesAnItemOfItsOwn) {
  List<std::uint32_t> numbers{7};
  for (int times = 0; times < 100; ++times) numbers.push_back(numbers.front());
  EXPECT_EQ(numbers, List<std::uint32_t>(101, 7));
}

TEST(List, IsResizedWithAValue) {
  List<int> numbers(2, 5);
  numbers.resize(4, 6);
  EXPECT_EQ(numbers, (List<int>{5, 5, 6, 6}));
  numbers.resize(1);
  EXPECT_EQ(numbers, List<int>{5});
  numbers.pop_back();
  EXPECT_TRUE(numbers.empty());
}

TEST(List, MovesItemsThatAreNotBytesOneByOne) {
  int living = 0;
  {
    List<Numbered> items;
    for (int number = 0; number < 50; ++number) items.emplace_back(&living, number);
    EXPECT_EQ(living, 50);
    List<Numbered> copy = items;
    EXPECT_EQ(living, 100);
    List<Numbered> moved = std::move(items);
    EXPECT_EQ(living, 100);
    for (int number = 0; number < 50; ++number) {
      EXPECT_EQ(copy[static_cast<std::size_t>(number)].number(), number);
      EXPECT_EQ(moved[static_cast<std::size_t>(number)].number(), number);
    }
    copy.clear();
    EXPECT_EQ(living, 50);
    moved = copy;
    EXPECT_EQ(living, 0);
  }
  EXPECT_EQ(living, 0);
}

TEST(List, HoldsWhatIsOwned) {
  List<std::unique_ptr<int>> owned;
  for (int number = 0; number < 20; ++number) owned.push_back(std::make_unique<int>(number));
  std::swap(owned[0], owned[19]);
  EXPECT_EQ(*owned.front(), 19);
  EXPECT_EQ(*owned.back(), 0);
  List<List<std::string>> nested;
  for (int number = 0; number < 20; ++number) nested.push_back({std::to_string(number), "x"});
  EXPECT_EQ(nested[0][0], "0");
  EXPECT_EQ(nested[19][0], "19");
  EXPECT_EQ(nested[19][1], "x");
}

}  // namespace
}  // namespace cloesce
