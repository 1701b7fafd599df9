// Saves planned and run on SQLite: what is in the tables afterwards, and what is answered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "orm/fixture.h"
#include "orm/interfaces.h"

namespace cloesce::orm {
namespace {

using testing::Fixture;
using ::testing::HasSubstr;
using testing::ReferenceObjects;
using testing::tree_of;

TEST(Upsert, ARowWithoutAKeyGetsTheNextOne) {
  Fixture fixture(testing::library());
  EXPECT_EQ(fixture.save("Author", "", R"({"name":"a"})"),
            R"({"id":1,"name":"a","mentorId":null,"students":[],"books":[],"friends":[]})");
  fixture.database.execute("insert into \"Author\" values (41, 'x', null), (-3, 'y', 1)");
  EXPECT_EQ(fixture.save("Author", "", R"({"name":"b","id":null})", SaveAnswer::kKey), "42");
  EXPECT_EQ(fixture.database.query("select id, name from Author order by id"),
            "-3|y;1|a;41|x;42|b");
}

TEST(Upsert, TheFirstKeyIsOneEvenBelowNegativeKeys) {
  Fixture fixture(testing::library());
  fixture.database.execute("insert into \"Author\" values (-30, 'y', null)");
  EXPECT_EQ(fixture.save("Author", "", R"({"name":"b"})", SaveAnswer::kKey), "1");
}

TEST(Upsert, ZeroIsAKey) {
  Fixture fixture(testing::library());
  EXPECT_EQ(fixture.save("Author", "", R"({"id":0,"name":"zero"})", SaveAnswer::kKey), "0");
  EXPECT_EQ(fixture.save("Author", "", R"({"id":0,"name":"nought"})", SaveAnswer::kKey), "0");
  EXPECT_EQ(fixture.database.query("select id, name from Author"), "0|nought");
}

TEST(Upsert, AKeyAndSomeAttributesLeaveTheRestAlone) {
  Fixture fixture(testing::library());
  fixture.database.execute(
      "insert into \"Author\" values (1, 'a', null); insert into \"Book\" values (7, 'title', 1, "
      "null, 2.5)");
  EXPECT_THAT(fixture.save("Book", "", R"({"id":7,"title":"new"})"), HasSubstr(R"("price":2.5)"));
  EXPECT_THAT(fixture.save("Book", "", R"({"price":null,"id":7})"), HasSubstr(R"("title":"new")"));
  EXPECT_EQ(fixture.database.query("select * from Book"), "7|new|1|NULL|NULL");
}

TEST(Upsert, ChangingARowThatIsNotThereFailsWithTheColumnItLacks) {
  Fixture fixture(testing::library());
  EXPECT_EQ(fixture.save("Book", "", R"({"id":7,"title":"new"})"),
            "NOT NULL constraint failed: Book.authorId");
  EXPECT_EQ(fixture.database.query("select count(*) from Book"), "0");
}

TEST(Upsert, AKeyAloneRefersToItsRow) {
  Fixture fixture(testing::library());
  fixture.database.execute("insert into \"Author\" values (1, 'a', null)");
  EXPECT_THAT(fixture.save("Author", "", R"({"id":1})"), HasSubstr(R"("name":"a")"));
  EXPECT_THAT(fixture.save("Author", "", R"({"id":2})"), HasSubstr("CLO1301: Author"));
  // A model with no other required column has all that a row needs.
  EXPECT_EQ(fixture.save("Publisher", "", R"({"code":"p"})"),
            R"({"code":"p","city":null,"books":[]})");
  EXPECT_EQ(fixture.save("Publisher", "", R"({"code":"p","city":"c"})", SaveAnswer::kKey),
            R"("p")");
  EXPECT_EQ(fixture.save("Publisher", "", R"({"code":"p"})"),
            R"({"code":"p","city":"c","books":[]})");
}

TEST(Upsert, AWholeGraphIsSavedAndReadBack) {
  Fixture fixture(testing::library());
  fixture.database.execute(
      "insert into \"Tag\" values ('old'); insert into \"Author\" values (10, 'ten', null)");
  const char* const tree = "mentor books(publisher pages tags) friends profile students(books)";
  const std::string saved = fixture.save("Author", tree, R"({
    "name": "new", "mentor": {"name": "the mentor"},
    "books": [
      {"title": "one", "price": 0.1, "publisher": {"code": "p", "city": "c"}, "pages": [{}, {}], "tags": [{"name": "old"}, {"name": "fresh"}]},
      {"title": "two", "publisherCode": "p", "pages": []},
      {"title": "three", "price": 3, "pages": [{}], "tags": [{"name": "fresh"}]}],
    "friends": [{"id": 10}, {"name": "a friend"}],
    "profile": {"bio": "text"},
    "students": [{"name": "s", "books": [{"title": "four"}]}]})");
  EXPECT_EQ("[" + saved + "]", ReferenceObjects(fixture.database, fixture.interface)
                                   .list("Author", tree_of(tree), "name = 'new'"));
  EXPECT_EQ(
      fixture.database.query("select title, authorId - (select id from Author where name = 'new'), "
                             "publisherCode, price from Book where title <> 'four' order by id"),
      "one|0|p|0.1;two|0|p|NULL;three|0|NULL|3.0");
  EXPECT_EQ(fixture.database.query("select count(*), count(distinct bookId) from Page"), "3|2");
  EXPECT_EQ(fixture.database.query("select b.title, t.Tag_name from BookTag t join Book b on b.id "
                                   "= t.Book_id order by 1, 2"),
            "one|fresh;one|old;three|fresh");
  EXPECT_EQ(
      fixture.database.query("select f.name from Friendship j join Author a on a.id = j.left_id "
                             "join Author f on f.id = j.right_id where a.name = 'new' order by 1"),
      "a friend;ten");
  EXPECT_EQ(
      fixture.database.query(
          "select m.name from Author a join Author m on m.id = a.mentorId where a.name = 'new'"),
      "the mentor");
  EXPECT_EQ(
      fixture.database.query(
          "select m.name from Author a join Author m on m.id = a.mentorId where a.name = 's'"),
      "new");
  EXPECT_EQ(fixture.database.query("select count(*) from Author"), "5");
}

TEST(Upsert, GeneratedKeysStayApartFromGivenOnesOfTheSameTable) {
  Fixture fixture(testing::library());
  fixture.database.execute("insert into \"Author\" values (3, 'three', null)");
  // Given keys lie below, on and above what would have been generated, at several levels of one
  // table.
  const char* const tree = "mentor(mentor) students(students)";
  const std::string saved = fixture.save("Author", tree, R"({
    "name": "root", "mentor": {"name": "m", "mentor": {"id": 5, "name": "five"}},
    "students": [{"name": "s1", "students": [{"id": 4, "name": "four"}, {"name": "s11"}]},
                 {"id": 8, "name": "eight", "students": [{"name": "s81"}, {}, {"id": 3, "name": "3!"}]},
                 {"name": "s2"}]})");
  EXPECT_THAT(saved, HasSubstr("CLO1304: model.students[1].students[1].name"));
  const std::string again = fixture.save("Author", tree, R"({
    "name": "root", "mentor": {"name": "m", "mentor": {"id": 5, "name": "five"}},
    "students": [{"name": "s1", "students": [{"id": 4, "name": "four"}, {"name": "s11"}]},
                 {"id": 8, "name": "eight", "students": [{"name": "s81"}, {"id": 3, "name": "3!"}]},
                 {"name": "s2"}]})");
  EXPECT_EQ("[" + again + "]", ReferenceObjects(fixture.database, fixture.interface)
                                   .list("Author", tree_of(tree), "name = 'root'"));
  EXPECT_EQ(
      fixture.database.query(
          "select a.name, m.name from Author a left join Author m on m.id = a.mentorId order by 1"),
      "3!|eight;eight|root;five|NULL;four|s1;m|five;root|m;s1|root;s11|s1;s2|root;s81|eight");
  EXPECT_EQ(fixture.database.query("select count(*), min(id) from Author"), "10|3");
}

