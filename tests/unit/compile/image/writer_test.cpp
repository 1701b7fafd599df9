// Images are read where they lie, wherever that is.
#include "compile/image/writer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cloesce::image {
namespace {

struct Leaf {
  Text name;
  std::uint32_t number;
};

struct Root {
  Reference<Leaf> first;
  Reference<Leaf> none;
  Array<Leaf> leaves;
  Array<std::uint64_t> numbers;
  NameMap names;
};

Writer written() {
  Writer writer;
  const Place<Root> root = writer.add<Root>();
  const Place<Leaf> leaves = writer.array(writer[root].leaves, 3);
  for (std::uint32_t index = 0; index < 3; ++index) {
    writer[leaves + index].number = index;
    writer.text(writer[leaves + index].name, index == 1 ? "" : "oak");
  }
  writer.refer(writer[root].first, leaves);
  const std::vector<std::uint64_t> numbers = {1, UINT64_MAX};
  writer.copy(writer[root].numbers, std::span(numbers));
  const std::vector<std::string_view> names = {"a", "b", "a", "__proto__"};
  writer.names(writer[root].names, names);
  return writer;
}

TEST(Writer, WhatItWroteIsReadAtAnyAddress) {
  const Writer writer = written();
  const auto elsewhere = std::make_unique<std::uint64_t[]>(writer.size() / 8 + 3);
  std::memcpy(elsewhere.get() + 2, writer.view().data(), writer.size());
  const auto& root = *reinterpret_cast<const Root*>(elsewhere.get() + 2);

  EXPECT_EQ(root.first.get(), root.leaves.begin());
  EXPECT_EQ(root.none.get(), nullptr);
  ASSERT_EQ(root.leaves.size(), 3U);
  EXPECT_EQ(root.leaves[0].name, "oak");
  EXPECT_EQ(root.leaves[1].name, "");
  EXPECT_EQ(root.leaves[2].name, "oak");
  EXPECT_EQ(root.leaves[2].number, 2U);
  ASSERT_EQ(root.numbers.size(), 2U);
  EXPECT_EQ(root.numbers[1], UINT64_MAX);
}

TEST(Writer, NamesLeadToTheirFirstNumber) {
  const Writer writer = written();
  const auto& names = reinterpret_cast<const Root*>(writer.view().data())->names;
  EXPECT_EQ(names.find("a"), 0U);
  EXPECT_EQ(names.find("b"), 1U);
  EXPECT_EQ(names.find("__proto__"), 3U);
  EXPECT_EQ(names.find("c"), NameMap::kNone);
  EXPECT_EQ(names.find(""), NameMap::kNone);
}

TEST(Writer, EqualTextsStandInTheImageOnce) {
  const Writer writer = written();
  EXPECT_EQ(writer.view().find("oak"), writer.view().rfind("oak"));
}

}  // namespace
}  // namespace cloesce::image
