// Statements: names, literals, parameters and syntax stay what they are.
#include "sql/statement.h"

#include <gtest/gtest.h>

namespace cloesce::sql {
namespace {

TEST(Statement, QuotesNamesAndLiterals) {
  Statement statement;
  statement.text("select ").column("a\"b", "select").text(" where ").literal("it's ?1");
  statement.text(" = ").parameter(12);
  EXPECT_EQ(statement.render(), "select \"a\"\"b\".\"select\" where 'it''s ?1' = ?12");
}

TEST(Statement, AppendsTheChunksOfAnother) {
  Statement condition;
  condition.identifier("x").text(" = ").parameter(1);
  Statement statement;
  statement.text("where ").append(condition).text(" and ").append(condition);
  EXPECT_EQ(statement.render(), "where \"x\" = ?1 and \"x\" = ?1");
}

TEST(Statement, MayBeAppendedToItself) {
  Statement statement;
  statement.identifier("a").text(",").append(statement);
  EXPECT_EQ(statement.render(), "\"a\",\"a\",");
}

TEST(Statement, ACommentInForeignSqlEndsWithIt) {
  Statement statement;
  statement.text("(").foreign("select 1 -- all").text(") limit 1");
  EXPECT_EQ(statement.render(), "(\nselect 1 -- all\n) limit 1");
}

TEST(Statement, IsEmptyUntilSomethingIsAdded) {
  Statement statement;
  EXPECT_TRUE(statement.empty());
  EXPECT_FALSE(statement.number(0).empty());
  EXPECT_EQ(statement.render(), "0");
}

}  // namespace
}  // namespace cloesce::sql
