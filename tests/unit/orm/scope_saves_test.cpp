// Random saves within scopes, on SQLite: a row outside is as it was, what was written is within,
// and what is refused had a reason. The reason is looked for in the database and in what was sent,
// by rules that are written out here a second time. A failure names the seed of its world:
// CLOESCE_SCOPE_SEED finds it again, CLOESCE_SCOPE_CASES says how many saves are tried.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "orm/fixture.h"
#include "orm/interfaces.h"
#include "orm/query.h"
#include "orm/query_world.h"
#include "orm/scopes.h"
#include "support/setting.h"

namespace cloesce::orm::testing {
namespace {

using cloesce::testing::setting;

constexpr std::uint64_t kSavesOfWorld = 100;

// Rows by their keys, as SQL writes them.
using Rows = std::map<std::string, std::string>;
using Keys = std::set<std::string>;

// What a body says of one row.
struct Said {
  std::size_t table = 0;
  std::string key;             // of a row that is named by it
  bool must_be_there = false;  // it gives not all that a new one needs
  bool written = true;         // it gives more than the key
  bool part = false;           // of a foreign key of several columns
  std::vector<std::pair<std::size_t, std::string>> references;  // tables and keys that it gives
};

class SaveTrial {
 public:
  SaveTrial(std::uint64_t seed, Dice& dice)
      : seed_(seed), dice_(dice), world_(dice), fixture_(world_.interface()) {
    fixture_.database.execute("pragma foreign_keys = off");
    fixture_.database.execute("begin;" + world_.rows_sql() + "commit;");
  }

  bool run() {
    fixture_.sources.clear();
    fixture_.arena.reset();
    look();
    table_ = dice_.roll(world_.tables.size());
    tree_ = world_.tree(table_, 2);
    said_.clear();
    body_ = body(table_, tree_, true);

    fixture_.database.execute("savepoint trial");
    const std::vector<Rows> before = all_rows();
    const std::vector<Keys> seen_before = all_within();
    const bool possible = save({}) == "";
    const std::vector<Rows> free = all_rows();
    const std::vector<Keys> seen_after = all_within();
    fixture_.database.execute("rollback to trial");
    const std::string reason =
        possible ? reason_against(before, free, seen_before, seen_after) : "it cannot be saved";

    const std::string refused = save(scopes_);
    const std::vector<Rows> after = all_rows();
    fixture_.database.execute("rollback to trial; release trial");
    if (!refused.empty()) {
      if (after != before) return fail("a refused save wrote", refused);
      // A row of the save that another one refers to by its column may come too late.
      if (reason.empty() && !refers_to_new_) {
        return fail("refused without a reason: " + refused, "saved");
      }
      ++refusals_;
      return true;
    }
    if (!reason.empty()) return fail("saved", reason);
    if (after != free) return fail("another result", "what is saved without scopes");
    ++saves_;
    return true;
  }

  [[nodiscard]] std::uint64_t saves() const { return saves_; }
  [[nodiscard]] std::uint64_t refusals() const { return refusals_; }

 private:
  void look() {
    scopes_ = {};
    scope_texts_.assign(world_.tables.size(), "");
    for (std::size_t table = 0; table < world_.tables.size(); ++table) {
      if (dice_.chance(40)) continue;
      scope_texts_[table] = world_.json(table, world_.condition(table, 1));
      auto scopes =
          with_scope(scopes_, model(table), scope_texts_[table], fixture_.reader, fixture_.arena);
      ASSERT_TRUE(scopes.ok()) << render(scopes.error());
      scopes_ = *scopes;
    }
  }

  const ModelSchema& model(std::size_t table) { return fixture_.model(world_.tables[table].name); }

  // ---- What is sent ----

