// Two branches: told by both files, made one by a rebase, and never applied blindly.
#include "compile/migrate/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compile/migrate/database.h"
#include "compile/migrate/interface_sample.h"
#include "compile/migrate/migrate.h"

namespace cloesce::migrate::testing {
namespace {

using cidl::TypeKind;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A migrations folder and what the planner said last.
class Project {
 public:
  std::vector<MigrationFiles> files;
  std::vector<Diagnostic> findings;
  std::vector<std::string> replaced;

  // Writes the next migration as `<time>_<name>`, from what `files` holds.
  void migrate(const cidl::Interface& models, std::string_view time, std::string_view name) {
    MigrationRequest request;
    request.name = name;
    request.timestamp = time;
    run(models, std::move(request));
  }

  void rebase(const cidl::Interface& models, std::string_view time, std::string_view replace = {}) {
    MigrationRequest request;
    request.kind = MigrationKind::kRebase;
    request.replace = replace;
    request.timestamp = time;
    run(models, std::move(request));
  }

  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const Diagnostic& finding : findings) codes.push_back(finding.code);
    return codes;
  }

  [[nodiscard]] MigrationFiles& at(std::string_view path) {
    return *std::find_if(files.begin(), files.end(),
                         [path](const MigrationFiles& file) { return file.path == path; });
  }

  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const MigrationFiles& file : files) paths.push_back(file.path);
    return paths;
  }

  // As wrangler does: in order of the names, each in its transaction, until one fails.
  [[nodiscard]] std::string apply_to(Database& database, std::string_view after = {}) {
    std::sort(files.begin(), files.end(),
              [](const MigrationFiles& left, const MigrationFiles& right) {
                return left.path < right.path;
              });
    for (const MigrationFiles& file : files) {
      if (file.path <= after) continue;
      const std::string failure = database.apply(*file.sql);
      if (!failure.empty()) return file.path + ": " + failure;
    }
    return {};
  }

 private:
  void run(const cidl::Interface& models, MigrationRequest request) {
    request.history = files;
    DiagnosticSink sink;
    const auto outcome = plan_migration(models, request, sink);
    ASSERT_TRUE(outcome.ok());
    findings = sink.diagnostics();
    replaced = outcome->replaced;
    for (const std::string& path : replaced) {
      std::erase_if(files, [&path](const MigrationFiles& file) { return file.path == path; });
    }
    for (std::size_t index = 0; index + 1 < outcome->files.size(); index += 2) {
      const File& sql = outcome->files[index];
      files.push_back(
          {sql.path.substr(0, sql.path.size() - 4), outcome->files[index + 1].text, sql.text});
    }
  }
};

// Both sides of a merge: their files together.
Project merged(const Project& left, const Project& right) {
  Project both = left;
  for (const MigrationFiles& file : right.files) {
    const std::vector<std::string> known = both.paths();
    if (std::find(known.begin(), known.end(), file.path) == known.end()) both.files.push_back(file);
  }
  return both;
}

cidl::Interface albums(std::vector<cidl::Column> columns = {}) {
  columns.insert(columns.begin(), column_of_type("title", plain(TypeKind::kText)));
  return interface_of({model_of("Album", std::move(columns))});
}

cidl::Column genre() { return column_of_type("genre", optional_of(TypeKind::kText)); }
cidl::Column cover() { return column_of_type("cover", optional_of(TypeKind::kText)); }

// The title may be NULL: SQLite needs a new table for that.
void loosen_title(cidl::Interface& models) {
  models.models[0].columns[1] = column_of_type("title", optional_of(TypeKind::kText));
}

struct Branches {
  Project start, left, right;
};

Branches branches(const cidl::Interface& left, const cidl::Interface& right) {
  Branches branches;
  branches.start.migrate(albums(), "20260101000000", "Initial");
  branches.left = branches.right = branches.start;
  branches.left.migrate(left, "20260102000000", "Left");
  branches.right.migrate(right, "20260103000000", "Right");
  return branches;
}

TEST(History, FollowsFilesThatWereRenamedAndReformatted) {
  Project project;
  project.migrate(albums(), "20260101000000", "Initial");
  project.migrate(albums({genre()}), "20260102000000", "Genres");
  project.files[0].path = "20250101000000_Begin";
  std::string& text = project.files[0].snapshot;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\r\n");
  }
  project.migrate(albums({genre()}), "20260103000000", "Nothing");
  EXPECT_THAT(project.codes(), IsEmpty());
  EXPECT_EQ(project.files.size(), 2U);
}