TEST(Upsert, ChildrenKeepTheOrderOfTheListInTheirKeys) {
  Fixture fixture(testing::library());
  fixture.save(
      "Author", "books",
      R"({"name":"a","books":[{"title":"1","price":1},{"title":"2"},{"title":"3","price":3}]})");
  EXPECT_EQ(fixture.database.query("select title from Book order by id"), "1;2;3");
}

TEST(Upsert, AForeignKeyThatIsGivenIsTheKeyOfTheObjectBehindIt) {
  Fixture fixture(testing::library());
  fixture.database.execute("insert into \"Author\" values (6, 'six', null)");
  EXPECT_THAT(
      fixture.save("Book", "author", R"({"title":"t","author":{"name":"renamed"},"authorId":6})"),
      HasSubstr(R"("author":{"id":6,"name":"renamed")"));
  EXPECT_THAT(
      fixture.save("Book", "author", R"({"title":"t","author":{"id":7,"name":"x"},"authorId":6})"),
      HasSubstr("CLO1403: model.author: its key differs from the column authorId"));
  EXPECT_EQ(fixture.database.query("select count(*) from Author"), "1");
}

TEST(Upsert, AForeignKeyOfAChildThatIsGivenIsKept) {
  Fixture fixture(testing::library());
  fixture.database.execute("insert into \"Author\" values (6, 'six', null)");
  fixture.save(
      "Author", "books",
      R"({"name":"a","books":[{"title":"own"},{"title":"other","authorId":6},{"title":"null","authorId":null}]})");
  EXPECT_EQ(fixture.database.query("select title, authorId from Book order by id"),
            "own|7;other|6;null|7");
}

