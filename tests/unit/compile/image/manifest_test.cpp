// What the manifest says of types that JSON text cannot tell.
#include "compile/image/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cidl/find.h"

namespace cloesce::image {
namespace {

using ::testing::HasSubstr;

std::string manifest_of(const cidl::Interface& interface) {
  const cidl::NameIndex names(interface);
  ShapeTable shapes(interface, names);
  return std::string(render_manifest(interface, routes_of(interface), shapes).view());
}

TEST(Manifest, NamesTheClassOfAValueInKv) {
  cidl::PlainObject theme;
  theme.name = "Theme";
  theme.fields = {{"since", {cidl::TypeKind::kDateIso, {}, {}}}};
  cidl::StoredField field;
  field.name = "theme";
  field.value = {cidl::TypeKind::kObject, "Theme", {}};
  cidl::Model user;
  user.name = "User";
  user.storage = cidl::StorageKind::kKeys;
  user.stored = {field};
  cidl::Interface interface;
  interface.models = {user};
  interface.plain_objects = {theme};

  EXPECT_THAT(manifest_of(interface), HasSubstr(R"("class":"Theme","fields":[["since",)"));
}

}  // namespace
}  // namespace cloesce::image