TEST(History, NamesBothFilesOfAForkAndTheWayOut) {
  const Branches both = branches(albums({genre()}), albums({cover()}));
  Project project = merged(both.left, both.right);
  project.migrate(albums({genre(), cover()}), "20260104000000", "Next");
  ASSERT_THAT(project.codes(), ElementsAre("CLO3007"));
  EXPECT_THAT(project.findings[0].message,
              AllOf(HasSubstr("20260102000000_Left.json"), HasSubstr("20260103000000_Right.json"),
                    HasSubstr("20260101000000_Initial.json")));
  EXPECT_THAT(project.findings[0].hint, HasSubstr("cloesce migrate --rebase"));
  EXPECT_EQ(project.files.size(), 3U);
}

TEST(History, TellsTwoBeginnings) {
  Project left, right;
  left.migrate(albums(), "20260101000000", "One");
  right.migrate(albums({genre()}), "20260102000000", "Two");
  Project project = merged(left, right);
  project.migrate(albums(), "20260103000000", "Next");
  ASSERT_THAT(project.codes(), ElementsAre("CLO3007"));
  EXPECT_THAT(project.findings[0].message, HasSubstr("an empty database"));
}

TEST(History, TellsAParentThatIsMissingOrWasEdited) {
  Project project;
  project.migrate(albums(), "20260101000000", "Initial");
  project.migrate(albums({genre()}), "20260102000000", "Genres");
  Project edited = project;
  edited.files[0].snapshot.replace(edited.files[0].snapshot.find("title"), 5, "tidal");
  edited.migrate(albums({genre()}), "20260103000000", "Next");
  EXPECT_THAT(edited.codes(), ElementsAre("CLO3008"));

  project.files.erase(project.files.begin());
  project.migrate(albums({genre()}), "20260103000000", "Next");
  ASSERT_THAT(project.codes(), ElementsAre("CLO3008"));
  EXPECT_THAT(project.findings[0].message, AllOf(HasSubstr("20260102000000_Genres.json"),
                                                 HasSubstr("20260101000000_Initial.json")));
}

TEST(History, TellsAChildThatIsAppliedBeforeItsParent) {
  Project project;
  project.migrate(albums(), "20260101000000", "Initial");
  project.migrate(albums({genre()}), "20260102000000", "Genres");
  project.files[1].path = "20250101000000_Genres";
  project.migrate(albums({genre()}), "20260103000000", "Next");
  EXPECT_THAT(project.codes(), ElementsAre("CLO3009"));
}

TEST(History, TakesSnapshotsThatNameNoParentInTheOrderOfTheirFiles) {
  Project project;
  project.migrate(albums(), "20260101000000", "Initial");
  project.migrate(albums({genre()}), "20260102000000", "Genres");
  for (MigrationFiles& file : project.files) {
    auto snapshot = load_snapshot(file.snapshot, "");
    ASSERT_TRUE(snapshot.ok());
    file.snapshot = save_snapshot(snapshot->schema, {});
  }
  project.migrate(albums({genre(), cover()}), "20260103000000", "Covers");
  project.migrate(albums({genre(), cover()}), "20260104000000", "Nothing");
  EXPECT_THAT(project.codes(), IsEmpty());
  EXPECT_THAT(project.paths(), ElementsAre("20260101000000_Initial", "20260102000000_Genres",
                                           "20260103000000_Covers"));
  EXPECT_THAT(project.files[2].snapshot, HasSubstr("\"parentName\": \"20260102000000_Genres\""));
}

// Applied as two people wrote them, the second to be applied would take along what the first added.
TEST(Guard, StopsARebuildOverTheColumnOfAnotherBranch) {
  cidl::Interface loose = albums();
  loosen_title(loose);
  const Branches both = branches(albums({genre()}), loose);
  Project project = merged(both.left, both.right);
  Database database;
  ASSERT_EQ(database.apply(*both.start.files[0].sql), "");
  ASSERT_EQ(database.apply("INSERT INTO Album VALUES (1, 'x')"), "");
  ASSERT_EQ(database.apply(*both.left.files[1].sql), "");
  ASSERT_EQ(database.apply("UPDATE Album SET genre = 'pop'"), "");
  const std::vector<std::string> before = database.dump();
  EXPECT_THAT(database.apply(*both.right.files[1].sql),
              HasSubstr("CHECK constraint failed: Album and what references it are as the last "
                        "snapshot says"));
  EXPECT_EQ(database.dump(), before);
}

