// Models with a version: which saves are refused, that these change nothing, and what the others
// leave behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "orm/fixture.h"
#include "orm/interfaces.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// As a caller of the SAVE saves.
std::string save_as_caller(Fixture& fixture, std::string_view model, const std::string& tree,
                           std::string_view value) {
  return fixture.save(model, tree, value, SaveAnswer::kObject, Revisions::kNeeded);
}

TEST(Version, ARowBeginsWithOneAndIsRaisedByEachSave) {
  Fixture fixture(testing::versioned());
  EXPECT_THAT(save_as_caller(fixture, "Ticket", "", R"({"title":"a"})"),
              HasSubstr(R"("id":1,"revision":1,"title":"a")"));
  EXPECT_THAT(save_as_caller(fixture, "Ticket", "", R"({"id":7,"title":"b"})"),
              HasSubstr(R"("id":7,"revision":1)"));
  EXPECT_THAT(save_as_caller(fixture, "Ticket", "", R"({"id":1,"revision":1,"title":"c"})"),
              HasSubstr(R"("revision":2,"title":"c")"));
  EXPECT_THAT(save_as_caller(fixture, "Ticket", "", R"({"id":1,"points":5,"revision":2})"),
              HasSubstr(R"("revision":3,"title":"c","points":5)"));
  // The revision alone says that the row was looked at.
  EXPECT_THAT(save_as_caller(fixture, "Ticket", "", R"({"revision":3,"id":1})"),
              HasSubstr(R"("revision":4,"title":"c","points":5)"));
}

TEST(Version, ASaveOfAnotherRevisionIsRefusedAndNamesTheRow) {
  Fixture fixture(testing::versioned());
  fixture.database.execute("insert into Ticket values (7, 4, 'a', null, null)");
  for (const char* const revision : {"3", "5", "0", "-4", "9007199254740991"}) {
    EXPECT_EQ(save_as_caller(fixture, "Ticket", "",
                             std::string(R"({"id":7,"title":"b","revision":)") + revision + "}"),
              "CLO1216: model: Ticket with id 7 was changed or deleted since it was read");
  }
  // A row that was deleted does not come back.
  EXPECT_EQ(save_as_caller(fixture, "Ticket", "", R"({"id":8,"title":"b","revision":4})"),
            "CLO1216: model: Ticket with id 8 was changed or deleted since it was read");
  EXPECT_EQ(fixture.database.query("select id, revision, title from Ticket"), "7|4|a");
}