  std::string body(std::size_t number, const std::vector<Branch>& tree, bool root) {
    Table& table = world_.tables[number];
    const bool existing = !table.rows.empty() && dice_.chance(60);
    std::vector<Value> row = world_.new_row(table);
    if (existing) {
      const std::vector<Value>& there = table.rows[dice_.roll(table.rows.size())];
      for (const std::size_t key : table.key) row[key] = there[key];
    }
    const bool by_key = !root && existing && dice_.chance(35);
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const bool key = std::find(table.key.begin(), table.key.end(), column) != table.key.end();
      const bool part = existing && dice_.chance(50);
      if (key || (!by_key && !part)) columns.push_back(column);
    }
    Said said;
    said.table = number;
    said.key = key_text(table, row);
    bool whole = true;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const bool given = std::find(columns.begin(), columns.end(), column) != columns.end();
      if (!given && !table.nullable(column)) whole = false;
    }
    said.must_be_there = !whole;
    said.written = columns.size() > table.key.size();
    for (const Relation& relation : table.relations) {
      if (relation.holder != Holder::kSelf) continue;
      const Table& target = world_.tables[relation.target];
      std::string key;
      bool given = true;
      bool part = false;
      for (std::size_t index = 0; index < relation.columns.size(); ++index) {
        const std::size_t column = relation.columns[index];
        given = given && !row[column].null &&
                std::find(columns.begin(), columns.end(), column) != columns.end();
        key += (index == 0 ? "" : "|") + value_text(row[column], target.kind(target.key[index]));
      }
      for (const std::size_t column : relation.columns) {
        part = part || std::find(columns.begin(), columns.end(), column) != columns.end();
      }
      if (given) said.references.emplace_back(relation.target, key);
      // Where a part of a foreign key leads is not known before: it may be refused.
      said.part = said.part || (part && relation.columns.size() > 1);
    }
    said_.push_back(said);
    std::string out = world_.json(table, row, columns);
    out.pop_back();
    for (const Branch& branch : tree) {
      const Relation& relation = table.relations[branch.relation];
      if (!dice_.chance(50)) continue;
      out += ",\"" + relation.name + "\":";
      if (!relation.many) {
        out += body(relation.target, branch.below, false);
        continue;
      }
      out += "[";
      for (std::size_t left = dice_.roll(3); left > 0; --left) {
        if (out.back() != '[') out += ",";
        out += body(relation.target, branch.below, false);
      }
      out += "]";
    }
    return out + "}";
  }

  // As SQLite quotes it.
  std::string value_text(const Value& value, cidl::TypeKind kind) {
    const std::string literal = World::literal_sql(value, kind);
    // A zero has one sign in a column of reals.
    const bool real = kind == cidl::TypeKind::kReal && !value.null;
    return fixture_.database.query("select quote(" +
                                   (real ? "cast(" + literal + " as real) + 0.0" : literal) + ")");
  }

  std::string key_text(const Table& table, const std::vector<Value>& row) {
    std::string out;
    for (const std::size_t key : table.key) {
      if (!out.empty()) out += "|";
      out += value_text(row[key], table.kind(key));
    }
    return out;
  }

  // The message of what refused it; empty when it was saved.
  std::string save(const Scopes& scopes) {
    const std::string name = world_.tables[table_].name;
    const IncludeTree tree = fixture_.tree(name, world_.text(table_, tree_));
    auto document = fixture_.reader.open(json::pad(fixture_.arena, body_));
    json::Value root;
    if (!document.ok() || (*document)->get_value(root)) return "no JSON";
    PlanCache cache;
    auto plan = plan_upsert(fixture_.schema, tree, root, SaveAnswer::kKey, "model", cache,
                            fixture_.arena, RowForm::kSeparate, {.scopes = scopes});
    if (!plan.ok()) return std::string(render(plan.error()));
    const auto outcome = fixture_.database.run(plan->statements);
    if (outcome.ok) return "";
    const auto refused = refused_row(*plan, outcome.text);
    return refused ? std::string(render(*refused)) : outcome.text;
  }

  // ---- What there is ----

  std::vector<Rows> all_rows() {
    std::vector<Rows> all;
    for (const Table& table : world_.tables) {
      std::string key;
      std::string columns;
      for (const std::size_t column : table.key) {
        key += (key.empty() ? "quote(\"" : "||'|'||quote(\"") + table.columns[column].name + "\")";
      }
      for (const cidl::Column& column : table.columns) {
        columns += (columns.empty() ? "quote(\"" : "||','||quote(\"") + column.name + "\")";
      }
      Rows& rows = all.emplace_back();
      std::istringstream lines(fixture_.database.query("select hex(" + key + "), hex(" + columns +
                                                       ") from \"" + table.name + "\""));
      for (std::string line; std::getline(lines, line, ';');) {
        const std::size_t bar = line.find('|');
        if (bar != std::string::npos) rows[unhex(line.substr(0, bar))] = line.substr(bar + 1);
      }
    }
    for (std::size_t link = 0; link < world_.links.size(); ++link) {
      Rows& rows = all.emplace_back();
      rows["links"] = fixture_.database.query("select * from \"J" + std::to_string(link) + "\"");
    }
    return all;
  }

