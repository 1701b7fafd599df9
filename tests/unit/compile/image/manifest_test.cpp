// What the manifest says of types that JSON text cannot tell.
#include "compile/image/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

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

TEST(Manifest, ShapesThatLeadToHiddenMembersSaySo) {
  const auto text = [] { return cidl::Type{cidl::TypeKind::kText, {}, {}}; };
  const auto object = [](std::string name) {
    return cidl::Type{cidl::TypeKind::kObject, std::move(name), {}};
  };
  cidl::PlainObject safe;
  safe.name = "Safe";
  safe.fields = {{"label", text()}, {"code", text(), cidl::Access::kHidden}};
  cidl::PlainObject room;
  room.name = "Room";
  room.fields = {{"safes", {cidl::TypeKind::kArray, {}, {object("Safe")}}},
                 {"next", {cidl::TypeKind::kNullable, {}, {object("Room")}}}};
  cidl::PlainObject street;
  street.name = "Street";
  street.fields = {{"name", text(), cidl::Access::kReadOnly}};
  cidl::Method open;
  open.name = "open";
  open.returns = object("Room");
  open.parameters = {{"street", object("Street")}};
  cidl::Service guard;
  guard.name = "Guard";
  guard.methods = {open};
  cidl::Interface interface;
  interface.plain_objects = {safe, room, street};
  interface.services = {guard};

  const std::string manifest = manifest_of(interface);
  EXPECT_THAT(manifest, HasSubstr(R"("class":"Safe","fields":[],"hidden":["code"]})"));
  EXPECT_THAT(manifest, HasSubstr(R"("kind":"array","of":2,"hidden":[]})"));
  EXPECT_THAT(manifest, HasSubstr(R"("class":"Street","fields":[]})"));
  EXPECT_THAT(manifest, HasSubstr(R"(["next",1]],"lists":["safes"],"hidden":[]})"));
}

}  // namespace
}  // namespace cloesce::image
