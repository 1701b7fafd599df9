// Which templates would be found in each other's lists.
#include "keys/overlap.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace cloesce::keys {
namespace {

struct Case {
  std::string_view left;
  std::string_view right;
  bool overlap;
};

void expect(const std::vector<Case>& cases, Reach left_reach, Reach right_reach) {
  for (const Case& it : cases) {
    const Template left = parse(it.left);
    const Template right = parse(it.right);
    EXPECT_EQ(overlap(left, left_reach, right, right_reach), it.overlap)
        << it.left << " and " << it.right;
    EXPECT_EQ(overlap(right, right_reach, left, left_reach), it.overlap)
        << it.right << " and " << it.left;
  }
}

TEST(KeyOverlap, AListHoldsTheKeysThatBeginWithIt) {
  expect(
      {
          {"users/{id}/", "users/{id}/settings", true},
          {"users/{id}/", "users/{id}/posts/{post}", true},
          {"users/", "users/{id}", true},
          {"users/{id}", "users/{id}", true},
          {"users/{id}/posts/", "users/{id}/settings", false},
          {"users/{id}/posts/", "users/{id}/{kind}/x", true},
          {"users/{id}/posts/", "users/{id}", false},
          {"users/", "usersettings/{id}", false},
          {"users", "usersettings/{id}", true},
          {"u{x}/", "users/1", true},
          {"{x}/a", "b/{y}", true},
          {"{x}/a/", "b/{y}", false},
          {"a/{x}", "a/", false},
          {"{x}-{y}/", "a-b-c/d", true},
          {"{x}{y}", "ab", true},
          {"{x}{y}", "a", false},
          {"é", "é{x}", true},
          {"é", "è{x}", false},
      },
      Reach::kPrefix, Reach::kKey);
}

TEST(KeyOverlap, TwoListsMeetWhereOneGoesOnFromTheOther) {
  expect(
      {
          {"users/{id}/", "users/", true},
          {"users/{id}/", "users/{id}/posts/", true},
          {"users/{id}/", "teams/{id}/", false},
          {"users/{id}/a", "users/{id}/b", false},
          {"", "anything", true},
      },
      Reach::kPrefix, Reach::kPrefix);
}

TEST(KeyOverlap, TwoKeysMeetWhenTheyCanBeTheSame) {
  expect(
      {
          {"users/{id}", "users/{name}", true},
          {"users/{id}", "users/1", true},
          {"users/{id}", "users/1/2", false},
          {"users/{id}", "users/", false},
          {"a{x}c", "abbc", true},
          {"a{x}c", "abbd", false},
      },
      Reach::kKey, Reach::kKey);
}

}  // namespace
}  // namespace cloesce::keys
