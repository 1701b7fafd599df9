// Random queries and include trees on SQLite, within scopes and without, against an evaluation in
// memory: within scopes it is that of a world in which there are no rows outside. A failure names
// the seed of its world: CLOESCE_QUERY_SEED finds it again, CLOESCE_QUERY_CASES says how many are
// run.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include "orm/bulk_plan.h"
#include "orm/count_plan.h"
#include "orm/delete_plan.h"
#include "orm/fixture.h"
#include "orm/key.h"
#include "orm/page_cursor.h"
#include "orm/query.h"
#include "orm/query_world.h"
#include "orm/scopes.h"
#include "support/setting.h"

namespace cloesce::orm::testing {
namespace {

constexpr std::uint64_t kCasesOfWorld = 200;

using cloesce::testing::setting;

// The numbers of the rows in mapped JSON, in the form of World::outline.
class Outline {
 public:
  Outline(const World& world, json::Reader& reader, Arena& arena)
      : world_(world), reader_(reader), arena_(arena) {}

  std::string of(std::size_t table, const std::string& text, const std::vector<Branch>& tree) {
    auto document = reader_.open(json::pad(arena_, text));
    json::Array rows;
    if (!document.ok() || (*document)->get_array(rows)) return text;
    std::string out;
    for (json::Value row; rows.next(row);) out += object(table, row, tree);
    return out;
  }

 private:
  std::string object(std::size_t table, const json::Value& value, const std::vector<Branch>& tree) {
    json::Object members;
    if (value.get_object(members)) return "?";
    std::string uid;
    std::vector<std::string> inner(tree.size());
    for (json::Field field; members.next(field);) {
      const std::string_view name = field.escaped_key();
      if (name == "uid") uid = field.value().token();
      for (std::size_t index = 0; index < tree.size(); ++index) {
        const Relation& relation = world_.tables[table].relations[tree[index].relation];
        if (relation.name != name) continue;
        json::Array rows;
        if (field.value().get_array(rows)) {
          inner[index] = object(relation.target, field.value(), tree[index].below);
        } else {
          for (json::Value row; rows.next(row);) {
            inner[index] += object(relation.target, row, tree[index].below);
          }
        }
        if (!inner[index].empty()) inner[index].insert(0, relation.name + ":");
        break;
      }
    }
    for (const std::string& one : inner) uid += (&one == inner.data() ? "{" : "") + one;
    return inner.empty() ? uid + "{}" : uid + "}";
  }

  const World& world_;
  json::Reader& reader_;
  Arena& arena_;
};

enum class Scoping : std::uint8_t { kNone, kSome };

class Trial {
 public:
  Trial(std::uint64_t seed, Dice& dice, Scoping scoping)
      : seed_(seed), dice_(dice), scoping_(scoping), world_(dice), fixture_(world_.interface()) {
    fixture_.database.execute("pragma foreign_keys = off");
    fixture_.database.execute("begin;" + world_.rows_sql() + "commit;");
  }

  // A query and its pages. False when an answer is wrong.
  bool run() {
    table_ = dice_.roll(world_.tables.size());
    condition_ = world_.condition(table_, 3);
    order_ = world_.order(table_);
    tree_ = dice_.chance(50) ? world_.asked_tree(table_, 2) : world_.tree(table_, 2);
    where_ = world_.json(table_, condition_);
    order_text_ = world_.json(table_, order_);
    fixture_.sources.clear();
    fixture_.arena.reset();
    include_ = read_tree();
    look();
    if (dice_.chance(15)) return dice_.chance(50) ? bulk_deletion() : bulk_update();
    if (dice_.chance(15)) return dice_.chance(50) ? by_key() : counted();
    return dice_.chance(40) ? pages() : whole();
  }

  [[nodiscard]] std::uint64_t queries() const { return queries_; }

