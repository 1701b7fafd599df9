// Which steps a change takes, and in which order; no SQL here.
#include "compile/migrate/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "compile/migrate/sample.h"

namespace cloesce::migrate::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Summary {
  std::string operator()(const DeferForeignKeys&) const { return "defer"; }
  std::string operator()(const SaveRows& step) const { return "save " + step.table; }
  std::string operator()(const SaveReferences& step) const {
    std::string text = "save references " + step.table;
    for (const std::string& column : step.columns) text += ' ' + column;
    return text;
  }
  std::string operator()(const DropTable& step) const {
    switch (step.reason) {
      case DropReason::kGone:
        return "drop " + step.table;
      case DropReason::kRebuilt:
        return "drop rebuilt " + step.table;
      case DropReason::kUntied:
        return "drop untied " + step.table;
      case DropReason::kRestored:
        return "forget " + step.table;
    }
    return {};
  }
  std::string operator()(const DropIndex& step) const { return "drop index " + step.index; }
  std::string operator()(const DropColumn& step) const {
    return "drop column " + step.table + '.' + step.column;
  }
  std::string operator()(const AddColumn& step) const {
    return "add column " + step.table + '.' + step.column.name +
           (step.foreign_key ? " -> " + step.foreign_key->table : "");
  }
  std::string operator()(const CreateTable& step) const {
    return (step.reason == CreateReason::kUntied ? "untie " : "create ") + step.table.name;
  }
  std::string operator()(const CreateIndex& step) const {
    return "create index " + step.index.name;
  }
  std::string operator()(const RestoreRows& step) const { return "restore " + step.table; }
  std::string operator()(const RestoreReferences& step) const {
    return "restore references " + step.table;
  }
  std::string operator()(const CheckForeignKeys& step) const { return "check " + step.table; }
  std::string operator()(const CheckTable& step) const { return "expect " + step.table.name; }
  std::string operator()(const DropView& step) const { return "drop view " + step.view; }
  std::string operator()(const RenameColumn& step) const {
    return "rename " + step.table + '.' + step.from + " to " + step.to;
  }
};

std::vector<std::string> steps(const Schema& before, const Schema& after) {
  DiagnosticSink sink;
  std::vector<std::string> summaries;
  for (const Step& step : plan_steps(before, after, sink).steps) {
    summaries.push_back(std::visit(Summary{}, step));
  }
  return summaries;
}

const Column kName = text("name");

TEST(PlanSteps, DoesNothingForTheSameTablesInAnotherOrder) {
  const Schema before = schema({table("A", {text("x"), text("y")})});
  const Schema after = schema({table("A", {text("y"), text("x")})});
  EXPECT_THAT(steps(before, after), IsEmpty());
}

TEST(PlanSteps, CreatesParentsBeforeChildren) {
  const Schema after = schema({
      table("Album", {integer("artistId")}, {reference("artistId", "Artist")}),
      table("Artist"),
  });
  EXPECT_THAT(steps({}, after), ElementsAre("create Artist", "create Album"));
}

TEST(PlanSteps, DropsChildrenBeforeParents) {
  const Schema before = schema({
      table("Artist"),
      table("Zed", {integer("artistId")}, {reference("artistId", "Artist")}),
  });
  EXPECT_THAT(steps(before, schema({})),
              ElementsAre("defer", "expect Artist", "expect Zed", "drop Zed", "drop Artist"));
}

TEST(PlanSteps, AddsAndDropsColumnsInPlace) {
  const Schema before = schema({table("A", {text("old")}, {}, {index("A", "old")})});
  const Schema after = schema({table("A", {text("new"), nullable("note", StorageClass::kText)}, {},
                                     {unique("A", "note")})});
  EXPECT_THAT(steps(before, after),
              ElementsAre("drop index A.old.index", "drop column A.old", "add column A.new",
                          "add column A.note", "create index A.note.unique"));
}

TEST(PlanSteps, AddsANullableReferenceInPlace) {
  const Schema before = schema({table("A"), table("B")});
  const Schema after = schema({
      table("A", {nullable("bId", StorageClass::kInteger)},
            {reference("bId", "B", DeleteAction::kSetNull)}),
      table("B"),
  });
  EXPECT_THAT(steps(before, after), ElementsAre("add column A.bId -> B"));
}