TEST(Version, AKeyOfSeveralColumnsIsNamedByAllOfThem) {
  Fixture fixture(testing::versioned());
  fixture.database.execute(
      "insert into Ticket values (7, 1, 'a', null, null);"
      "insert into Note values (7, 'it''s {x}', 'w', 2)");
  EXPECT_THAT(
      save_as_caller(fixture, "Note", "", R"({"ticketId":7,"name":"it's {x}","words":"n","v1":1})"),
      StartsWith("CLO1216: model: Note with ticketId 7, name it"));
  EXPECT_THAT(
      save_as_caller(fixture, "Note", "", R"({"ticketId":7,"name":"it's {x}","words":"n","v1":2})"),
      HasSubstr(R"("words":"n","v1":3)"));
}

TEST(Version, AChangeByACallerMustBringTheRevision) {
  Fixture fixture(testing::versioned());
  fixture.database.execute("insert into Ticket values (7, 4, 'a', null, null)");
  EXPECT_EQ(save_as_caller(fixture, "Ticket", "", R"({"id":7,"points":1})"),
            "CLO1217: model.revision: a change must bring the revision that was read");
  EXPECT_EQ(save_as_caller(fixture, "Ticket", "", R"({"id":7,"title":"b"})"),
            "CLO1217: model: revision of Ticket with id 7 must be given: the row is there already");
  EXPECT_EQ(save_as_caller(fixture, "Ticket", "", R"({"id":7,"title":"b","revision":null})"),
            "CLO1304: model.revision: the column cannot be null");
  EXPECT_EQ(save_as_caller(fixture, "Ticket", "", R"({"title":"b","revision":1})"),
            "CLO1304: model.revision: a new row begins with 1, and brings no revision");
  EXPECT_EQ(fixture.database.query("select id, revision, title from Ticket"), "7|4|a");
  // The key alone only refers to the row.
  EXPECT_THAT(save_as_caller(fixture, "Ticket", "", R"({"id":7})"), HasSubstr(R"("revision":4)"));
}

TEST(Version, TheWorkersOwnSaveNeedsNoneButIsCheckedWhereItBringsOne) {
  Fixture fixture(testing::versioned());
  fixture.database.execute("insert into Ticket values (7, 4, 'a', null, null)");
  EXPECT_THAT(fixture.save("Ticket", "", R"({"id":7,"points":1})"), HasSubstr(R"("revision":5)"));
  EXPECT_THAT(fixture.save("Ticket", "", R"({"id":7,"title":"b"})"), HasSubstr(R"("revision":6)"));
  EXPECT_THAT(fixture.save("Ticket", "", R"({"id":7,"title":"b","revision":5})"),
              StartsWith("CLO1216"));
  EXPECT_EQ(fixture.save("Ticket", "", R"({"id":9,"points":1})"),
            "NOT NULL constraint failed: Ticket.title");
}

TEST(Version, NestedRowsAreCheckedAndNothingIsWrittenWhenOneIsStale) {
  Fixture fixture(testing::versioned());
  fixture.database.execute(
      "insert into Ticket values (7, 4, 'a', null, null);"
      "insert into Note values (7, 'n', 'w', 2); insert into Label values ('bug', 'red', 3)");
  const char* const tree = "notes labels";
  EXPECT_EQ(
      save_as_caller(fixture, "Ticket", tree, R"({"id":7,"revision":4,"title":"b",
      "notes":[{"name":"new","words":"x"},{"name":"n","words":"y","v1":1}],
      "labels":[{"name":"fresh"}]})"),
      "CLO1216: model: Note with ticketId 7, name n was changed or deleted since it was read");
  EXPECT_EQ(fixture.database.query("select revision, title from Ticket"), "4|a");
  EXPECT_EQ(fixture.database.query("select name, words, v1 from Note"), "n|w|2");
  EXPECT_EQ(fixture.database.query("select count(*) from Label"), "1");
  EXPECT_EQ(fixture.database.query("select count(*) from TicketLabel"), "0");

  const std::string saved =
      save_as_caller(fixture, "Ticket", tree, R"({"id":7,"revision":4,"title":"b",
      "notes":[{"name":"new","words":"x"},{"name":"n","words":"y","v1":2}],
      "labels":[{"name":"fresh"},{"name":"bug"}]})");
  EXPECT_EQ("[" + saved + "]", fixture.reference("Ticket", tree));
  EXPECT_EQ(fixture.database.query("select revision, title from Ticket"), "5|b");
  EXPECT_EQ(fixture.database.query("select name, words, v1 from Note order by 1"), "n|y|3;new|x|1");
  // A label that is only linked stays as it is; one that was not there is made.
  EXPECT_EQ(fixture.database.query("select * from Label order by 1"), "bug|red|3;fresh|NULL|1");
  EXPECT_EQ(fixture.database.query("select count(*) from TicketLabel"), "2");
}

TEST(Version, RowsThatReferToEachOtherAreRaisedOnce) {
  Fixture fixture(testing::versioned());
  EXPECT_THAT(
      save_as_caller(fixture, "Ticket", "duplicate(duplicate)",
                     R"({"id":1,"title":"a","duplicate":{"id":2,"title":"b","duplicateId":1}})"),
      HasSubstr(R"("revision":1)"));
  EXPECT_EQ(fixture.database.query("select id, revision, duplicateId from Ticket order by 1"),
            "1|1|2;2|1|1");
}

