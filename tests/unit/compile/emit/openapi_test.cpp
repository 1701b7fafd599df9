// Rules of the OpenAPI document. A whole one is in the golden files.
#include "compile/emit/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "compile/emit/sample_interfaces.h"

namespace cloesce::emit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(EmitOpenapi, DescribesVariantsOfAClassOnlyWhereTheyAreUsed) {
  const std::string document = emit_openapi(wide_interface());
  EXPECT_EQ(occurrences(document, "\"Horse.Partial.Form\": {"),
            1u);  // save takes portraits in a form
  EXPECT_EQ(occurrences(document, "\"Pedigree.Form\": {"), 1u);
  EXPECT_THAT(document, Not(HasSubstr("Tag.Form")));
}

TEST(EmitOpenapi, PutsTwoVerbsOfOnePathTogether) {
  cidl::Interface interface = small_interface();
  cidl::Method again = interface.services[0].methods[0];
  again.verb = cidl::Verb::kPost;
  interface.services[0].methods.push_back(again);
  const std::string document = emit_openapi(interface);
  EXPECT_EQ(occurrences(document, "\"/Greeter/hello\": {"), 1u);
  EXPECT_THAT(document, HasSubstr("\"get\": {"));
  EXPECT_THAT(document, HasSubstr("\"post\": {"));
}

}  // namespace
}  // namespace cloesce::emit