TEST(PlanSteps, RebuildsForATypeAndLeavesRestrictedChildrenAlone) {
  const auto schema_with = [](StorageClass storage) {
    return schema({
        table("Artist", {required("age", storage)}),
        table("Album", {integer("artistId")}, {reference("artistId", "Artist")}),
    });
  };
  EXPECT_THAT(steps(schema_with(StorageClass::kText), schema_with(StorageClass::kReal)),
              ElementsAre("defer", "expect Artist", "save Artist", "drop rebuilt Artist",
                          "create Artist", "restore Artist", "forget _cloesce_saved_Artist"));
}

TEST(PlanSteps, SavesReferencesThatARebuiltParentEmpties) {
  const auto schema_with = [](Column column) {
    return schema({
        table("Artist", {std::move(column)}),
        table("Song", {nullable("artistId", StorageClass::kInteger)},
              {reference("artistId", "Artist", DeleteAction::kSetNull)}),
    });
  };
  EXPECT_THAT(steps(schema_with(kName), schema_with(nullable("name", StorageClass::kText))),
              ElementsAre("defer", "expect Artist", "save Artist", "save references Song artistId",
                          "drop rebuilt Artist", "create Artist", "restore Artist",
                          "restore references Song", "forget _cloesce_saved_Artist",
                          "forget _cloesce_saved_Song"));
}

TEST(PlanSteps, RebuildsCascadingDescendantsAtAnyDepth) {
  const auto schema_with = [](Column column) {
    return schema({
        table("A", {std::move(column)}),
        table("B", {integer("aId")}, {reference("aId", "A", DeleteAction::kCascade)}),
        table("C", {integer("bId")}, {reference("bId", "B", DeleteAction::kCascade)}),
    });
  };
  EXPECT_THAT(
      steps(schema_with(kName), schema_with(nullable("name", StorageClass::kText))),
      ElementsAre("defer", "expect A", "expect B", "expect C", "save A", "save B", "save C",
                  "drop rebuilt C", "drop rebuilt B", "drop rebuilt A", "create A", "create B",
                  "create C", "restore A", "restore B", "restore C", "forget _cloesce_saved_A",
                  "forget _cloesce_saved_B", "forget _cloesce_saved_C"));
}

TEST(PlanSteps, UntiesACascadingCircle) {
  const auto schema_with = [](Column column) {
    return schema({
        table("A", {std::move(column), integer("bId")},
              {reference("bId", "B", DeleteAction::kCascade)}),
        table("B", {integer("aId")}, {reference("aId", "A", DeleteAction::kCascade)}),
    });
  };
  const std::vector<std::string> planned =
      steps(schema_with(kName), schema_with(nullable("name", StorageClass::kText)));
  EXPECT_EQ(std::vector<std::string>(planned.begin() + 5, planned.begin() + 11),
            (std::vector<std::string>{"drop rebuilt A", "untie A", "drop rebuilt B", "untie B",
                                      "drop untied A", "drop untied B"}));
}

TEST(PlanSteps, ChecksReferencesThatAreNew) {
  const Schema before = schema({table("A"), table("B", {integer("aId")})});
  const Schema after = schema({table("A"), table("B", {integer("aId")}, {reference("aId", "A")})});
  EXPECT_THAT(steps(before, after),
              ElementsAre("defer", "expect B", "save B", "drop rebuilt B", "create B", "restore B",
                          "forget _cloesce_saved_B", "check B"));
  EXPECT_THAT(warnings(before, after), ElementsAre("CLO3108"));
}

TEST(PlanSteps, RemembersTheDefaultOfAnAddedColumn) {
  const Schema before = schema({table("A")});
  const Schema after = schema({table("A", {integer("count")})});
  DiagnosticSink sink;
  const Plan first = plan_steps(before, after, sink);
  ASSERT_EQ(first.schema.tables.front().columns.size(), 2U);
  EXPECT_EQ(first.schema.tables.front().columns[1].default_literal, "0");
  const Plan second = plan_steps(first.schema, after, sink);
  EXPECT_THAT(second.steps, IsEmpty());
  EXPECT_EQ(second.schema.tables.front().columns[1].default_literal, "0");
}

