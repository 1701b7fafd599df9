// The ready-made methods against a real database, over whole requests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/crud_fixture.h"

namespace cloesce::runtime::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(CrudTest, GetAnswersTheRowWithItsDefaultRelations) {
  const Ending end = get("Horse/get?id=1");
  EXPECT_EQ(end.status, 200U);
  EXPECT_EQ(
      end.bytes,
      R"({"id":1,"name":"Roach","born":"2011-05-01T00:00:00.000Z","weight":512.5,"tame":true,)"
      R"("breedId":1,"breed":{"id":1,"name":"Friesian"},"likes":[],"tags":[]})");
}

TEST_F(CrudTest, GetWithoutRelations) {
  EXPECT_EQ(get("Horse/get?id=2&__datasource=none").bytes,
            R"({"id":2,"name":"Philippa","born":null,"weight":null,"tame":false,"breedId":null,)"
            R"("likes":[],"tags":[]})");
}

TEST_F(CrudTest, GetWithANamedDataSourceIsOneStatement) {
  const Ending end = get("Horse/get?id=1&__datasource=full");
  EXPECT_EQ(host.trace(), "query 1");
  EXPECT_THAT(end.bytes,
              HasSubstr(R"("likes":[{"id":10,"horseId":1,"otherId":2,"other":{"id":2,)"));
  EXPECT_THAT(end.bytes, HasSubstr(R"({"id":11,"horseId":1,"otherId":3,"other":{"id":3,)"));
  EXPECT_THAT(end.bytes, Not(HasSubstr(R"("id":12)")));
  EXPECT_THAT(end.bytes,
              HasSubstr(R"("tags":[{"name":"black","horses":[]},{"name":"fast","horses":[]}])"));
}

TEST_F(CrudTest, GetOfNothingIs404) {
  const Ending end = get("Horse/get?id=77");
  EXPECT_EQ(end.status, 404U);
  EXPECT_EQ(end.bytes, "CLO1301: there is no such Horse");
}

TEST_F(CrudTest, GetByAKeyOfTwoColumns) {
  host.database().execute("insert into Seat values ('A', 7, 'aisle'), ('B', 7, null)");
  EXPECT_EQ(get("Seat/get?row=A&number=7").bytes, R"({"row":"A","number":7,"label":"aisle"})");
  EXPECT_EQ(get("Seat/get?number=7&row=B").bytes, R"({"row":"B","number":7,"label":null})");
  EXPECT_EQ(get("Seat/get?row=7&number=7").status, 404U);
  EXPECT_EQ(get("Seat/get?row=A").status, 400U);
}

TEST_F(CrudTest, KeysAreBoundAndNotPasted) {
  EXPECT_EQ(get("Seat/get?row=A%27%20or%20%271%27=%271&number=7").status, 404U);
  EXPECT_EQ(host.database().query("select count(*) from Horse"), "3");
}

TEST_F(CrudTest, ListAnswersAllOfThem) {
  EXPECT_EQ(get("Breed/list").bytes, R"([{"id":1,"name":"Friesian"},{"id":2,"name":"Haflinger"}])");
  EXPECT_EQ(get("Seat/list").bytes, "[]");
  EXPECT_THAT(get("Horse/list?__datasource=full").bytes, HasSubstr(R"("id":12,"horseId":2,)"));
}

TEST_F(CrudTest, DeleteRemovesOneRow) {
  host.database().execute("insert into Seat values ('A', 7, null), ('A', 8, null)");
  const Ending end = remove("Seat/A/7/delete");
  EXPECT_EQ(end.status, 200U);
  EXPECT_EQ(end.bytes, "");
  EXPECT_EQ(end.text, "");
  EXPECT_EQ(host.database().query("select * from Seat"), "A|8|NULL");
  EXPECT_EQ(remove("Seat/A/7/delete").status, 404U);
}

TEST_F(CrudTest, DeleteOfARowThatIsReferredToIs409) {
  const Ending end = remove("Breed/1/delete");
  EXPECT_EQ(end.status, 409U);
  EXPECT_THAT(end.bytes, StartsWith("CLO1303: "));
  EXPECT_EQ(host.database().query("select count(*) from Breed"), "2");
}

TEST_F(CrudTest, SaveOfANewRowAnswersItWithItsKey) {
  const Ending end = save("Breed", R"({"name":"Arab"})");
  EXPECT_EQ(end.status, 200U);
  EXPECT_EQ(end.bytes, R"({"id":3,"name":"Arab"})");
  EXPECT_EQ(host.database().query("select * from Breed where id = 3"), "3|Arab");
}