  static std::string unhex(const std::string& digits) {
    std::string out;
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
      out += static_cast<char>(std::strtol(digits.substr(at, 2).c_str(), nullptr, 16));
    }
    return out;
  }

  // The keys of the rows that a list with the scope's conditions answers, where there is a scope.
  std::vector<Keys> all_within() {
    std::vector<Keys> all;
    for (std::size_t table = 0; table < world_.tables.size(); ++table) {
      Keys& keys = all.emplace_back();
      if (scope_texts_[table].empty()) continue;
      QueryInput input;
      input.where = scope_texts_[table];
      auto query = parse_query(model(table), input, nullptr, fixture_.reader, fixture_.arena);
      if (!query.ok()) std::abort();
      const IncludeTree tree = fixture_.tree(world_.tables[table].name, "");
      auto plan = plan_select(tree, {.kind = Selection::kQuery, .from = query->code});
      if (!plan.ok()) std::abort();
      const auto outcome =
          fixture_.database.run(bind_select(*plan, query->parameters, fixture_.arena));
      auto mapped =
          map_rows(*plan, Cardinality::kMany, {json::pad(fixture_.arena, outcome.text), 0},
                   fixture_.reader, fixture_.arena);
      if (!mapped.ok()) std::abort();
      keys = keys_of(table, std::string(*mapped));
    }
    return all;
  }

  // Of mapped objects: by their uids, which saves change too, the rows are found in the database.
  Keys keys_of(std::size_t number, const std::string& objects) {
    const Table& table = world_.tables[number];
    Keys keys;
    auto document = fixture_.reader.open(json::pad(fixture_.arena, objects));
    json::Array rows;
    if (!document.ok() || (*document)->get_array(rows)) std::abort();
    std::vector<std::string> uids;
    for (json::Value row; rows.next(row);) {
      json::Object members;
      json::Value uid;
      if (row.get_object(members) || members.find("uid", uid)) std::abort();
      uids.emplace_back(uid.token());
    }
    for (const std::string& uid : uids) {
      std::string key;
      for (const std::size_t column : table.key) {
        key += (key.empty() ? "quote(\"" : "||'|'||quote(\"") + table.columns[column].name + "\")";
      }
      keys.insert(unhex(fixture_.database.query("select hex(" + key + ") from \"" + table.name +
                                                "\" where uid = " + uid)));
    }
    return keys;
  }

  // ---- The rules ----

  std::string reason_against(const std::vector<Rows>& before, const std::vector<Rows>& after,
                             const std::vector<Keys>& seen_before,
                             const std::vector<Keys>& seen_after) {
    const auto name = [&](std::size_t table, const std::string& key) {
      return world_.tables[table].name + " " + key;
    };
    refers_to_new_ =
        std::any_of(said_.begin(), said_.end(), [](const Said& said) { return said.part; });
    for (const Said& said : said_) {
      if (scope_texts_[said.table].empty()) continue;
      const bool there = before[said.table].count(said.key) > 0;
      const bool within = seen_before[said.table].count(said.key) > 0;
      if (there && !within) return name(said.table, said.key) + " is outside";
      if (!there && said.must_be_there) return name(said.table, said.key) + " is not there";
      if (said.written && seen_after[said.table].count(said.key) == 0) {
        return name(said.table, said.key) + " would be outside";
      }
    }
    for (const Said& said : said_) {
      for (const auto& [table, key] : said.references) {
        if (scope_texts_[table].empty()) continue;
        const bool fresh = before[table].count(key) == 0 && after[table].count(key) > 0;
        refers_to_new_ = refers_to_new_ || fresh;
        if (seen_before[table].count(key) == 0 && !fresh) {
          return name(said.table, said.key) + " refers to " + name(table, key);
        }
      }
    }
    return "";
  }

  bool fail(const std::string& got, const std::string& expected) {
    std::cerr << "seed " << seed_ << ": save " << world_.tables[table_].name << " "
              << world_.text(table_, tree_) << " " << body_ << "\n";
    for (std::size_t table = 0; table < scope_texts_.size(); ++table) {
      if (!scope_texts_[table].empty()) {
        std::cerr << "  within " << world_.tables[table].name << " " << scope_texts_[table] << "\n";
      }
    }
    std::cerr << "  got      " << got << "\n  expected " << expected << "\n";
    return false;
  }

  std::uint64_t seed_;
  Dice& dice_;
  World world_;
  Fixture fixture_;
  Scopes scopes_;
  std::vector<std::string> scope_texts_;
  std::size_t table_ = 0;
  std::vector<Branch> tree_;
  std::vector<Said> said_;
  std::string body_;
  bool refers_to_new_ = false;
  std::uint64_t saves_ = 0;
  std::uint64_t refusals_ = 0;
};