 private:
  IncludeTree read_tree() {
    const std::string text = world_.json(table_, tree_);
    auto document = fixture_.reader.open(json::pad(fixture_.arena, text));
    json::Value root;
    if (!document.ok() || (*document)->get_value(root)) std::abort();
    auto tree = parse_include_tree(fixture_.model(world_.tables[table_].name), root,
                                   fixture_.reader, fixture_.arena);
    EXPECT_TRUE(tree.ok()) << (tree.ok() ? "" : render(tree.error())) << text;
    return *tree;
  }

  // Makes scopes, and what there is within them.
  void look() {
    scopes_ = {};
    scope_texts_.clear();
    seen_ = &world_;
    if (scoping_ == Scoping::kNone) return;
    seen_ = &narrowed_.emplace(world_);
    for (std::size_t table = 0; table < world_.tables.size(); ++table) {
      if (dice_.chance(40)) continue;
      const Condition condition = world_.condition(table, 2);
      const bool all = dice_.chance(10);
      const std::string text = all ? "null" : world_.json(table, condition);
      const Table& from = world_.tables[table];
      auto scopes =
          with_scope(scopes_, fixture_.model(from.name), text, fixture_.reader, fixture_.arena);
      ASSERT_TRUE(scopes.ok()) << render(scopes.error());
      scopes_ = *scopes;
      scope_texts_ += " " + from.name + " " + text;
      if (all) continue;
      Table& seen = narrowed_->tables[table];
      seen.rows.clear();
      for (const std::size_t row : world_.find(table, condition, {})) {
        seen.rows.push_back(from.rows[row]);
      }
    }
  }

  // One row by its key, and its deletion: it is there if it is within the scope.
  bool by_key() {
    ++queries_;
    where_ = order_text_ = "by key";
    const Table& table = world_.tables[table_];
    if (table.rows.empty()) return true;
    const std::vector<Value>& row = table.rows[dice_.roll(table.rows.size())];
    const auto uid = static_cast<std::size_t>(row[0].number);
    std::string expected;
    const Table& seen = seen_->tables[table_];
    for (std::size_t number = 0; number < seen.rows.size(); ++number) {
      if (static_cast<std::size_t>(seen.rows[number][0].number) == uid) {
        expected = seen_->outline(table_, number, tree_);
      }
    }
    const ModelSchema& model = fixture_.model(table.name);
    auto document =
        fixture_.reader.open(json::pad(fixture_.arena, world_.json(table, row, table.key)));
    json::Value key;
    if (!document.ok() || (*document)->get_value(key)) return fail("no JSON", "a key");
    auto parameters = key_parameters(model, key, fixture_.arena);
    if (!parameters.ok()) return fail(std::string(render(parameters.error())), "a key");
    const Narrowing narrowing = orm::narrowing(scopes_, model.primary_key.size(), include_.values);
    const std::string_view all =
        scoped_parameters(*parameters, scopes_, fixture_.arena, include_.values);
    const RowForm form = dice_.chance(70) ? RowForm::kJoined : RowForm::kSeparate;
    auto plan =
        plan_select(include_, {.kind = Selection::kKey, .rows = form, .narrowing = narrowing});
    if (!plan.ok()) return fail(std::string(render(plan.error())), "a plan");
    const auto outcome = fixture_.database.run(bind_select(*plan, all, fixture_.arena));
    if (!outcome.ok) return fail(outcome.text, "a row");
    auto mapped = map_rows(*plan, Cardinality::kOne, {json::pad(fixture_.arena, outcome.text), 0},
                           fixture_.reader, fixture_.arena);
    if (!mapped.ok()) return fail(std::string(render(mapped.error())), "an object");
    const std::string got = *mapped == "null"
                                ? std::string()
                                : Outline(world_, fixture_.reader, fixture_.arena)
                                      .of(table_, "[" + std::string(*mapped) + "]", tree_);
    if (got != expected) return fail(got, expected);
    const String sql = plan_delete(model, orm::narrowing(scopes_, model.primary_key.size()));
    const Statement statement{sql, scoped_parameters(*parameters, scopes_, fixture_.arena)};
    const auto deletion = fixture_.database.run({&statement, 1});
    restore(table);
    const std::string_view wanted = expected.empty() ? "[[]]" : "[[1]]";
    return deletion.text == wanted || fail(deletion.text, std::string(wanted));
  }