TEST_F(CrudTest, SaveLeavesMissingAttributesAlone) {
  const Ending end = save("Horse", R"({"id":1,"weight":500})");
  EXPECT_EQ(end.status, 200U);
  EXPECT_EQ(host.database().query("select name, weight, tame from Horse where id = 1"),
            "Roach|500.0|1");
  EXPECT_THAT(end.bytes, HasSubstr(R"("weight":500,)"));
}

TEST_F(CrudTest, SaveOfAGraphWritesWhatTheDataSourceNames) {
  const Ending end = save("Horse",
                          R"({"name":"Epona","breed":{"name":"Shire"},"tags":[{"name":"new"}],)"
                          R"("likes":[{"otherId":1}]})",
                          "?__datasource=full");
  EXPECT_EQ(end.status, 200U) << end.bytes;
  EXPECT_EQ(host.database().query(
                "select h.id, h.name, b.name from Horse h join Breed b on b.id = breedId "
                "where h.name = 'Epona'"),
            "4|Epona|Shire");
  EXPECT_EQ(host.database().query("select * from HorseTag where Horse_id = 4"), "4|new");
  EXPECT_EQ(host.database().query("select horseId, otherId from Like where horseId = 4"), "4|1");
  EXPECT_THAT(end.bytes, HasSubstr(R"("breed":{"id":3,"name":"Shire"})"));
  EXPECT_THAT(end.bytes, HasSubstr(R"("tags":[{"name":"new","horses":[]}])"));
}

TEST_F(CrudTest, FailedSaveLeavesNothingBehind) {
  const Ending end =
      save("Horse", R"({"name":"Epona","breed":{"name":"Shire"},"likes":[{"otherId":999}]})",
           "?__datasource=full");
  EXPECT_EQ(end.status, 409U);
  EXPECT_THAT(end.bytes, StartsWith("CLO1303: "));
  EXPECT_EQ(host.database().query("select count(*) from Breed"), "2");
  EXPECT_EQ(host.database().query("select count(*) from Horse"), "3");
}

TEST_F(CrudTest, BrokenConstraintsNameTheColumns) {
  const Ending unique = save("Breed", R"({"name":"Friesian"})");
  EXPECT_EQ(unique.status, 409U);
  EXPECT_EQ(unique.bytes, "CLO1302: another row has the same Breed.name");
  const Ending required = save("Breed", R"({"id":77})");
  EXPECT_NE(required.status, 200U) << "nothing but a key, and there is no such row";
}

TEST_F(CrudTest, ChangingARowThatIsNotThereIsNotFound) {
  const Ending one = save("Horse", R"({"id":77,"weight":1.5})");
  EXPECT_EQ(one.status, 404U);
  EXPECT_EQ(one.bytes, "CLO1301: there is no Horse with id 77, and a new one needs name");
  const Ending nested =
      save("Horse", R"({"id":1,"likes":[{"id":70,"otherId":2},{"id":71,"otherId":3}]})",
           "?__datasource=full");
  EXPECT_EQ(nested.status, 200U) << "their foreign key is the parent's, so that nothing is missing";
  const Ending breeds = save("Horse", R"({"id":88,"weight":1.5,"breed":{"id":9,"name":"Arab"}})",
                             "?__datasource=full");
  EXPECT_EQ(breeds.status, 404U);
  EXPECT_EQ(host.database().query("select count(*) from Breed where id = 9"), "0")
      << "nothing is left behind";
}

TEST_F(CrudTest, SaveIsValidated) {
  EXPECT_THAT(save("Horse", R"({"name":7})").bytes, StartsWith("CLO1204: model.name: "));
  EXPECT_THAT(save("Horse", R"({"hooves":4})").bytes, StartsWith("CLO1201: model.hooves: "));
  EXPECT_THAT(save("Horse", R"({"born":"yesterday"})").bytes, StartsWith("CLO1206: model.born: "));
  EXPECT_EQ(save("Horse", "[]").status, 400U);
  EXPECT_EQ(save("Horse", R"({"__proto__":{}})").status, 400U);
  EXPECT_EQ(host.trace(), "body 0") << "nothing reached the database";
}

