// Indentation, breaking of long lists, comments.
#include "compile/emit/code_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace cloesce::emit {
namespace {

TEST(CodeWriter, IndentsBlocks) {
  CodeWriter writer;
  writer.open("class ", "A", " {");
  writer.line("b;");
  writer.close("}");
  EXPECT_EQ(std::move(writer).take(), "class A {\n  b;\n}\n");
}

TEST(CodeWriter, LeavesOutEmptyLinesThatSeparateNothing) {
  CodeWriter writer;
  writer.blank();
  writer.open("{");
  writer.blank();
  writer.line("a;");
  writer.blank();
  writer.blank();
  writer.line("b;");
  EXPECT_EQ(std::move(writer).take(), "{\n  a;\n\n  b;\n");
}

TEST(CodeWriter, BreaksAListOnlyWhenItDoesNotFit) {
  CodeWriter writer;
  writer.list("f(", {"a", "b"}, ");");
  writer.list("x = {", {}, "};", " ");
  const std::string wide(60, 'w');
  writer.list("x = {", {wide, wide}, "};", " ");
  EXPECT_EQ(std::move(writer).take(),
            "f(a, b);\nx = {};\nx = {\n  " + wide + ",\n  " + wide + ",\n};\n");
}

TEST(CodeWriter, PrintsNoCommentWithoutText) {
  CodeWriter writer;
  writer.documentation(" \n ");
  EXPECT_EQ(std::move(writer).take(), "");
}

TEST(CodeWriter, KeepsACommentFromBeingEnded) {
  CodeWriter writer;
  writer.documentation("one */ two\r\n\r\n  **/ three");
  EXPECT_EQ(std::move(writer).take(), "/**\n * one *\\/ two\n *\n * **\\/ three\n */\n");
}

}  // namespace
}  // namespace cloesce::emit