  bool counted() {
    const ModelSchema& model = fixture_.model(world_.tables[table_].name);
    auto query = bulk_query(model);
    if (!query.ok()) return fail(std::string(render(query.error())), "a query");
    const String sql =
        plan_count(model, query->code, Counting::kRows, orm::narrowing(scopes_, query->count));
    const Statement statement{sql, scoped_parameters(query->parameters, scopes_, fixture_.arena)};
    const auto outcome = fixture_.database.run({&statement, 1});
    const std::string expected =
        "[[[" + std::to_string(seen_->find(table_, condition_, {}).size()) + "]]]";
    return outcome.text == expected || fail(outcome.text, expected);
  }

  bool whole() {
    QueryInput input;
    input.limit = dice_.chance(30) ? 1 + dice_.roll(5) : 0;
    input.offset = dice_.chance(20) ? 1 + dice_.roll(5) : 0;
    std::vector<std::size_t> rows = seen_->find(table_, condition_, order_);
    rows.erase(rows.begin(),
               rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), input.offset)));
    std::string after;
    return expect(input, rows, after);
  }

  // All pages, while rows come and go in between.
  bool pages() {
    const std::size_t limit = 1 + dice_.roll(5);
    // A row that comes or goes may change what is within a scope.
    const bool changes = scoping_ == Scoping::kNone && dice_.chance(40);
    const auto kept = world_.tables[table_].rows;
    bool right = true;
    std::string after;
    std::vector<Value> last;
    for (std::size_t page = 0; right && page < 40; ++page) {
      std::vector<std::size_t> rows;
      for (const std::size_t row : seen_->find(table_, condition_, order_)) {
        if (last.empty() ||
            seen_->behind(table_, order_, seen_->sorted_by(table_, row, order_), last)) {
          rows.push_back(row);
        }
      }
      QueryInput input;
      input.limit = limit;
      input.after = after;
      std::string next;
      right = expect(input, rows, next);
      if (next.empty()) break;
      last = seen_->sorted_by(table_, rows[limit - 1], order_);
      after = next;
      if (changes) change(rows[limit - 1]);
    }
    if (changes) {
      Table& table = world_.tables[table_];
      table.rows = kept;
      restore(table);
    }
    return right;
  }

  // Puts the table's rows back.
  void restore(const Table& table) {
    std::string sql = "begin; delete from \"" + table.name + "\";";
    for (const std::vector<Value>& row : table.rows) sql += world_.insert_sql(table, row);
    fixture_.database.execute(sql + "commit;");
  }

  // All rows that meet the condition, and no others, are gone.
  bool bulk_deletion() {
    const ModelSchema& model = fixture_.model(world_.tables[table_].name);
    auto query = bulk_query(model);
    if (!query.ok()) return fail(std::string(render(query.error())), "a query");
    return expect_changed(plan_delete_many(model, *query, scopes_, fixture_.arena), {});
  }

  // They have the new value, all others what they had.
  bool bulk_update() {
    constexpr std::string_view kMark = "-7";
    const Table& table = world_.tables[table_];
    if (std::find(table.key.begin(), table.key.end(), std::size_t{0}) != table.key.end()) {
      return whole();
    }
    const ModelSchema& model = fixture_.model(table.name);
    auto query = bulk_query(model);
    if (!query.ok()) return fail(std::string(render(query.error())), "a query");
    auto document = fixture_.reader.open(json::pad(fixture_.arena, R"({"uid":-7})"));
    json::Value values;
    if (!document.ok() || (*document)->get_value(values)) return fail("no JSON", "values");
    auto batch = plan_update_many(model, *query, values, scopes_, fixture_.arena);
    // What decides which rows are within a scope is not changed so.
    if (!batch.ok() && scope_texts_.find("\"uid\"") != std::string::npos) return true;
    if (!batch.ok()) return fail(std::string(render(batch.error())), "a batch");
    return expect_changed(*batch, kMark);
  }

  Result<Query> bulk_query(const ModelSchema& model) {
    ++queries_;
    QueryInput input;
    input.where = where_;
    order_text_.clear();
    return parse_query(model, input, nullptr, fixture_.reader, fixture_.arena);
  }

  // Runs the batch: the rows of the condition are `mark`ed then, or gone.
  bool expect_changed(Batch batch, std::string_view mark) {
    const Table& table = world_.tables[table_];
    std::vector<double> changed;
    for (const std::size_t row : seen_->find(table_, condition_, {})) {
      changed.push_back(seen_->tables[table_].rows[row][0].number);
    }
    std::vector<long> uids;
    for (const std::vector<Value>& row : table.rows) {
      const bool hit = std::find(changed.begin(), changed.end(), row[0].number) != changed.end();
      if (!hit) uids.push_back(static_cast<long>(row[0].number));
      if (hit && !mark.empty()) uids.push_back(std::strtol(std::string(mark).c_str(), nullptr, 10));
    }
    std::sort(uids.begin(), uids.end());
    std::string expected = "[[],[[" + std::to_string(changed.size()) + "]]]";
    for (const long uid : uids) expected += " " + std::to_string(uid);

    const auto outcome = fixture_.database.run(batch);
    std::string got = outcome.text;
    std::string left =
        fixture_.database.query("select uid from \"" + table.name + "\" order by uid");
    std::replace(left.begin(), left.end(), ';', ' ');
    while (left.ends_with(' ')) left.pop_back();
    if (!left.empty()) got += " " + left;
    restore(table);
    if (got == expected) return true;
    std::cerr << batch[0].sql << "\n" << batch[0].parameters << "\n";
    return fail(got, expected);
  }

  // Removes the last row of a page or another one, and adds one.
  void change(std::size_t last) {
    Table& table = world_.tables[table_];
    const std::size_t gone = dice_.chance(50) ? last : dice_.roll(table.rows.size());
    const auto uid = static_cast<std::size_t>(table.rows[gone][0].number);
    fixture_.database.execute("delete from \"" + table.name +
                              "\" where uid = " + std::to_string(uid));
    const std::vector<Value> removed = table.rows[gone];
    table.rows.erase(table.rows.begin() + static_cast<std::ptrdiff_t>(gone));
    if (table.rows.empty()) return;
    // Its key is free now; the rest of it is new.
    std::vector<Value> row = world_.new_row(table);
    for (const std::size_t key : table.key) row[key] = removed[key];
    fixture_.database.execute(world_.insert_sql(table, row));
    table.rows.push_back(row);
  }

  // Compares the answer with the first of `rows`; `next` is the cursor of the page behind.
  bool expect(QueryInput input, const std::vector<std::size_t>& rows, std::string& next) {
    ++queries_;
    input.where = where_;
    input.order = order_text_;
    const ModelSchema& model = fixture_.model(world_.tables[table_].name);
    auto query = parse_query(model, input, nullptr, fixture_.reader, fixture_.arena);
    if (!query.ok()) return fail(std::string(render(query.error())), "an answer");
    const RowForm form = dice_.chance(70) ? RowForm::kJoined : RowForm::kSeparate;
    auto plan = plan_select(include_,
                            {.kind = Selection::kQuery,
                             .rows = form,
                             .from = query->code,
                             .narrowing = orm::narrowing(scopes_, query->count, include_.values)});
    if (!plan.ok()) return fail(std::string(render(plan.error())), "a plan");
    const auto outcome = fixture_.database.run(bind_select(
        *plan, scoped_parameters(query->parameters, scopes_, fixture_.arena, include_.values),
        fixture_.arena));
    if (!outcome.ok) return fail(outcome.text, "rows");
    Page page{input.limit};
    auto mapped = map_rows(*plan, Cardinality::kMany, {json::pad(fixture_.arena, outcome.text), 0},
                           fixture_.reader, fixture_.arena, &page);
    if (!mapped.ok()) return fail(std::string(render(mapped.error())), "objects");
    std::size_t count = rows.size();
    if (input.limit > 0 && count > input.limit) count = input.limit;
    std::string expected;
    for (std::size_t index = 0; index < count; ++index) {
      expected += seen_->outline(table_, rows[index], tree_);
    }
    const std::string got =
        Outline(world_, fixture_.reader, fixture_.arena).of(table_, std::string(*mapped), tree_);
    const bool more = count < rows.size();
    if (got != expected || page.more != more) {
      std::cerr << plan->batch_sql(plan->batch_size() - 1) << "\n" << query->parameters << "\n";
      return fail(got + (page.more ? "…" : ""), expected + (more ? "…" : ""));
    }
    if (!more) return true;
    auto cursor = write_cursor(model, query->code, page.values, fixture_.arena);
    if (!cursor.ok()) return fail(std::string(render(cursor.error())), "a cursor");
    next = *cursor;
    return true;
  }

  bool fail(const std::string& got, const std::string& expected) {
    std::cerr << "seed " << seed_ << ": " << world_.tables[table_].name << " where " << where_
              << " orderBy " << order_text_ << " include " << world_.json(table_, tree_)
              << (scope_texts_.empty() ? "" : " within") << scope_texts_ << "\n  got      " << got
              << "\n  expected " << expected << "\n";
    return false;
  }

  std::uint64_t seed_;
  std::uint64_t queries_ = 0;
  Dice& dice_;
  Scoping scoping_;
  World world_;
  std::optional<World> narrowed_;
  const World* seen_ = &world_;  // what of it is within the scopes
  Fixture fixture_;
  Scopes scopes_;
  std::string scope_texts_;
  std::size_t table_ = 0;
  Condition condition_;
  std::vector<Order> order_;
  std::vector<Branch> tree_;
  std::string where_;
  std::string order_text_;
  IncludeTree include_;
};

