// Long answers leave in pieces while they are written: together they are what a whole answer is.
#include "base/pieces.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "orm/fixture.h"
#include "orm/interfaces.h"
#include "orm/map_rows.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;

struct Taken {
  std::vector<std::string> pieces;
  static void take(void* context, std::string_view piece) {
    static_cast<Taken*>(context)->pieces.emplace_back(piece);
  }
  [[nodiscard]] std::string whole() const {
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    return text;
  }
};

class InPieces : public ::testing::Test {
 protected:
  InPieces() : fixture_(testing::library()) {
    fixture_.database.execute(R"(
      with recursive n(v) as (select 0 union all select v + 1 from n where v < 999)
      insert into "Author" select v, 'авторка ' || v || hex(zeroblob(500 + v % 90)), null from n;
      insert into "Book" select 20000 - id, 'b' || hex(zeroblob(500)), id / 700, null, id / 4.0
        from "Author";
    )");
  }

  // What `tree` answers, by pieces; empty pieces where it failed.
  std::string answer(const std::string& tree, RowForm form, Cardinality cardinality,
                     RowSelection selection = {}, std::string_view parameters = "[]") {
    selection.rows = form;
    auto plan = plan_select(fixture_.tree("Author", tree), selection);
    EXPECT_TRUE(plan.ok());
    const auto outcome = fixture_.database.run(bind_select(*plan, parameters, fixture_.arena));
    EXPECT_TRUE(outcome.ok) << outcome.text;
    const auto text = json::pad(fixture_.arena, outcome.text);
    taken_ = {};
    Pieces pieces{&Taken::take, &taken_};
    const auto end =
        map_rows(*plan, cardinality, {text, 0}, fixture_.reader, fixture_.arena, nullptr, &pieces);
    EXPECT_TRUE(end.ok());
    EXPECT_EQ(pieces.begun, !taken_.pieces.empty());
    return taken_.whole() + (end.ok() ? std::string(*end) : std::string(render(end.error())));
  }

  Fixture fixture_;
  Taken taken_;
};

TEST_F(InPieces, AListOfRowsIsTheSame) {
  const std::string whole = fixture_.reference("Author", "");
  ASSERT_GT(whole.size(), 2 * Pieces::kBytes);
  EXPECT_TRUE(answer("", RowForm::kSeparate, Cardinality::kMany) == whole);
  EXPECT_GE(taken_.pieces.size(), 2);
  for (const std::string& piece : taken_.pieces) EXPECT_LT(piece.size(), 2 * Pieces::kBytes);
}

TEST_F(InPieces, SoAreListsWithinIt) {
  EXPECT_TRUE(answer("books", RowForm::kSeparate, Cardinality::kMany) ==
              fixture_.reference("Author", "books"));
  EXPECT_GE(taken_.pieces.size(), 2);
  // Joined rows are one text of the database, which cannot be as long.
  fixture_.database.execute(R"(delete from "Author" where id between 5 and 900;)");
  EXPECT_TRUE(answer("books", RowForm::kJoined, Cardinality::kMany) ==
              fixture_.reference("Author", "books"));
  EXPECT_GE(taken_.pieces.size(), 1);
}

TEST_F(InPieces, AndOneObjectWithALongList) {
  auto key =
      key_parameters(fixture_.model("Author"), std::vector<std::string_view>{"0"}, fixture_.arena);
  ASSERT_TRUE(key.ok());
  const std::string whole = fixture_.reference("Author", "books", "id = 0");
  EXPECT_TRUE(
      "[" +
          answer("books", RowForm::kSeparate, Cardinality::kOne, {.kind = Selection::kKey}, *key) +
          "]" ==
      whole);
  EXPECT_GE(taken_.pieces.size(), 1);
}

TEST_F(InPieces, AShortAnswerIsWhole) {
  fixture_.database.execute(R"(delete from "Book"; delete from "Author" where id > 9)");
  EXPECT_EQ(answer("books", RowForm::kJoined, Cardinality::kMany),
            fixture_.reference("Author", "books"));
  EXPECT_TRUE(taken_.pieces.empty());
}

TEST(PiecesText, WhatStandsInFrontComesOnce) {
  Taken taken;
  Pieces pieces{&Taken::take, &taken, "{\"items\":"};
  pieces.give("[1");
  pieces.give("");
  pieces.give(",2");
  EXPECT_EQ(taken.pieces, (std::vector<std::string>{"{\"items\":", "[1", ",2"}));
}

}  // namespace
}  // namespace cloesce::orm