TEST(Upsert, ANullableForeignKeyMayPointForward) {
  Fixture fixture(testing::library());
  // The mentor is among the students that come after.
  EXPECT_THAT(
      fixture.save(
          "Author", "students",
          R"({"id":1,"name":"a","mentorId":2,"students":[{"id":2,"name":"b"},{"id":3,"name":"c","mentorId":2}]})"),
      HasSubstr(R"("mentorId":2)"));
  EXPECT_EQ(fixture.database.query("select id, mentorId from Author order by id"), "1|2;2|1;3|2");
  // In a circle with a generated key.
  fixture.save(
      "Author", "students",
      R"({"name":"root","students":[{"id":20,"name":"x","mentorId":21},{"id":21,"name":"y"}]})");
  EXPECT_EQ(fixture.database.query("select name, mentorId from Author where id >= 20 order by id"),
            "x|21;y|22;root|NULL");
}

TEST(Upsert, ACircleThroughARequiredColumnIsBrokenAtTheNullableOne) {
  cidl::Interface interface;
  interface.models = {
      testing::model(
          "Person",
          {testing::key("id", cidl::TypeKind::kInteger),
           testing::foreign_key("dogId", testing::nullable(cidl::TypeKind::kInteger), "Dog", "id")},
          {testing::to_one("dog", "Dog", {"dogId"})}),
      testing::model("Dog",
                     {testing::key("id", cidl::TypeKind::kInteger),
                      testing::foreign_key("personId", testing::type_of(cidl::TypeKind::kInteger),
                                           "Person", "id")},
                     {testing::to_one("person", "Person", {"personId"})})};
  Fixture fixture(interface);
  EXPECT_EQ(fixture.save("Person", "dog", R"({"id":1,"dog":{"id":5,"personId":1}})"),
            R"({"id":1,"dogId":5,"dog":{"id":5,"personId":1}})");
  EXPECT_EQ(fixture.save("Person", "dog", R"({"id":2,"dog":{"personId":2}})"),
            R"({"id":2,"dogId":6,"dog":{"id":6,"personId":2}})");
}