TEST(Version, AHundredRowsOfAModelAreCheckedByOneStatement) {
  Fixture fixture(testing::versioned());
  std::string notes;
  fixture.database.execute("insert into Ticket values (7, 1, 'a', null, null)");
  for (int number = 0; number < 100; ++number) {
    const std::string name = std::to_string(number);
    fixture.database.execute("insert into Note values (7, '" + name + "', 'w', " +
                             std::to_string(number + 1) + ")");
    notes += (notes.empty() ? "" : ",") + std::string(R"({"name":")") + name +
             R"(","words":"x","v1":)" + std::to_string(number + 1) + "}";
  }
  save_as_caller(fixture, "Ticket", "notes",
                 R"({"id":7,"title":"b","revision":1,"notes":[)" + notes + "]}");
  // For each of the two models a check and a write, then what is answered.
  EXPECT_EQ(fixture.database.query("select sum(v1), count(*) from Note where words = 'x'"),
            "5150|100");
  EXPECT_LE(fixture.last_batch.size(), 4U + 2U);
}

// A ticket as the test knows it.
struct Known {
  int revision = 0;
  std::string title;
};

TEST(Version, RandomSavesDoWhatAListOfRowsSays) {
  Fixture fixture(testing::versioned());
  std::minstd_rand random(7);
  const auto below = [&random](int limit) {
    return static_cast<int>(random() % static_cast<unsigned>(limit));
  };
  std::map<int, Known> rows;
  int refused = 0;
  int written = 0;
  for (int step = 0; step < 3000 && !HasFailure(); ++step) {
    const auto revisions = below(2) == 0 ? Revisions::kNeeded : Revisions::kWhereGiven;
    if (below(10) == 0) {
      const int gone = 1 + below(6);
      fixture.database.execute(
          "update Ticket set duplicateId = null; delete from Ticket where id = " +
          std::to_string(gone));
      rows.erase(gone);
      continue;
    }
    // One to three tickets in a chain, each with or without a revision that may be right.
    std::map<int, Known> after = rows;
    bool refuses = false;
    std::string value;
    std::string end;
    for (int depth = 0; depth < 1 + below(3); ++depth) {
      const int id = 1 + depth * 2 + below(2);  // no ticket twice
      const auto there = rows.find(id);
      const int now = there == rows.end() ? 0 : there->second.revision;
      const std::string title = "t" + std::to_string(step) + "." + std::to_string(depth);
      std::string members = "\"id\":" + std::to_string(id) + ",\"title\":\"" + title + "\"";
      if (below(3) > 0) {
        const int brought = now + (below(4) == 0 ? below(3) - 1 : 0);
        members += ",\"revision\":" + std::to_string(brought);
        refuses = refuses || now == 0 || brought != now;
      } else {
        refuses = refuses || (revisions == Revisions::kNeeded && now != 0);
      }
      after[id] = {now + 1, title};
      value += (depth == 0 ? "{" : ",\"duplicate\":{") + members;
      end += "}";
    }
    const std::string outcome =
        fixture.save("Ticket", "duplicate(duplicate)", value + end, SaveAnswer::kObject, revisions);
    SCOPED_TRACE(value + end + " -> " + outcome);
    if (refuses) {
      EXPECT_THAT(outcome, StartsWith("CLO121"));
      ++refused;
    } else {
      EXPECT_THAT(outcome, StartsWith("{"));
      rows = after;
      ++written;
    }
    std::string expected;
    for (const auto& [id, row] : rows) {
      expected += (expected.empty() ? "" : ";") + std::to_string(id) + "|" +
                  std::to_string(row.revision) + "|" + row.title;
    }
    EXPECT_EQ(fixture.database.query("select id, revision, title from Ticket order by id"),
              expected);
  }
  EXPECT_GT(refused, 300);
  EXPECT_GT(written, 300);
}

}  // namespace
}  // namespace cloesce::orm