TEST(PlanSteps, TreatsAnotherSpellingInCaseAsTheSameName) {
  const Schema before = schema({table("horse", {text("Name")})});
  const Schema after = schema({table("Horse", {text("name")})});
  EXPECT_THAT(steps(before, after),
              ElementsAre("defer", "expect horse", "save horse", "drop rebuilt horse",
                          "create Horse", "restore Horse", "forget _cloesce_saved_horse"));
  EXPECT_THAT(warnings(before, after), IsEmpty());
}

struct WarningCase {
  std::string what;
  Table before;
  Table after;
  std::string code;
  std::string message;
};

TEST(PlanWarnings, NameTheLossOrTheDemand) {
  const std::vector<WarningCase> cases = {
      {"dropped column", table("A", {text("x")}), table("A"), "CLO3102",
       "column A.x is dropped and its values are lost"},
      {"required column", table("A"), table("A", {text("x")}), "CLO3103",
       "existing rows of A get '' for the new required column x"},
      {"cut fractions", table("A", {required("x", StorageClass::kReal)}),
       table("A", {integer("x")}), "CLO3104",
       "values of A.x are converted from REAL to INTEGER: fractions are cut off"},
      {"NULL replaced", table("A", {nullable("x", StorageClass::kInteger)}),
       table("A", {integer("x")}), "CLO3105", "NULL in existing rows becomes 0"},
      {"required unique column", table("A"), table("A", {text("x")}, {}, {unique("A", "x")}),
       "CLO3106", "the migration fails when A has rows"},
      {"required foreign key", table("A"), table("A", {integer("x")}, {reference("x", "A")}),
       "CLO3106", "a required foreign key"},
      {"reference made required",
       table("A", {nullable("x", StorageClass::kInteger)}, {reference("x", "A")}),
       table("A", {integer("x")}, {reference("x", "A")}), "CLO3106",
       "fails when a row has NULL there"},
      {"unique", table("A", {text("x")}), table("A", {text("x")}, {}, {unique("A", "x")}),
       "CLO3107", "A.x must be unique now: the migration fails when two rows"},
  };
  for (const WarningCase& item : cases) {
    SCOPED_TRACE(item.what);
    DiagnosticSink sink;
    static_cast<void>(plan_steps(schema({item.before}), schema({item.after}), sink));
    ASSERT_EQ(sink.diagnostics().size(), 1U);
    EXPECT_EQ(sink.diagnostics()[0].code, item.code);
    EXPECT_EQ(sink.diagnostics()[0].severity, Severity::kWarning);
    EXPECT_THAT(sink.diagnostics()[0].message, HasSubstr(item.message));
    EXPECT_FALSE(sink.diagnostics()[0].hint.empty());
  }
}

TEST(PlanWarnings, NameAConversionThatMayMakeDuplicates) {
  const Schema before = schema({table("A", {text("x")}, {}, {unique("A", "x")})});
  const Schema after = schema({table("A", {integer("x")}, {}, {unique("A", "x")})});
  EXPECT_THAT(warnings(before, after), ElementsAre("CLO3104", "CLO3107"));
}

TEST(PlanWarnings, SayHowToKeepTheValuesOfARenamedColumn) {
  DiagnosticSink sink;
  static_cast<void>(
      plan_steps(schema({table("A", {text("old")})}), schema({table("A", {text("new")})}), sink));
  ASSERT_EQ(sink.diagnostics().size(), 2U);
  EXPECT_THAT(sink.diagnostics()[0].hint,
              HasSubstr("ALTER TABLE \"A\" RENAME COLUMN \"old\" TO \"new\";"));
}

TEST(PlanWarnings, SayHowToKeepTheRowsOfARenamedTable) {
  DiagnosticSink sink;
  static_cast<void>(
      plan_steps(schema({table("A", {text("x")})}), schema({table("B", {text("x")})}), sink));
  ASSERT_EQ(sink.diagnostics().size(), 1U);
  EXPECT_EQ(sink.diagnostics()[0].code, "CLO3101");
  EXPECT_THAT(sink.diagnostics()[0].message, HasSubstr("table A is dropped and all its rows"));
  EXPECT_THAT(sink.diagnostics()[0].hint, HasSubstr("ALTER TABLE \"A\" RENAME TO \"B\";"));
}

}  // namespace
}  // namespace cloesce::migrate::testing