TEST(Upsert, AFailingChildLeavesNothingBehind) {
  Fixture fixture(testing::library());
  EXPECT_EQ(fixture.save(
                "Author", "books",
                R"({"name":"a","books":[{"title":"t"},{"title":"u","publisherCode":"nowhere"}]})"),
            "FOREIGN KEY constraint failed");
  fixture.database.execute(
      "insert into \"Author\" values (1, 'a', null); insert into \"Profile\" values (1, 1, 'b')");
  EXPECT_EQ(fixture.save(
                "Author", "profile books",
                R"({"id":1,"name":"changed","profile":{"bio":"second"},"books":[{"title":"t"}]})"),
            "UNIQUE constraint failed: Profile.authorId");
  EXPECT_EQ(fixture.save("Author", "friends", R"({"id":1,"name":"changed","friends":[{"id":99}]})"),
            "FOREIGN KEY constraint failed");
  EXPECT_EQ(fixture.database.query("select * from Author"), "1|a|NULL");
  EXPECT_EQ(fixture.database.query("select count(*) from Book"), "0");
}

TEST(Upsert, ANewRowWithoutARequiredColumnIsRefusedBeforeAnyStatement) {
  Fixture fixture(testing::library());
  EXPECT_EQ(fixture.save("Author", "", "{}"),
            "CLO1304: model.name: a new row must have a value here");
  EXPECT_EQ(fixture.save("Author", "books", R"({"name":"a","books":[{"title":"t"},{}]})"),
            "CLO1304: model.books[1].title: a new row must have a value here");
  EXPECT_EQ(fixture.save("Author", "", R"({"id":1,"name":null})"),
            "CLO1304: model.name: the column cannot be null");
  EXPECT_EQ(fixture.save("Tag", "", "{}"),
            "CLO1403: model.name: a primary key that is not a single Integer must be given");
}

TEST(Upsert, RelationsThatTheTreeDoesNotNameArePassedOver) {
  Fixture fixture(testing::library());
  EXPECT_THAT(
      fixture.save(
          "Author", "",
          R"({"name":"a","books":[{"title":1}],"unknown":{"x":[1]},"mentor":{"name":"m"}})"),
      HasSubstr(R"("id":1)"));
  EXPECT_EQ(
      fixture.database.query("select (select count(*) from Author), (select count(*) from Book)"),
      "1|0");
  EXPECT_THAT(fixture.save("Author", "mentor books", R"({"name":"b","books":null,"mentor":null})"),
              HasSubstr(R"("id":2)"));
}

TEST(Upsert, CompositeKeysFlowDown) {
  Fixture fixture(testing::composite());
  const char* const tree = "tickets(scans) features";
  const std::string saved = fixture.save("Seat", tree, R"({
    "row": "A", "number": 1, "tickets": [
      {"event": "e", "serial": 1, "scans": [{"at": "2026-01-01T00:00:00.000Z"}, {"at": "2026-01-02T00:00:00.000Z", "gate": 4}]},
      {"event": "e", "serial": 2, "price": 9.5}],
    "features": [{"kind": "wide", "level": 1}]})");
  EXPECT_EQ("[" + saved + "]",
            ReferenceObjects(fixture.database, fixture.interface).list("Seat", tree_of(tree)));
  EXPECT_EQ(fixture.database.query(
                "select event, serial, seatRow, seatNumber from Ticket order by serial"),
            "e|1|A|1;e|2|A|1");
  EXPECT_EQ(fixture.database.query("select count(*) from Scan"), "2");
  EXPECT_EQ(fixture.save("Scan", "", R"({"event":"e","serial":2,"at":"2026-01-03T00:00:00.000Z"})",
                         SaveAnswer::kKey),
            R"({"event":"e","serial":2,"at":"2026-01-03T00:00:00.000Z"})");
  EXPECT_THAT(fixture.save("Seat", "", R"({"row":"A"})"), HasSubstr("CLO1403: model.number"));
}

