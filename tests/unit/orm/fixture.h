// An interface, its schema and its tables in a database: what most tests of the ORM start from.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compile/image/built.h"
#include "json/reader.h"
#include "orm/include_tree.h"
#include "orm/key.h"
#include "orm/map_rows.h"
#include "orm/reference_objects.h"
#include "orm/schema.h"
#include "orm/select_plan.h"
#include "orm/sqlite_database.h"
#include "orm/upsert_plan.h"

namespace cloesce::orm::testing {

// An interface with its tables, ready to be read.
struct Fixture {
  explicit Fixture(cidl::Interface source)
      : interface(std::move(source)), built(make(interface)), schema(*built) {
    database.create_tables(interface);
  }

  static image::testing::Built<Schema> make(const cidl::Interface& interface) {
    std::string failure;
    auto built = image::testing::built_schema(interface, &failure);
    EXPECT_EQ(failure, "");
    return built;
  }

  const ModelSchema& model(std::string_view name) const { return *schema.model(name); }

  IncludeTree tree(std::string_view model_name, const std::string& text) {
    return tree_from(model_name, tree_of(text));
  }

  IncludeTree tree_from(std::string_view model_name, const cidl::IncludeTree& declared) {
    sources.push_back(image::testing::built_data_source(declared));
    auto tree = resolve_include_tree(model(model_name), *sources.back(), reader, arena);
    EXPECT_TRUE(tree.ok()) << (tree.ok() ? "" : render(tree.error()));
    return *tree;
  }

  std::string run(const SelectPlan& plan, Cardinality cardinality, std::string_view parameters) {
    const auto outcome = database.run(bind_select(plan, parameters, arena));
    EXPECT_TRUE(outcome.ok) << outcome.text;
    rows = outcome.text;
    auto mapped = map_rows(plan, cardinality, {json::pad(arena, outcome.text), 0}, reader, arena);
    return mapped.ok() ? std::string(*mapped) : render(mapped.error());
  }

  /// Rows come back the same, whether they are joined or not; answers what they are mapped to.
  std::string both_forms(std::string_view name, const std::string& text, RowSelection selection,
                         Cardinality cardinality, std::string_view parameters) {
    std::string mapped;
    std::string joined_rows;
    for (const RowForm form : {RowForm::kJoined, RowForm::kSeparate}) {
      selection.rows = form;
      auto plan = plan_select(tree(name, text), selection);
      EXPECT_TRUE(plan.ok()) << (plan.ok() ? "" : render(plan.error()));
      mapped = run(*plan, cardinality, parameters);
      if (form == RowForm::kJoined) joined_rows = rows;
    }
    EXPECT_EQ(joined_rows, rows);
    return mapped;
  }

  std::string list(std::string_view name, const std::string& text, RowSelection selection = {}) {
    return both_forms(name, text, selection, Cardinality::kMany, "[]");
  }

  std::string get(std::string_view name, const std::string& text,
                  const std::vector<std::string_view>& key) {
    auto parameters = key_parameters(model(name), key, arena);
    if (!parameters.ok()) return render(parameters.error());
    return both_forms(name, text, {.kind = Selection::kKey}, Cardinality::kOne, *parameters);
  }

  std::string reference(const std::string& name, const std::string& text,
                        const std::string& condition = "1") {
    return ReferenceObjects(database, interface).list(name, tree_of(text), condition);
  }

  /// Saves `value` and answers what map_upsert does: the object, its key, or the message of the
  /// failure.
  std::string save(std::string_view name, const std::string& text, std::string_view value,
                   SaveAnswer answer = SaveAnswer::kObject,
                   Revisions revisions = Revisions::kWhereGiven) {
    const simdjson::padded_string_view padded = json::pad(arena, value);
    auto document = reader.open(padded);
    if (!document.ok()) return render(document.error());
    json::Value root;
    if ((*document)->get_value(root)) return "not an object";
    auto plan = plan_upsert(schema, tree(name, text), root, answer, "model", cache, arena,
                            RowForm::kSeparate, {.revisions = revisions});
    if (!plan.ok()) return render(plan.error());
    last_batch.clear();
    for (const Statement& statement : plan->statements) {
      last_batch.push_back({std::string(statement.sql), std::string(statement.parameters)});
    }
    const BatchOutcome outcome = database.run(plan->statements);
    if (!outcome.ok) {
      const auto refused = refused_row(*plan, outcome.text);
      return refused ? std::string(render(*refused)) : outcome.text;
    }
    auto mapped = map_upsert(*plan, json::pad(arena, outcome.text), reader, arena);
    return mapped.ok() ? std::string(*mapped) : render(mapped.error());
  }

  cidl::Interface interface;
  image::testing::Built<Schema> built;
  const Schema& schema;
  std::deque<image::testing::Built<DataSource>> sources;
  SqliteDatabase database;
  Arena arena;
  json::Reader reader;
  PlanCache cache;
  std::string rows;  // the last answer to a select
  std::vector<std::pair<std::string, std::string>> last_batch;
};

}  // namespace cloesce::orm::testing