TEST(Guard, StopsForWhateverTheSnapshotDoesNotKnow) {
  cidl::Interface models = albums();
  models.models.push_back(
      model_of("Track", {reference_to("albumId", plain(TypeKind::kInteger), "Album")}));
  Project project;
  project.migrate(models, "20260101000000", "Initial");
  loosen_title(models);
  project.migrate(models, "20260102000000", "Loosen");
  const std::string rebuild = *project.files[1].sql;
  const std::vector<std::string> changes = {
      R"(ALTER TABLE "Album" ADD COLUMN "genre" TEXT)",
      R"(ALTER TABLE "Album" ADD COLUMN "twice" TEXT AS ("title" || "title"))",
      R"(ALTER TABLE "Album" RENAME COLUMN "title" TO "name")",
      R"(CREATE INDEX "mine" ON "Album" ("title"))",
      R"(CREATE UNIQUE INDEX "mine" ON "Album" ("title"))",
      R"(CREATE TABLE "Link" ("albumId" INTEGER NOT NULL REFERENCES "Album" ("id") ON DELETE CASCADE))",
      R"(CREATE TABLE "Link" ("albumId" INTEGER REFERENCES "Album"))",
      R"(ALTER TABLE "Track" ADD COLUMN "otherId" INTEGER REFERENCES "ALBUM" ("ID"))",
      R"(DROP TABLE "Track")",
      R"(DROP TABLE "Track"; DROP TABLE "Album")",
      R"(DROP TABLE "Track"; DROP TABLE "Album"; CREATE TABLE "Album" ("id" INTEGER PRIMARY KEY, "title" TEXT);
         CREATE TABLE "Track" ("id" INTEGER PRIMARY KEY, "albumId" INTEGER NOT NULL REFERENCES "Album" ("id") ON DELETE RESTRICT))",
      R"(DROP TABLE "Track"; DROP TABLE "Album"; CREATE TABLE "Album" ("id" INTEGER PRIMARY KEY, "title" BLOB NOT NULL);
         CREATE TABLE "Track" ("id" INTEGER PRIMARY KEY, "albumId" INTEGER NOT NULL REFERENCES "Album" ("id") ON DELETE RESTRICT))",
      R"(DROP TABLE "Track"; CREATE TABLE "Track" ("id" INTEGER PRIMARY KEY, "albumId" INTEGER NOT NULL REFERENCES "Album" ("id") ON DELETE CASCADE))",
  };
  for (const std::string& change : changes) {
    SCOPED_TRACE(change);
    Database database;
    ASSERT_EQ(database.apply(*project.files[0].sql), "");
    ASSERT_EQ(database.apply(change), "");
    const std::vector<std::string> before = database.dump();
    EXPECT_THAT(database.apply(rebuild), HasSubstr("as the last snapshot says"));
    EXPECT_EQ(database.dump(), before);
  }
  for (const std::string harmless :
       {R"(CREATE TABLE "Other" ("id" INTEGER PRIMARY KEY))",
        R"(CREATE VIEW "Titles" AS SELECT "title" FROM "Album")",
        R"(CREATE TRIGGER "t" AFTER INSERT ON "Track" BEGIN SELECT 1; END)"}) {
    SCOPED_TRACE(harmless);
    Database database;
    ASSERT_EQ(database.apply(*project.files[0].sql), "");
    ASSERT_EQ(database.apply(harmless), "");
    EXPECT_EQ(database.apply(rebuild), "");
  }
}

TEST(Rebase, MakesTheBranchThatBeganLaterAnew) {
  cidl::Interface loose = albums();
  loosen_title(loose);
  const Branches both = branches(albums({genre()}), loose);
  Project project = merged(both.left, both.right);
  cidl::Interface all = albums({genre()});
  loosen_title(all);
  project.rebase(all, "20260104000000");
  EXPECT_THAT(project.codes(), IsEmpty());
  EXPECT_THAT(project.replaced, ElementsAre("20260103000000_Right"));
  EXPECT_THAT(project.paths(),
              ElementsAre("20260101000000_Initial", "20260102000000_Left", "20260104000000_Right"));

  Database database;
  ASSERT_EQ(database.apply(*project.files[0].sql), "");
  ASSERT_EQ(database.apply("INSERT INTO Album VALUES (1, 'x')"), "");
  ASSERT_EQ(database.apply(*project.files[1].sql), "");
  ASSERT_EQ(database.apply("UPDATE Album SET genre = 'pop'"), "");
  ASSERT_EQ(database.apply(*project.files[2].sql), "");
  EXPECT_THAT(database.query("SELECT id, title, genre FROM Album"),
              ElementsAre(Row{"1", "x", "pop"}));
  project.migrate(all, "20260105000000", "Nothing");
  EXPECT_THAT(project.codes(), IsEmpty());
  EXPECT_EQ(project.files.size(), 3U);
}

TEST(Rebase, MakesOneMigrationOfASeveralLongBranch) {
  Branches both = branches(albums({genre()}), albums({cover()}));
  const cidl::Column label = column_of_type("label", optional_of(TypeKind::kText));
  both.right.migrate(albums({cover(), label}), "20260104000000", "RightAgain");
  Project project = merged(both.left, both.right);
  const cidl::Interface all = albums({genre(), cover(), label});
  project.rebase(all, "20260105000000");
  EXPECT_THAT(project.replaced, ElementsAre("20260103000000_Right", "20260104000000_RightAgain"));
  EXPECT_EQ(project.files.back().path, "20260105000000_RightAgain");
  Database database;
  EXPECT_EQ(project.apply_to(database), "");
  EXPECT_THAT(database.query("SELECT id, title, genre, cover, label FROM Album"), IsEmpty());
}

