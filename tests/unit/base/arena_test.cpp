// The arena and the buffer that grows in it.
#include "base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "base/byte_buffer.h"

namespace cloesce {
namespace {

TEST(Arena, AlignsWhatItHandsOut) {
  Arena arena;
  for (const std::size_t alignment : {1U, 2U, 4U, 8U, 16U}) {
    (void)arena.allocate(1, 1);
    const auto address = reinterpret_cast<std::uintptr_t>(arena.allocate(8, alignment));
    EXPECT_EQ(address % alignment, 0U);
  }
}

TEST(Arena, KeepsItsFirstBlockOverResets) {
  Arena arena;
  (void)arena.allocate(100);
  const std::size_t first = arena.capacity();
  for (int round = 0; round < 100; ++round) {
    for (int index = 0; index < 50; ++index) (void)arena.allocate(10'000);
    EXPECT_GE(arena.capacity(), 500'000U);
    arena.reset();
    EXPECT_EQ(arena.capacity(), first);
  }
}

TEST(Arena, DoesNotKeepABigFirstBlock) {
  Arena arena;
  (void)arena.allocate(10 * Arena::kFirstBlockBytes);
  arena.reset();
  EXPECT_EQ(arena.capacity(), 0U);
  EXPECT_EQ(arena.copy("again"), "again");
}

TEST(Arena, BlocksServeTheNextOneOfTheSameAccount) {
  Account account;
  const void* first = nullptr;
  for (const std::size_t bytes : {60'000U, 60'004U, 59'000U, 60'200U}) {
    Arena arena(&account);
    const void* const memory = arena.allocate(bytes);
    if (first == nullptr) first = memory;
    EXPECT_EQ(memory, first) << bytes;
    EXPECT_GE(account.used, bytes);
    EXPECT_EQ(account.spare_bytes, 0U);
  }
  EXPECT_EQ(account.used, 0U);
  EXPECT_GE(account.spare_bytes, 60'000U);
  Arena arena(&account);
  EXPECT_NE(arena.allocate(10'000), first) << "six times as large as what is wanted";
}

TEST(Arena, WhatIsSpareHasAnEnd) {
  Account account;
  Arena arena(&account);
  for (int count = 0; count < 40; ++count) (void)arena.allocate(1024 * 1024);
  EXPECT_GE(account.used, 40U * 1024 * 1024);
  arena.reset();
  EXPECT_LE(account.spare_bytes, 8U * 1024 * 1024);
}

TEST(Arena, CopiesLiveOnWhileItGrows) {
  Arena arena;
  const std::string original = "kept";
  const std::string_view copy = arena.copy(original);
  EXPECT_NE(copy.data(), original.data());
  (void)arena.allocate(1'000'000);
  EXPECT_EQ(copy, "kept");
  EXPECT_TRUE(arena.copy("").empty());
}

TEST(Arena, ExtendsOnlyTheLastAllocation) {
  Arena arena;
  void* first = arena.allocate(16, 1);
  EXPECT_TRUE(arena.extend(first, 16, 32));
  void* second = arena.allocate(16, 1);
  EXPECT_FALSE(arena.extend(first, 32, 64));
  EXPECT_TRUE(arena.extend(second, 16, 64));
  EXPECT_FALSE(arena.extend(second, 64, 10 * Arena::kFirstBlockBytes));
}

TEST(ByteBuffer, KeepsItsBytesOverGrowth) {
  Arena arena;
  ByteBuffer buffer(arena);
  std::string expected;
  for (int index = 0; index < 20'000; ++index) {
    const std::string piece = std::to_string(index);
    buffer.append(piece);
    buffer.push(',');
    expected += piece + ",";
    if (index % 1'000 == 0) (void)arena.allocate(8);  // the buffer is not the last one any more
  }
  EXPECT_EQ(buffer.view(), expected);
  buffer.truncate(3);
  EXPECT_EQ(buffer.view(), "0,1");
}

TEST(ByteBuffer, TakesWhatIsWrittenInPlace) {
  Arena arena;
  ByteBuffer buffer(arena);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.view(), "");
  char* place = buffer.prepare(5);
  place[0] = 'a';
  place[1] = 'b';
  buffer.commit(2);
  EXPECT_EQ(buffer.view(), "ab");
}

}  // namespace
}  // namespace cloesce