TEST(Upsert, ASharedPrimaryKeyIsGeneratedByTheModelItRefersTo) {
  cidl::Interface interface;
  cidl::Column shared =
      testing::foreign_key("userId", testing::type_of(cidl::TypeKind::kInteger), "User", "id");
  shared.key = cidl::KeyRole::kPrimaryKey;
  interface.models = {
      testing::model("User",
                     {testing::key("id", cidl::TypeKind::kInteger),
                      testing::column("name", cidl::TypeKind::kText)},
                     {testing::to_one_back("settings", "Settings", {"userId"})}),
      testing::model("Settings",
                     {shared, testing::column("theme", testing::nullable(cidl::TypeKind::kText))},
                     {testing::to_one("user", "User", {"userId"})})};
  Fixture fixture(interface);
  EXPECT_EQ(fixture.save("User", "settings", R"({"name":"a","settings":{"theme":"dark"}})"),
            R"({"id":1,"name":"a","settings":{"userId":1,"theme":"dark"}})");
  EXPECT_EQ(fixture.save("Settings", "user", R"({"user":{"name":"b"}})"),
            R"({"userId":2,"theme":null,"user":{"id":2,"name":"b"}})");
  EXPECT_EQ(fixture.save("Settings", "user", R"({"user":{"name":"c"}})", SaveAnswer::kKey), "3");
  EXPECT_THAT(fixture.save("Settings", "", "{}"), HasSubstr("CLO1403: model.userId"));
}

TEST(Upsert, EveryTypeIsStoredExactly) {
  Fixture fixture(testing::every_type());
  const std::string value =
      R"({"key":"k \"q\" \\ \u00e9 '); drop table x --","integer":9007199254740991,"integerOrNull":-9007199254740991,"real":0.1,"realOrNull":-2.5e-3,)"
      R"("text":"12","textOrNull":"null","boolean":true,"booleanOrNull":false,"date":"2026-01-02T03:04:05.678Z","dateOrNull":null,"blob":"AP8Q","blobOrNull":"","children":[]})";
  EXPECT_EQ(
      fixture.save("Everything", "", value),
      R"({"key":"k \"q\" \\ é '); drop table x --","integer":9007199254740991,"integerOrNull":-9007199254740991,"real":0.1,"realOrNull":-0.0025,)"
      R"("text":"12","textOrNull":"null","boolean":true,"booleanOrNull":false,"date":"2026-01-02T03:04:05.678Z","dateOrNull":null,"blob":"AP8Q","blobOrNull":"","children":[]})");
  EXPECT_EQ(
      fixture.database.query(
          R"(select typeof("integer"), typeof("real"), typeof("text"), typeof("boolean"), "boolean", typeof("date"), typeof("blob"), hex("blob"), typeof("blobOrNull"), length("blobOrNull") from "Everything")"),
      "integer|real|text|integer|1|text|blob|00FF10|blob|0");
  EXPECT_EQ(fixture.save("RealKey", "parts", R"({"value":7,"parts":[{}]})"),
            R"({"value":7,"parts":[{"id":1,"owner":7}]})");
  EXPECT_EQ(
      fixture.save("BlobKey", "parts", R"({"bytes":"AAA=","flag":true,"parts":[{},{}]})"),
      R"({"bytes":"AAA=","flag":true,"parts":[{"id":1,"owner":"AAA="},{"id":2,"owner":"AAA="}]})");
  EXPECT_EQ(fixture.save("BlobKey", "", R"({"bytes":"AAA=","flag":false})", SaveAnswer::kKey),
            R"("AAA=")");
}

TEST(Upsert, ValuesThatDoNotFitTheirColumnAreRefused) {
  Fixture fixture(testing::every_type());
  const std::pair<const char*, const char*> cases[] = {
      {R"({"key":1})", "CLO1204: model.key: expected a string, got 1"},
      {R"({"key":"a","integer":1.5})", "CLO1204: model.integer"},
      {R"({"key":"a","integer":9007199254740992})", "CLO1205: model.integer"},
      {R"({"key":"a","integer":"1"})", "CLO1204: model.integer"},
      {R"({"key":"a","real":"1"})", "CLO1204: model.real"},
      {R"({"key":"a","boolean":1})", "CLO1204: model.boolean"},
      {R"({"key":"a","blob":"no base64"})", "CLO1207: model.blob"},
      {R"({"key":"a","text":{}})", "CLO1204: model.text"},
      {R"({"key":"a","text":"\ud800"})", "CLO1204: model.text"},
      {R"({"key":"a","key":"b"})", "CLO1403: model.key: the member is given twice"},
      {R"([])", "CLO1204: model: expected an object"},
      {R"({"key":"a","children":{}})", "CLO1204: model.children: expected a list"},
      {R"({"key":"a","children":[1]})", "CLO1204: model.children[0]: expected an object"},
      {R"({"key":"a","children":[],"children":[{}]})",
       "CLO1403: model.children: the member is given twice"},
  };
  for (const auto& [value, message] : cases) {
    SCOPED_TRACE(value);
    EXPECT_THAT(fixture.save("Everything", "children", value), HasSubstr(message));
  }
  EXPECT_EQ(fixture.database.query("select count(*) from \"Everything\""), "0");
}

