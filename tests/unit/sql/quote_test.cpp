// Quoting of SQL names and texts.
#include "sql/quote.h"

#include <gtest/gtest.h>

#include <string>

namespace cloesce::sql {
namespace {

TEST(SqlQuote, DoublesTheQuoteOfAnIdentifier) {
  EXPECT_EQ(quote_identifier("Horse"), "\"Horse\"");
  EXPECT_EQ(quote_identifier("my \"table\""), "\"my \"\"table\"\"\"");
  EXPECT_EQ(quote_identifier("it's"), "\"it's\"");
  EXPECT_EQ(quote_identifier("\"; DROP TABLE Horse; --"), "\"\"\"; DROP TABLE Horse; --\"");
  EXPECT_EQ(quote_identifier("select"), "\"select\"");
  EXPECT_EQ(quote_identifier(""), "\"\"");
}

TEST(SqlQuote, DoublesTheQuoteOfALiteral) {
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_literal("'"), "''''");
  EXPECT_EQ(quote_literal("a\"b\\c\n"), "'a\"b\\c\n'");
  EXPECT_EQ(quote_literal(""), "''");
}

TEST(SqlQuote, AppendsToWhatIsThere) {
  String out = "SELECT ";
  append_identifier(out, "a");
  out += ", ";
  append_literal(out, "b");
  EXPECT_EQ(out, "SELECT \"a\", 'b'");
}

}  // namespace
}  // namespace cloesce::sql
