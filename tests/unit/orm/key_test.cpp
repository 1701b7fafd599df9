// Keys given as JSON, as the ORM's callers give them.
#include "orm/key.h"

#include <gtest/gtest.h>

#include <string>

#include "orm/fixture.h"
#include "orm/interfaces.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;

std::string parameters(Fixture& fixture, std::string_view model, std::string_view key) {
  const std::string wrapped = "[" + std::string(key) + "]";
  auto document = fixture.reader.open(json::pad(fixture.arena, wrapped));
  if (!document.ok()) return render(document.error());
  json::Array list;
  json::Value root;
  if ((*document)->get_array(list) || !list.next(root)) return "no value";
  auto answer = key_parameters(fixture.model(model), root, fixture.arena);
  return answer.ok() ? std::string(*answer) : render(answer.error());
}

TEST(Key, IsAScalarOrAnObject) {
  Fixture fixture(testing::library());
  EXPECT_EQ(parameters(fixture, "Author", "5"), R"(["5"])");
  EXPECT_EQ(parameters(fixture, "Author", "\"5\""), R"(["5"])");
  EXPECT_EQ(parameters(fixture, "Author", R"({"name":"x","id":-5,"books":[{"id":6}]})"),
            R"(["-5"])");
  EXPECT_EQ(parameters(fixture, "Tag", R"("a \"b\" \u00e9")"), R"(["a \"b\" é"])");
  Fixture seats(testing::composite());
  EXPECT_EQ(parameters(seats, "Seat", R"({"number":1,"row":"A"})"), R"(["A","1"])");
  Fixture types(testing::every_type());
  EXPECT_EQ(parameters(types, "BlobKey", R"("AP8=")"), R"(["00FF"])");
  EXPECT_EQ(parameters(types, "RealKey", "0.5"), R"(["0.5"])");
}

TEST(Key, OfAnotherFormIsRefused) {
  Fixture fixture(testing::library());
  EXPECT_EQ(parameters(fixture, "Author", "null"), "CLO1004: Author.id: expected a value");
  EXPECT_EQ(parameters(fixture, "Author", "[1]"), "CLO1004: Author.id: expected a value");
  EXPECT_EQ(parameters(fixture, "Author", "1.0"), "CLO1004: Author.id: expected an Integer");
  EXPECT_EQ(parameters(fixture, "Author", "true"), "CLO1004: Author.id: expected an Integer");
  EXPECT_EQ(parameters(fixture, "Author", "{}"), "CLO1004: Author.id: expected a value, got none");
  EXPECT_EQ(parameters(fixture, "Tag", "1"), "CLO1004: Tag.name: expected a text");
  Fixture seats(testing::composite());
  EXPECT_EQ(parameters(seats, "Seat", "1"),
            "CLO1004: Seat.row: expected an object with all key columns");
  EXPECT_EQ(parameters(seats, "Seat", R"({"row":"A"})"),
            "CLO1004: Seat.number: expected a value, got none");
}

}  // namespace
}  // namespace cloesce::orm
