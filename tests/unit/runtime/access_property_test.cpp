// Random projects and random bodies: what a save changed and answered, against the rule of
// access_project.h. CLOESCE_ACCESS_CASES bodies (10,000) from CLOESCE_ACCESS_SEED (1); a failure
// names the seed of its project, which finds it again at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/access_project.h"
#include "runtime/test_host.h"
#include "support/setting.h"

namespace cloesce::runtime::testing {
namespace {

constexpr std::uint64_t kBodiesOfProject = 200;

using cloesce::testing::setting;

std::vector<std::string> columns_of(const Table& table) {
  std::vector<std::string> columns = table.key;
  columns.insert(columns.end(), table.other.begin(), table.other.end());
  return columns;
}

std::string list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "\"" : ", \"") + name + "\"";
  return out;
}

std::vector<std::vector<Value>> select(orm::testing::SqliteDatabase& database,
                                       const std::string& sql) {
  std::vector<std::vector<Value>> rows;
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    std::vector<Value>& row = rows.emplace_back();
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      row.emplace_back(text == nullptr ? "null" : text);
    }
  }
  sqlite3_finalize(statement);
  return rows;
}

std::string sql_value(const Table& table, const std::string& column, const Value& value) {
  return table.texts.count(column) != 0 && value != "null" ? "'" + value + "'" : value;
}

struct Trace {
  std::uint32_t status = 0;
  std::string text;
  std::vector<std::string> asked;
  bool stopped = false;  // by a hook
};

class Trial {
 public:
  Trial(std::uint64_t seed, Dice& dice)
      : seed_(seed), dice_(dice), project_(random_project(dice)), host_(project_.interface) {
    std::string hooks = "0\n";
    for (const Table& table : project_.tables) {
      if (!table.save) continue;
      route_names_.push_back(table.name);
      if (dice_.chance(25)) {
        namespaces_.insert(table.name);
        hooks += table.name + "\n";
      }
      if (dice_.chance(40)) {
        saves_.insert(table.name);
        hooks += table.name + "\tsave\n";
      }
    }
    host_.set_hooks(hooks);
    fill();
  }

  // False when something is wrong, which it has printed.
  bool body(std::map<std::string, std::uint64_t>& counts) {
    std::vector<const Table*> roots;
    for (const Table& table : project_.tables) {
      if (table.save) roots.push_back(&table);
    }
    const Table& root = *roots[dice_.roll(roots.size())];
    const auto node = random_body(project_, root, dice_);
    const Verdict verdict = judge(project_, *node, base_, namespaces_, saves_);
    const std::size_t hooks = verdict.asked.size() + 2;
    const std::size_t refusing = dice_.chance(25) ? dice_.roll(hooks) : SIZE_MAX;
    const Trace outcome = send(root, *node, refusing);
    const Content after = content();
    std::string wrong = check(verdict, outcome, after, counts);
    if (!wrong.empty()) {
      std::cerr << "seed " << seed_ << ": " << wrong << "\nsave of " << root.name << ": "
                << node->json() << "\nanswer " << outcome.status << " " << outcome.text << "\n";
      describe();
    }
    if (!(after == base_)) fill();
    return wrong.empty();
  }

 private:
  Trace send(const Table& root, const Node& node, std::size_t refusing) {
    const std::string body = R"({"model":)" + node.json() + "}";
    target_ = "/api/" + root.name + "/save";
    const Request request{.verb = "POST", .target = target_, .body = body};
    Trace outcome;
    Step step = host_.app().begin(head_of(request));
    std::size_t hook = 0;
    std::set<std::string> own;
    if (namespaces_.count(root.name) != 0) own.insert(root.name);
    if (saves_.count(root.name) != 0) own.insert(root.name + ".save");
    while (step.exchange != 0) {
      if (step.kind != StepKind::kMiddleware) {
        step = host_.perform(step, body);
        continue;
      }
      const std::string name = route_names_[step.route] + (step.status == 2 ? ".save" : "");
      // Those of the route itself come before its body is looked into, and are no matter of this.
      if (own.erase(name) != 0) {
        step = host_.perform(step, body);
        continue;
      }
      outcome.asked.push_back(name);
      if (hook++ == refusing) {
        host_.app().end(step.exchange);
        outcome.stopped = true;
        return outcome;
      }
      step = host_.perform(step, body);
    }
    outcome.status = step.status;
    outcome.text = std::string(step.bytes);
    return outcome;
  }

