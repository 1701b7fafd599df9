// Members that callers may not give.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "validate/horse_interface.h"

namespace cloesce::validate {
namespace {

/// Horse { id, name, chip (read-only), bill (hidden), foals[] of Horse, notes[] (hidden) of Horse
/// }, Box { horse, sealed (read-only), inner (hidden) }.
cidl::Interface closed_interface() {
  cidl::Interface interface;
  cidl::Model horse;
  horse.name = "Horse";
  horse.columns = {column("id", integer(), cidl::KeyRole::kPrimaryKey), column("name", text()),
                   column("chip", text()), column("bill", integer())};
  horse.columns[2].access = cidl::Access::kReadOnly;
  horse.columns[3].access = cidl::Access::kHidden;
  horse.navigations = {navigation("foals", cidl::NavigationKind::kOneToMany, "Horse"),
                       navigation("notes", cidl::NavigationKind::kOneToMany, "Horse")};
  horse.navigations[1].access = cidl::Access::kHidden;
  interface.models = {horse};
  cidl::PlainObject box;
  box.name = "Box";
  box.fields = {{"horse", object("Horse")},
                {"sealed", boolean(), cidl::Access::kReadOnly},
                {"inner", nullable(object("Box")), cidl::Access::kHidden}};
  interface.plain_objects = {box};
  cidl::Service stable;
  stable.name = "Stable";
  cidl::Method method;
  method.name = "visit";
  method.parameters = {{"horse", nullable(object("Horse"))},
                       {"part", nullable(partial("Horse"))},
                       {"boxes", nullable(array(object("Box")))}};
  stable.methods = {method};
  interface.services = {stable};
  return interface;
}

class Closed : public ::testing::Test {
 protected:
  Closed()
      : interface_(closed_interface()),
        types_(image::testing::built_types(interface_)),
        validator_(*types_) {}

  std::string body(std::string_view json) {
    const ShapeId shape = image::testing::parameters_of_service(interface_, 0, 0);
    return Rig::lines(
        validator_.check_body(shape, reader_, json::pad(arena_, json), {}, arena_).failures);
  }

  std::string worker(std::string_view json) {
    const TypeId type = types_->partial_type(types_->model_shape(0));
    return Rig::lines(
        validator_.check_value(type, reader_, json::pad(arena_, json), {}, arena_).failures);
  }

  cidl::Interface interface_;
  image::testing::Built<TypeTable> types_;
  Validator validator_;
  json::Reader reader_;
  Arena arena_;
};

TEST_F(Closed, WhatCallersMayNotGiveTheyNeedNotGive) {
  EXPECT_EQ(body(R"({"horse": {"id": 1, "name": "a"}})"), "");
  EXPECT_EQ(body(R"({"boxes": [{"horse": {"id": 1, "name": "a"}}]})"), "");
  EXPECT_EQ(body(R"({"horse": {"id": 1}})"), "CLO1202: horse.name: missing, expected Text");
}

TEST_F(Closed, AReadOnlyMemberIsRefusedByNameWhateverItsValueAtAnyDepth) {
  EXPECT_EQ(body(R"({"part": {"chip": "x"}})"),
            "CLO1212: part.chip: callers cannot give this member");
  EXPECT_EQ(body(R"({"part": {"chip": null, "chip": {"deep": [1]}, "name": 5}})"),
            "CLO1212: part.chip: callers cannot give this member\n"
            "CLO1212: part.chip: callers cannot give this member\n"
            "CLO1204: part.name: expected Text, got 5");
  EXPECT_EQ(body(R"({"part": {"foals": [{}, {"foals": [{"ch\u0069p": 1}]}]}})"),
            "CLO1212: part.foals[1].foals[0].chip: callers cannot give this member");
  EXPECT_EQ(body(R"({"boxes": [{"horse": {"id": 1, "name": "a", "chip": ""}, "sealed": true}]})"),
            "CLO1212: boxes[0].horse.chip: callers cannot give this member\n"
            "CLO1212: boxes[0].sealed: callers cannot give this member");
}

TEST_F(Closed, AHiddenMemberIsAnUnknownOneThatNoNameIsNearTo) {
  for (const std::string_view name : {"bill", "notes", "elsewhere"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(
        body("{\"part\": {\"" + std::string(name) + "\": 1}}"),
        "CLO1201: part." + std::string(name) + ": unknown member, Horse has none of this name");
  }
  EXPECT_EQ(body(R"({"part": {"Bill": 1}})"),
            "CLO1201: part.Bill: unknown member, Horse has none of this name");
  EXPECT_EQ(body(R"({"part": {"chop": 1}})"),
            "CLO1201: part.chop: unknown member, Horse has none of this name; did you mean chip?");
  EXPECT_EQ(body(R"({"boxes": [{"horse": {"id": 1, "name": "a"}, "inner": null}]})"),
            "CLO1201: boxes[0].inner: unknown member, Box has none of this name");
}

TEST_F(Closed, AQueryIsNoWayAround) {
  const ShapeId shape = image::testing::parameters_of_service(interface_, 0, 0);
  const auto query = [&](std::string_view text) {
    return Rig::lines(validator_.check_query(shape, reader_, text, arena_).failures);
  };
  EXPECT_EQ(query(R"(part={"name":"a"})"), "");
  EXPECT_EQ(query(R"(part={"chip":"a"})"), "CLO1212: part.chip: callers cannot give this member");
  EXPECT_EQ(query(R"(part={"bill":1})"),
            "CLO1201: part.bill: unknown member, Horse has none of this name");
}

TEST_F(Closed, TheWorkersOwnCodeGivesAllOfThem) {
  EXPECT_EQ(worker(R"({"id": 1, "chip": "x", "bill": 2, "notes": [{"bill": 3}]})"), "");
  EXPECT_EQ(worker(R"({"bill": "x"})"), "CLO1204: bill: expected Integer, got \"x\"");
}

}  // namespace
}  // namespace cloesce::validate