// The worlds in parts, which CTest runs side by side.
constexpr std::uint64_t kParts = 4;

class QueryProperty : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static void try_worlds(Scoping scoping);
};

void QueryProperty::try_worlds(Scoping scoping) {
  const std::uint64_t cases = scoping == Scoping::kNone ? 4'000 : 17'600;
  const std::uint64_t worlds = setting("CLOESCE_QUERY_CASES", cases) / kCasesOfWorld / kParts;
  const std::uint64_t first = setting("CLOESCE_QUERY_SEED", 1) + GetParam() * worlds;
  std::cout << worlds << " worlds from seed " << first << "\n";
  std::uint64_t wrong = 0;
  for (std::uint64_t seed = first; seed < first + worlds && wrong < 3; ++seed) {
    Dice dice(seed);
    Trial trial(seed, dice, scoping);
    while (trial.queries() < kCasesOfWorld && wrong < 3) {
      if (!trial.run()) ++wrong;
    }
  }
  EXPECT_EQ(wrong, 0U);
}

TEST_P(QueryProperty, AnswersAreThoseOfAnEvaluationInMemory) { try_worlds(Scoping::kNone); }

TEST_P(QueryProperty, WithinScopesAllElseIsNotThere) { try_worlds(Scoping::kSome); }

INSTANTIATE_TEST_SUITE_P(Worlds, QueryProperty, ::testing::Range<std::uint64_t>(0, kParts));

}  // namespace
}  // namespace cloesce::orm::testing
