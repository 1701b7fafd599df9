// Images of whole interfaces: stable, and refused by a runtime they were not made for.
#include "compile/image/build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "orm/interfaces.h"
#include "runtime/app.h"
#include "text/base64.h"

namespace cloesce::image {
namespace {

using ::testing::HasSubstr;

std::string bytes_of(const cidl::Interface& interface) {
  auto built = build_image(interface);
  return built.ok() ? *built : render(built.error());
}

/// The message of a runtime that is opened with `bytes`; empty when it opens.
std::string refusal(std::string_view bytes) {
  Arena arena;
  ByteBuffer text(arena);
  text::append_base64(text, bytes);
  text.append("\n\n");
  const auto opened = runtime::App::open(text.view());
  return opened.ok() ? "" : render(opened.error());
}

TEST(BuildImage, TheSameInterfaceGivesTheSameBytes) {
  EXPECT_EQ(bytes_of(orm::testing::library()), bytes_of(orm::testing::library()));
  EXPECT_NE(bytes_of(orm::testing::library()), bytes_of(orm::testing::composite()));
}

TEST(BuildImage, OpensARuntimeWhateverTheNamesAre) {
  EXPECT_EQ(refusal(bytes_of({})), "");
  EXPECT_EQ(refusal(bytes_of(orm::testing::awkward())), "");
  EXPECT_EQ(refusal(bytes_of(orm::testing::wide())), "");
}

TEST(BuildImage, ImagesOfOtherVersionsAndPartsOfImagesAreRefused) {
  const std::string image = bytes_of(orm::testing::library());
  for (const std::size_t place : {0U, 4U, 8U}) {  // version, layout, size
    std::string other = image;
    other[place] = static_cast<char>(other[place] ^ 1);
    EXPECT_THAT(refusal(other), HasSubstr("run cloesce compile")) << place;
  }
  EXPECT_THAT(refusal(image.substr(0, image.size() - 1)), HasSubstr("run cloesce compile"));
  EXPECT_THAT(refusal(image + '\0'), HasSubstr("run cloesce compile"));
  EXPECT_THAT(refusal(image.substr(0, 40)), HasSubstr("run cloesce compile"));
  EXPECT_THAT(refusal(""), HasSubstr("run cloesce compile"));
}

TEST(BuildImage, AnInterfaceWhoseNamesLeadNowhereIsRefused) {
  cidl::Interface interface = orm::testing::library();
  interface.models[0].navigations[0].model = "Nobody";
  EXPECT_THAT(bytes_of(interface), HasSubstr("an unknown model in"));
}

}  // namespace
}  // namespace cloesce::image