// The worlds in parts, which CTest runs side by side.
constexpr std::uint64_t kParts = 4;

class ScopeSaves : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ScopeSaves, NothingOutsideIsReachedAndNothingWithinIsRefused) {
  const std::uint64_t worlds = setting("CLOESCE_SCOPE_CASES", 2'400) / kSavesOfWorld / kParts;
  const std::uint64_t first = setting("CLOESCE_SCOPE_SEED", 1) + GetParam() * worlds;
  std::uint64_t wrong = 0;
  std::uint64_t saves = 0;
  std::uint64_t refusals = 0;
  for (std::uint64_t seed = first; seed < first + worlds && wrong < 3; ++seed) {
    Dice dice(seed);
    SaveTrial trial(seed, dice);
    for (std::uint64_t save = 0; save < kSavesOfWorld && wrong < 3; ++save) {
      if (!trial.run()) ++wrong;
    }
    saves += trial.saves();
    refusals += trial.refusals();
  }
  EXPECT_EQ(wrong, 0U);
  std::cout << saves << " saved, " << refusals << " refused\n";
  EXPECT_GT(saves, worlds * kSavesOfWorld / 20);
}

TEST(ScopeOfASave, APartOfAForeignKeyLeadsNowhere) {
  using cidl::TypeKind;
  cidl::Interface interface;
  interface.models.push_back(
      model("Room", {key("house", TypeKind::kInteger), key("number", TypeKind::kInteger),
                     column("owner", TypeKind::kInteger)}));
  interface.models.push_back(
      model("Bed",
            {key("id", TypeKind::kInteger),
             foreign_key("house", type_of(TypeKind::kInteger), "Room", "house"),
             foreign_key("room", type_of(TypeKind::kInteger), "Room", "number"),
             column("size", TypeKind::kInteger)},
            {to_one("in", "Room", {"house", "room"})}));
  Fixture fixture(interface);
  fixture.database.execute(
      "insert into Room values (1, 1, 7), (1, 2, 8); insert into Bed values (5, 1, 1, 90)");
  auto scopes =
      with_scope({}, fixture.model("Room"), R"({"owner":7})", fixture.reader, fixture.arena);
  ASSERT_TRUE(scopes.ok());
  const auto save = [&](std::string_view body) {
    auto document = fixture.reader.open(json::pad(fixture.arena, body));
    json::Value root;
    if (!document.ok() || (*document)->get_value(root)) return std::string("no JSON");
    auto plan =
        plan_upsert(fixture.schema, fixture.tree("Bed", ""), root, SaveAnswer::kKey, "model",
                    fixture.cache, fixture.arena, RowForm::kSeparate, {.scopes = *scopes});
    if (!plan.ok()) return std::string(render(plan.error()));
    const auto outcome = fixture.database.run(plan->statements);
    if (outcome.ok) return std::string("saved");
    const auto refused = refused_row(*plan, outcome.text);
    return refused ? std::string(render(*refused)) : outcome.text;
  };
  EXPECT_TRUE(save(R"({"id":5,"room":2})").starts_with("CLO1301: model.house"));
  EXPECT_TRUE(save(R"({"id":5,"house":1,"room":2})").starts_with("CLO1301: model.house"));
  EXPECT_EQ(fixture.database.query("select room from Bed"), "1");
  EXPECT_EQ(save(R"({"id":5,"size":120})"), "saved");
  EXPECT_EQ(save(R"({"id":5,"house":1,"room":1})"), "saved");
}

INSTANTIATE_TEST_SUITE_P(Worlds, ScopeSaves, ::testing::Range<std::uint64_t>(0, kParts));

}  // namespace
}  // namespace cloesce::orm::testing