  std::string check(const Verdict& verdict, const Trace& outcome, const Content& after,
                    std::map<std::string, std::uint64_t>& counts) {
    const bool done = outcome.status == 200 && !outcome.stopped;
    if (!done && !(after == base_)) return "something was written all the same";
    if (outcome.text.find("\"hidden\":") != std::string::npos ||
        told_hidden_relation(outcome.text)) {
      return "what is hidden came back";
    }
    if (!verdict.closed.empty()) {
      ++counts["closed"];
      if (outcome.status != 400 && outcome.status != 403) return "what is closed was taken";
      if (!outcome.asked.empty()) return "hooks were asked of what is closed";
      if (verdict.closed.size() > 16) return "";
      for (const std::string& place : verdict.closed) {
        if (outcome.text.find(": " + place + ": ") == std::string::npos)
          return place + " is not told";
      }
      return "";
    }
    if (!std::equal(outcome.asked.begin(), outcome.asked.end(), verdict.asked.begin(),
                    verdict.asked.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                outcome.asked.size(), verdict.asked.size())))) {
      return "other hooks were asked";
    }
    if (outcome.stopped) {
      ++counts["stopped by a hook"];
      return verdict.refused.empty() ? "" : "hooks were asked of what is refused";
    }
    if (outcome.status >= 500) return "a failure of the core";
    if (!verdict.refused.empty()) {
      if (outcome.status == 400 && verdict.contradictory) return "";
      ++counts["refused"];
      if (!outcome.asked.empty()) return "hooks were asked of what is refused";
      if (outcome.status != 403) return "expected 403 for " + *verdict.refused.begin();
      const std::set<std::string> told = places(outcome.text);
      const bool same = verdict.refused.size() > 16 ? told.size() == 16 : told == verdict.refused;
      return same ? "" : "other places are refused: expected " + join(verdict.refused);
    }
    if (outcome.status == 400) {
      ++counts["cannot be saved"];
      return "";
    }
    if (outcome.asked != verdict.asked) return "a hook was not asked";
    if (!verdict.others.empty()) {
      ++counts["of another"];
      if (outcome.status != 403) return "expected 403 for the row at " + *verdict.others.begin();
      const std::set<std::string> told = places(outcome.text);
      const bool known = told.size() == 1 && verdict.others.count(*told.begin()) != 0;
      return known ? "" : "another place: expected one of " + join(verdict.others);
    }
    if (outcome.status == 403) return "refused without a reason";
    if (!done) {
      ++counts["broken constraints"];
      return "";
    }
    ++counts["saved"];
    return changes(verdict, after);
  }

  bool told_hidden_relation(const std::string& text) const {
    for (const Table& table : project_.tables) {
      for (const Relation& relation : table.relations) {
        if (relation.access == cidl::Access::kHidden &&
            text.find("\"" + relation.name + "\":") != std::string::npos) {
          return true;
        }
      }
    }
    return false;
  }

  std::string changes(const Verdict& verdict, const Content& after) {
    for (const Table& table : project_.tables) {
      const auto& before = base_.rows.at(table.name);
      const auto& now = after.rows.at(table.name);
      std::size_t unknown = 0;
      std::map<Key, std::vector<const Verdict::Written*>> written;
      for (const Verdict::Written& one : verdict.written) {
        if (one.table != &table) continue;
        const bool fresh = std::any_of(one.key.begin(), one.key.end(),
                                       [](const Value& part) { return part.front() == '?'; });
        if (fresh) {
          ++unknown;
        } else {
          written[one.key].push_back(&one);
        }
      }
      std::size_t made = 0;
      for (const auto& [key, row] : before) {
        if (now.count(key) == 0) return table.name + ": a row is gone";
      }
      for (const auto& [key, row] : now) {
        const auto old = before.find(key);
        const auto given = written.find(key);
        if (given == written.end()) {
          if (old == before.end()) {
            ++made;
          } else if (old->second != row) {
            return table.name + ": a row was changed that is not granted";
          }
          continue;
        }
        for (const auto& [column, value] : row) {
          bool wished = false;
          bool said = false;
          for (const Verdict::Written* one : given->second) {
            const auto wish = one->columns.find(column);
            if (wish == one->columns.end()) continue;
            said = true;
            wished = wished || wish->second == value || wish->second.front() == '?';
          }
          const Value was = old == before.end() ? "null" : old->second.at(column);
          if (said ? !wished : value != was) return table.name + "." + column + " is not as given";
        }
      }
      for (const auto& [key, rows] : written) {
        if (now.count(key) == 0) return table.name + ": a row was dropped in silence";
      }
      // Keys that are made in part may be equal.
      if (table.generated() ? made != unknown : made > unknown || (made == 0) != (unknown == 0)) {
        return table.name + ": another number of new rows";
      }
    }
    for (const auto& [junction, links] : after.links) {
      const auto& before = base_.links.at(junction);
      std::set<std::vector<Value>> wished;
      if (verdict.links.count(junction) != 0) wished = verdict.links.at(junction);
      std::size_t fresh = 0;
      for (const auto& link : links) {
        if (before.count(link) == 0 && wished.count(link) == 0) ++fresh;
      }
      const auto expected = verdict.fresh_links.find(junction);
      if (fresh > (expected == verdict.fresh_links.end() ? 0 : expected->second)) {
        return junction + ": a link that is not granted";
      }
      for (const auto& link : wished) {
        if (links.count(link) == 0) return junction + ": a link was dropped in silence";
      }
      for (const auto& link : before) {
        if (links.count(link) == 0) return junction + ": a link is gone";
      }
    }
    return {};
  }

  static std::set<std::string> places(const std::string& text) {
    std::set<std::string> places;
    std::size_t at = 0;
    while ((at = text.find("CLO1211: ", at)) != std::string::npos) {
      at += 9;
      places.insert(text.substr(at, text.find(": ", at) - at));
    }
    return places;
  }

  static std::string join(const std::set<std::string>& places) {
    std::string out;
    for (const std::string& place : places) out += place + " ";
    return out;
  }

  Content content() {
    Content content;
    for (const Table& table : project_.tables) {
      const std::vector<std::string> columns = columns_of(table);
      auto& rows = content.rows[table.name];
      for (const auto& values :
           select(host_.database(), "select " + list(columns) + " from \"" + table.name + "\"")) {
        Key key(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(table.key.size()));
        for (std::size_t index = 0; index < columns.size(); ++index) {
          rows[key][columns[index]] = values[index];
        }
      }
    }
    for (const cidl::Junction& junction : project_.interface.junctions) {
      auto& links = content.links[junction.name];
      for (const auto& values :
           select(host_.database(), "select * from \"" + junction.name + "\"")) {
        links.insert(values);
      }
    }
    return content;
  }

  // The rows that every body meets, put down anew.
  void fill() {
    if (seeded_.empty()) seed();
    host_.database().execute(seeded_);
    if (base_.rows.empty()) base_ = content();
  }

  void seed() {
    seeded_ = "pragma foreign_keys = off; begin;";
    std::map<std::string, std::vector<Key>> keys;
    for (const cidl::Junction& junction : project_.interface.junctions) {
      seeded_ += "delete from \"" + junction.name + "\";";
    }
    for (const Table& table : project_.tables) {
      seeded_ += "delete from \"" + table.name + "\";";
      if (table.foreign.count(table.key[0]) != 0) continue;
      for (std::size_t number = 1; number <= kRowsOfTable; ++number) {
        Key key;
        for (const std::string& part : table.key) {
          key.push_back((table.texts.count(part) != 0 ? "k" : "") + std::to_string(number));
        }
        keys[table.name].push_back(key);
      }
    }
    for (const Table& table : project_.tables) {
      if (table.foreign.count(table.key[0]) == 0) continue;
      const Relation& up = table.relations.back();
      for (const Key& above : keys[project_.tables[up.target].name]) {
        Key key = above;
        key.push_back(std::to_string(1 + dice_.roll(3)));
        keys[table.name].push_back(key);
      }
    }
    for (std::size_t number = 0; number < project_.tables.size(); ++number) {
      const Table& table = project_.tables[number];
      for (const Key& key : keys[table.name]) {
        std::map<std::string, Value> row;
        for (std::size_t part = 0; part < key.size(); ++part) row[table.key[part]] = key[part];
        for (const std::string& column : table.other) {
          row[column] = table.texts.count(column) != 0 ? "old" : "7";
        }
        for (const std::string& column : table.other) {
          if (table.foreign.count(column) != 0) row[column] = "null";
        }
        point(number, row, keys);
        std::string values;
        for (const std::string& column : columns_of(table)) {
          values += (values.empty() ? "" : ", ") + sql_value(table, column, row[column]);
        }
        seeded_ += "insert into \"" + table.name + "\" values (" + values + ");";
      }
    }
    for (const cidl::Junction& junction : project_.interface.junctions) {
      const Table& left = table_of(junction.left.model);
      const Table& right = table_of(junction.right.model);
      for (const Key& from : keys[left.name]) {
        for (const Key& to : keys[right.name]) {
          if (!dice_.chance(35)) continue;
          std::string values;
          for (std::size_t part = 0; part < from.size(); ++part) {
            values += sql_value(left, left.key[part], from[part]) + ",";
          }
          for (std::size_t part = 0; part < to.size(); ++part) {
            values += sql_value(right, right.key[part], to[part]) + ",";
          }
          values.pop_back();
          seeded_ += "insert into \"" + junction.name + "\" values (" + values + ");";
        }
      }
    }
    seeded_ += "commit; pragma foreign_keys = on;";
  }

  const Table& table_of(const std::string& name) const {
    return *std::find_if(project_.tables.begin(), project_.tables.end(),
                         [&](const Table& table) { return table.name == name; });
  }

  // Foreign keys lead to rows that are there.
  void point(std::size_t number, std::map<std::string, Value>& row,
             std::map<std::string, std::vector<Key>>& keys) {
    const Table& table = project_.tables[number];
    const auto set = [&](const std::vector<std::string>& columns, const Table& target) {
      if (std::find(table.key.begin(), table.key.end(), columns[0]) != table.key.end()) return;
      if (table.required.count(columns[0]) == 0 && dice_.chance(35)) return;
      const std::vector<Key>& there = keys[target.name];
      if (there.empty()) return;
      const Key& key = there[dice_.roll(there.size())];
      for (std::size_t part = 0; part < columns.size(); ++part) row[columns[part]] = key[part];
    };
    for (std::size_t owner = 0; owner < project_.tables.size(); ++owner) {
      for (const Relation& relation : project_.tables[owner].relations) {
        if (owner == number && relation.holder == Holder::kSelf) {
          set(relation.columns, project_.tables[relation.target]);
        }
        if (relation.target == number && relation.holder == Holder::kTarget) {
          set(relation.columns, project_.tables[owner]);
        }
      }
    }
  }

  void describe() const {
    for (const Table& table : project_.tables) {
      std::cerr << table.name << (table.save ? " SAVE" : "") << " key";
      for (const std::string& key : table.key) std::cerr << " " << key;
      std::cerr << " columns";
      for (const std::string& column : table.other) {
        std::cerr << " " << column << (table.required.count(column) != 0 ? "!" : "")
                  << (table.closed.count(column) != 0 ? "-" : "");
      }
      std::cerr << " writes " << text(table.writes) << "\n";
      for (const Relation& relation : table.relations) {
        std::cerr << "  " << relation.name << (relation.many ? "[]" : "") << " -> "
                  << project_.tables[relation.target].name << " "
                  << (relation.holder == Holder::kSelf     ? "held"
                      : relation.holder == Holder::kTarget ? "back"
                                                           : "linked")
                  << (relation.access != cidl::Access::kOpen ? " closed" : "") << "\n";
      }
    }
    std::cerr << seeded_ << "\n";
  }

  static std::string text(const Tree& tree) {
    std::string out = "{";
    for (const auto& [name, below] : tree.below) out += name + text(below);
    return out + "}";
  }

  std::uint64_t seed_;
  Dice& dice_;
  Project project_;
  TestHost host_;
  std::vector<std::string> route_names_;
  std::set<std::string> namespaces_;
  std::set<std::string> saves_;
  std::string seeded_;
  std::string target_;
  Content base_;
};

TEST(AccessProperty, ACallerWritesWhatTheRuleLetsItAndNothingElse) {
  const std::uint64_t cases = setting("CLOESCE_ACCESS_CASES", 10'000);
  const std::uint64_t first = setting("CLOESCE_ACCESS_SEED", 1);
  std::map<std::string, std::uint64_t> counts;
  std::uint64_t wrong = 0;
  for (std::uint64_t seed = first; seed < first + cases / kBodiesOfProject && wrong < 3; ++seed) {
    Dice dice(seed);
    Trial trial(seed, dice);
    for (std::uint64_t body = 0; body < kBodiesOfProject && wrong < 3; ++body) {
      if (!trial.body(counts)) ++wrong;
    }
  }
  EXPECT_EQ(wrong, 0U);
  for (const auto& [name, count] : counts) std::cout << name << ": " << count << "\n";
  // A test that meets only refusals proves nothing.
  for (const char* name : {"saved", "closed", "refused", "of another", "stopped by a hook"}) {
    EXPECT_GT(counts[name], cases / 200) << name;
  }
}

}  // namespace
}  // namespace cloesce::runtime::testing
