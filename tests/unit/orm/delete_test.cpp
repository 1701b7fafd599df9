// Deletion by key.
#include <gtest/gtest.h>

#include <string>

#include "orm/delete_plan.h"
#include "orm/fixture.h"
#include "orm/interfaces.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;

// "deleted", "no such row", or the message of the failure.
std::string remove(Fixture& fixture, std::string_view model,
                   const std::vector<std::string_view>& key) {
  const std::string sql = plan_delete(fixture.model(model));
  auto parameters = key_parameters(fixture.model(model), key, fixture.arena);
  if (!parameters.ok()) return render(parameters.error());
  const Statement statement{sql, *parameters};
  const auto outcome = fixture.database.run({&statement, 1});
  if (!outcome.ok) return outcome.text;
  auto deletion = map_deletion(json::pad(fixture.arena, outcome.text), fixture.reader);
  if (!deletion.ok()) return render(deletion.error());
  return *deletion == Deletion::kDeleted ? "deleted" : "no such row";
}

TEST(Delete, TellsWhetherThereWasARow) {
  Fixture fixture(testing::library());
  fixture.database.execute("insert into \"Author\" values (0, 'a', null), (1, 'b', null)");
  EXPECT_EQ(remove(fixture, "Author", {"0"}), "deleted");
  EXPECT_EQ(remove(fixture, "Author", {"0"}), "no such row");
  EXPECT_EQ(fixture.database.query("select id from Author"), "1");
}

TEST(Delete, TakesKeysOfSeveralColumnsAndOfAnyType) {
  Fixture fixture(testing::composite());
  fixture.database.execute("insert into \"Seat\" values ('A', 1, null), ('A', 2, null)");
  EXPECT_EQ(remove(fixture, "Seat", {"A", "2"}), "deleted");
  EXPECT_EQ(fixture.database.query("select * from Seat"), "A|1|NULL");
  Fixture types(testing::every_type());
  types.database.execute("insert into \"BlobKey\" values (x'00', 1), (x'01', 1)");
  EXPECT_EQ(remove(types, "BlobKey", {"AA=="}), "deleted");
  EXPECT_EQ(types.database.query("select hex(bytes) from BlobKey"), "01");
}

TEST(Delete, ARowThatIsReferredToStays) {
  Fixture fixture(testing::library());
  fixture.database.execute(
      "insert into \"Author\" values (1, 'a', null); insert into \"Book\" values (1, 't', 1, null, "
      "null)");
  EXPECT_EQ(remove(fixture, "Author", {"1"}), "FOREIGN KEY constraint failed");
  EXPECT_EQ(fixture.database.query("select count(*) from Author"), "1");
}

TEST(Delete, AHostileKeyIsOnlyAKey) {
  Fixture fixture(testing::awkward());
  fixture.database.execute(R"(insert into "Größe; drop table x" values ('x', null))");
  EXPECT_EQ(remove(fixture, "Größe; drop table x", {"' or '1'='1"}), "no such row");
  EXPECT_EQ(remove(fixture, "Größe; drop table x", {"x"}), "deleted");
}

TEST(Delete, AnAnswerOfAnotherFormIsRefused) {
  Fixture fixture(testing::library());
  for (const char* text : {"[]", "{}", "[1]", "null"}) {
    EXPECT_FALSE(map_deletion(json::pad(fixture.arena, text), fixture.reader).ok()) << text;
  }
}

}  // namespace
}  // namespace cloesce::orm
