// Look-ups by name.
#include "cidl/find.h"

#include <gtest/gtest.h>

#include "cidl/sample.h"

namespace cloesce::cidl {
namespace {

TEST(CidlNameIndex, FindsEachKindUnderItsOwnNameOnly) {
  const Interface interface = sample_interface();
  const NameIndex index(interface);
  EXPECT_EQ(index.model("Horse"), &interface.models[2]);
  EXPECT_EQ(index.service("Office"), &interface.services[1]);
  EXPECT_EQ(index.plain_object("Summary"), interface.plain_objects.data());
  EXPECT_EQ(index.junction("HorseRace"), interface.junctions.data());

  EXPECT_EQ(index.model("Summary"), nullptr);
  EXPECT_EQ(index.model("Office"), nullptr);
  EXPECT_EQ(index.plain_object("Horse"), nullptr);
  EXPECT_EQ(index.service("Horse"), nullptr);
  EXPECT_EQ(index.junction("Horse"), nullptr);
  EXPECT_EQ(index.model(""), nullptr);
}

TEST(CidlNameIndex, SaysWhatATypeNameStandsFor) {
  const Interface interface = sample_interface();
  const NameIndex index(interface);
  EXPECT_EQ(index.object("Race").kind, ObjectReference::Kind::kModel);
  EXPECT_EQ(index.object("Race").index, 1U);
  EXPECT_EQ(index.object("Summary").kind, ObjectReference::Kind::kPlainObject);
  EXPECT_EQ(index.object("Office").kind, ObjectReference::Kind::kNone);
}

TEST(CidlFind, FindsTheMembersOfAModel) {
  const Model horse = horse_model();
  ASSERT_NE(find_column(horse, "ownerId"), nullptr);
  EXPECT_EQ(find_column(horse, "ownerId")->references->model, "Person");
  EXPECT_EQ(find_column(horse, "owner"), nullptr);
  ASSERT_NE(find_navigation(horse, "owner"), nullptr);
  EXPECT_EQ(find_navigation(horse, "ownerId"), nullptr);
}

TEST(CidlFind, PrimaryKeyKeepsTheOrderOfDeclaration) {
  const Model horse = horse_model();
  const auto keys = primary_key(horse);
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0]->name, "stable");
  EXPECT_EQ(keys[1]->name, "number");
}

TEST(CidlFind, LooksThroughNullable) {
  const Type text = plain(TypeKind::kText);
  const Type nullable = wrap(TypeKind::kNullable, text);
  EXPECT_TRUE(is_nullable(nullable));
  EXPECT_FALSE(is_nullable(text));
  EXPECT_EQ(without_nullable(nullable), text);
  EXPECT_EQ(&without_nullable(text), &text);
}

}  // namespace
}  // namespace cloesce::cidl