TEST_F(CrudTest, StorageFailuresHaveTheirStatus) {
  const struct {
    const char* message;
    std::uint32_t status;
    const char* body;
  } kCases[] = {
      {"D1_ERROR: UNIQUE constraint failed: Horse.name, Horse.born: SQLITE_CONSTRAINT (extended: "
       "X)",
       409, "CLO1302: another row has the same Horse.name, Horse.born"},
      {"D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT", 409,
       "CLO1303: a row that is referred to does not exist, or is still referred to"},
      {"D1_ERROR: NOT NULL constraint failed: Horse.name: SQLITE_CONSTRAINT", 400,
       "CLO1304: Horse.name must have a value"},
      {"CHECK constraint failed: positive", 400, "CLO1304: a value does not fit its column"},
      {"D1_ERROR: near \"selct\": syntax error", 500, "CLO1305: the database could not answer"},
  };
  for (const auto& expected : kCases) {
    for (const Request& request :
         {Request{.target = "/api/Horse/list"},
          Request{.verb = "DELETE", .target = "/api/Horse/1/delete"},
          Request{
              .verb = "POST", .target = "/api/Horse/save", .body = R"({"model":{"name":"x"}})"}}) {
      host.next_failure = expected.message;
      const Ending end = host.send(request);
      EXPECT_EQ(end.status, expected.status) << request.target;
      EXPECT_EQ(end.bytes, expected.body) << request.target;
    }
  }
}

TEST_F(CrudTest, WhatPassesIsDoneAgainWhereThatIsSafe) {
  const auto lose = [&](int times, const char* message = "D1_ERROR: Network connection lost.") {
    host.next_failure = message;
    host.failures = times;
  };
  lose(2);
  const Ending list = get("Horse/list");
  EXPECT_EQ(list.status, 200U) << list.bytes;
  EXPECT_EQ(host.trace(), "query 1 | query 1 | query 1");

  lose(3);
  const Ending lost = get("Horse/list");
  EXPECT_EQ(lost.status, 503U);
  EXPECT_THAT(lost.bytes, StartsWith("CLO1308: "));
  EXPECT_THAT(lost.text, HasSubstr("retry-after: "));

  // More of it makes it worse.
  lose(1, "D1_ERROR: D1 DB is overloaded. Requests queued for too long.");
  EXPECT_EQ(get("Horse/list").status, 503U);
  EXPECT_EQ(host.trace(), "query 1");

  // A second time there would be a second row, or none to delete.
  lose(1);
  const Ending added = save("Horse", R"({"name":"Epona","breedId":1})");
  EXPECT_EQ(added.status, 503U);
  EXPECT_THAT(added.bytes, HasSubstr("whether it was saved is not known"));
  lose(1);
  EXPECT_EQ(host.send({.verb = "DELETE", .target = "/api/Horse/1/delete"}).status, 503U);
  EXPECT_EQ(host.trace(), "query 1");

  lose(2);
  const Ending changed = save("Horse", R"({"id":1,"name":"Again"})");
  EXPECT_EQ(changed.status, 200U) << changed.bytes;
  EXPECT_THAT(changed.bytes, HasSubstr(R"("name":"Again")"));
}

TEST_F(CrudTest, RowsThatAreTooLargeTogetherAreAskedForOneByOne) {
  constexpr const char* kTooBig = "D1_ERROR: string or blob too big: SQLITE_TOOBIG";
  const std::string expected = get("Horse/list?__datasource=full").bytes;
  host.next_failure = kTooBig;
  const Ending list = get("Horse/list?__datasource=full");
  EXPECT_EQ(host.trace(), "query 1 | query 3");
  EXPECT_EQ(list.bytes, expected);

  host.next_failure = kTooBig;
  const Ending saved = save("Horse", R"({"name":"Epona","breedId":1})");
  EXPECT_EQ(host.trace(), "body 0 | query 2 | query 2");
  EXPECT_EQ(saved.status, 200U) << saved.bytes;
  EXPECT_EQ(host.database().query("select count(*) from Horse where name = 'Epona'"), "1");

  // A second time is a row too many.
  Step step = host.app().begin("GET\n/api/Horse/list\n\n\n\n");
  step = reply(host.app(), step.exchange, Outcome::kFailed, kTooBig);
  ASSERT_EQ(step.kind, StepKind::kQuery);
  step = reply(host.app(), step.exchange, Outcome::kFailed, kTooBig);
  EXPECT_EQ(step.kind, StepKind::kRespond);
  EXPECT_EQ(step.status, 500U);
  EXPECT_EQ(step.bytes, "CLO1306: a row is larger than the database allows");

  // A deletion has no rows to be joined.
  host.next_failure = kTooBig;
  EXPECT_EQ(remove("Horse/2/delete").status, 500U);
}

TEST_F(CrudTest, UnsafeIntegersAreRefused) {
  host.database().execute("insert into Breed values (9007199254740993, 'too many')");
  const Ending end = get("Breed/list");
  EXPECT_EQ(end.status, 500U);
  EXPECT_THAT(end.bytes, StartsWith("CLO1307: "));
}

}  // namespace
}  // namespace cloesce::runtime::testing