TEST(Upsert, StatementTextsDependOnNeitherValuesNorNumbersOfRows) {
  Fixture fixture(testing::library());
  const auto texts = [&](const char* value) {
    EXPECT_THAT(fixture.save("Author", "books(tags)", value), HasSubstr("\"id\""));
    std::vector<std::string> all;
    for (const auto& [sql, parameters] : fixture.last_batch) all.push_back(sql);
    return all;
  };
  const auto one = texts(R"({"name":"a","books":[{"title":"t","price":1,"tags":[{"name":"x"}]}]})");
  const auto many = texts(
      R"({"name":"'; drop","books":[{"title":"?","tags":[{"name":"?1"},{"name":"%s"}]},{"title":"2","tags":[{"name":"x"}]}]})");
  EXPECT_EQ(one, many);
  // Author, Book, Tag, BookTag; tags, books, author.
  EXPECT_EQ(one.size(), 7U);
}

TEST(Upsert, TenThousandChildrenAreAFewStatements) {
  Fixture fixture(testing::library());
  std::string value = R"({"name":"a","books":[)";
  const std::string padding(200, 'x');
  for (int index = 0; index < 10'000; ++index) {
    if (index > 0) value += ",";
    value += R"({"title":")" + std::to_string(index) + padding + R"("})";
  }
  value += "]}";
  EXPECT_EQ(fixture.save("Author", "books", value, SaveAnswer::kKey), "1");
  EXPECT_EQ(fixture.database.query("select count(*), min(id), max(id), count(distinct title), "
                                   "min(authorId), max(authorId) from Book"),
            "10000|1|10000|10000|1|1");
  EXPECT_EQ(fixture.database.query("select count(*) from Book where title like (id - 1) || 'x%'"),
            "10000");
  // Rows beyond a megabyte go into statements of the same text.
  EXPECT_EQ(fixture.last_batch.size(), 5U);
  EXPECT_EQ(fixture.last_batch[1].first, fixture.last_batch[3].first);
}

TEST(Upsert, TooManyShapesOfRowsAreRefused) {
  cidl::Interface interface = testing::wide();
  Fixture fixture(interface);
  std::string value = R"({"id":1,"leaves":[)";
  for (unsigned mask = 1; mask < 400; ++mask) {
    if (mask > 1) value += ",";
    value += "{\"id\":" + std::to_string(mask);
    for (unsigned bit = 0; bit < 9; ++bit) {
      if ((mask >> bit & 1U) != 0) value += ",\"l" + std::to_string(2 + 2 * bit) + "\":\"x\"";
    }
    value += "}";
  }
  EXPECT_THAT(fixture.save("Broad", "leaves", value + "]}"), HasSubstr("CLO1210"));
}

TEST(Upsert, AwkwardNamesAreQuotedEverywhere) {
  Fixture fixture(testing::awkward());
  EXPECT_EQ(
      fixture.save("select", "j", R"({"it's \"quoted\"":"'","j":[{"t0":"x"},{"t0":"'); --"}]})"),
      R"({"from":1,"it's \"quoted\"":"'","a,b":null,"order by":[],"j":[{"t0":"'); --","where":null},{"t0":"x","where":null}]})");
  EXPECT_THAT(
      fixture.save("Größe; drop table x", "value", R"({"t0":"x","value":{"it's \"quoted\"":"v"}})"),
      HasSubstr(R"("where":2)"));
  EXPECT_THAT(fixture.save("select", "", R"({"from":2,"a,b":"changed"})"),
              HasSubstr(R"("it's \"quoted\"":"v")"));
}

TEST(Upsert, AHundredColumnsAreSaved) {
  Fixture fixture(testing::wide());
  std::string leaf = R"({"broad":{})";
  for (int index = 2; index < 100; ++index) {
    leaf += ",\"l" + std::to_string(index) +
            "\":" + (index % 2 == 0 ? "\"x\"" : std::to_string(index) + ".5");
  }
  const std::string saved = fixture.save("Leaf", "broad", leaf + "}");
  EXPECT_EQ("[" + saved + "]",
            ReferenceObjects(fixture.database, fixture.interface).list("Leaf", tree_of("broad")));
  EXPECT_THAT(saved, HasSubstr(R"("l98":"x","l99":99.5,"broad":{"id":1,)"));
}

TEST(Upsert, AKeyAboveAllGeneratedOnesMustBeLeft) {
  Fixture fixture(testing::library());
  EXPECT_THAT(fixture.save("Author", "students",
                           R"({"name":"a","students":[{"id":9007199254740991,"name":"b"}]})"),
              HasSubstr("CLO1205: model: no key above the largest one is left"));
}

TEST(Upsert, LinksThatAreThereStay) {
  Fixture fixture(testing::library());
  const char* const value =
      R"({"id":1,"title":"t","authorId":1,"tags":[{"name":"a"},{"name":"b"},{"name":"a"}]})";
  fixture.database.execute("insert into \"Author\" values (1, 'a', null)");
  const std::string first = fixture.save("Book", "tags", value);
  EXPECT_EQ(fixture.save("Book", "tags", value), first);
  const std::string second = fixture.save("Book", "tags", R"({"id":1,"tags":[{"name":"c"}]})");
  EXPECT_EQ(second, fixture.get("Book", "tags", {"1"}));
  EXPECT_EQ(fixture.database.query("select count(*) from BookTag"), "3");
}

TEST(Upsert, AnUnchangedUniqueColumnDoesNotConflictWithItsOwnRow) {
  Fixture fixture(testing::library());
  fixture.database.execute(
      "insert into \"Author\" values (1, 'a', null); insert into \"Profile\" values (4, 1, 'b')");
  EXPECT_THAT(fixture.save("Profile", "", R"({"id":4,"authorId":1,"bio":"new"})"),
              HasSubstr(R"("bio":"new")"));
}

TEST(Upsert, AnAnswerInJoinedRowsCanBeTakenBack) {
  Fixture fixture(testing::library());
  const IncludeTree tree = fixture.tree("Author", "books");
  auto document = fixture.reader.open(
      json::pad(fixture.arena, R"({"name":"a","books":[{"title":"t"},{"title":"u"}]})"));
  ASSERT_TRUE(document.ok());
  json::Value root;
  ASSERT_FALSE((*document)->get_value(root));
  auto plan = plan_upsert(fixture.schema, tree, root, SaveAnswer::kObject, "model", fixture.cache,
                          fixture.arena, RowForm::kJoined);
  ASSERT_TRUE(plan.ok());
  // Twice: the first time as planned, the second with separate rows, as after a failure.
  for (const char* const id : {"1", "2"}) {
    SCOPED_TRACE(id);
    const auto outcome = fixture.database.run(plan->statements);
    ASSERT_TRUE(outcome.ok) << outcome.text;
    auto saved =
        map_upsert(*plan, json::pad(fixture.arena, outcome.text), fixture.reader, fixture.arena);
    ASSERT_TRUE(saved.ok());
    EXPECT_EQ("[" + std::string(*saved) + "]",
              fixture.reference("Author", "books", std::string("id = ") + id));
    ASSERT_TRUE(separate_rows(*plan, tree, fixture.cache).ok());
  }
  EXPECT_EQ(fixture.database.query("select count(*) from Book"), "4");
}

}  // namespace
}  // namespace cloesce::orm