TEST(Rebase, ReplacesTheBranchThatIsNamed) {
  const Branches both = branches(albums({genre()}), albums({cover()}));
  for (const std::string_view name :
       {"20260102000000_Left", "20260102000000_Left.sql", "migrations/20260102000000_Left.json"}) {
    Project project = merged(both.left, both.right);
    project.rebase(albums({genre(), cover()}), "20260104000000", name);
    EXPECT_THAT(project.replaced, ElementsAre("20260102000000_Left"));
    Database database;
    EXPECT_EQ(project.apply_to(database), "");
  }
}

TEST(Rebase, TakesOnABranchWhoseParentWasReplaced) {
  Branches both = branches(albums({genre()}), albums({cover()}));
  Project third = both.right;
  const cidl::Column label = column_of_type("label", optional_of(TypeKind::kText));
  third.migrate(albums({cover(), label}), "20260104000000", "Third");
  Project project = merged(both.left, both.right);
  project.rebase(albums({genre(), cover()}), "20260105000000");
  project.files.push_back(third.files.back());
  const cidl::Interface all = albums({genre(), cover(), label});
  project.migrate(all, "20260106000000", "Next");
  EXPECT_THAT(project.codes(), ElementsAre("CLO3008"));
  project.rebase(all, "20260106000000");
  EXPECT_THAT(project.codes(), IsEmpty());
  EXPECT_THAT(project.replaced, ElementsAre("20260104000000_Third"));
  Database database;
  EXPECT_EQ(project.apply_to(database), "");
  EXPECT_THAT(database.query("SELECT id, title, genre, cover, label FROM Album"), IsEmpty());
}

TEST(Rebase, RefusesToLoseWhatSomebodyWrote) {
  const Branches both = branches(albums({genre()}), albums({cover()}));
  Project project = merged(both.left, both.right);
  *project.at("20260103000000_Right").sql += "UPDATE Album SET cover = 'none';\n";
  project.rebase(albums({genre(), cover()}), "20260104000000");
  ASSERT_THAT(project.codes(), ElementsAre("CLO3010"));
  EXPECT_THAT(project.findings[0].message, HasSubstr("20260103000000_Right.sql"));
  EXPECT_EQ(project.files.size(), 3U);
}

TEST(Rebase, RefusesSourcesThatLackWhatTheOtherBranchMade) {
  cidl::Interface left = albums({genre()});
  left.models.push_back(model_of("Label"));
  left.models[0].columns.push_back(
      reference_to("labelId", optional_of(TypeKind::kInteger), "Label"));
  const Branches both = branches(left, albums({cover()}));
  Project project = merged(both.left, both.right);
  project.rebase(albums({cover()}), "20260104000000");
  EXPECT_THAT(project.codes(), ElementsAre("CLO3011", "CLO3011", "CLO3011", "CLO3011"));
  EXPECT_THAT(project.replaced, IsEmpty());
}

TEST(Rebase, KeepsADropThatTheLaterBranchMeant) {
  cidl::Interface without_title = albums();
  without_title.models[0].columns.erase(without_title.models[0].columns.begin() + 1);
  const Branches both = branches(albums({genre()}), without_title);
  Project project = merged(both.left, both.right);
  cidl::Interface all = albums({genre()});
  all.models[0].columns.erase(all.models[0].columns.begin() + 1);
  project.rebase(all, "20260104000000");
  EXPECT_THAT(project.codes(), ElementsAre("CLO3102"));
  Database database;
  EXPECT_EQ(project.apply_to(database), "");
  EXPECT_THAT(database.query("SELECT * FROM Album"), IsEmpty());
}

TEST(Rebase, HasNothingToDoInAChain) {
  Project project;
  project.migrate(albums(), "20260101000000", "Initial");
  project.rebase(albums({genre()}), "20260102000000");
  EXPECT_THAT(project.codes(), IsEmpty());
  EXPECT_THAT(project.replaced, IsEmpty());
  EXPECT_EQ(project.files.size(), 1U);
}

TEST(Rebase, MakesNothingOfABranchThatLostItsBeginning) {
  Project project;
  project.migrate(albums(), "20260101000000", "Initial");
  project.migrate(albums({genre()}), "20260102000000", "Genres");
  project.files.erase(project.files.begin());
  project.rebase(albums({genre()}), "20260103000000");
  EXPECT_THAT(project.codes(), ElementsAre("CLO3008"));
  EXPECT_EQ(project.files.size(), 1U);
}

}  // namespace
}  // namespace cloesce::migrate::testing
