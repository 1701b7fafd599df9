// Random projects, and what their rule lets a caller write: the oracle of access_property_test.cpp.
// It knows the rule from docs/security.md and nothing of how the core keeps to it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cidl/model.h"

namespace cloesce::runtime::testing {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  /// From 0 to `sides` - 1.
  std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(engine_() % sides); }
  bool chance(std::size_t percent) { return roll(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

/// Which side of a relation holds the key of the other.
enum class Holder : std::uint8_t { kSelf, kTarget, kJunction };

struct Relation {
  std::string name;
  std::size_t target = 0;
  Holder holder = Holder::kSelf;
  bool many = false;
  std::vector<std::string> columns;  // of the holder: the key of the other side, in its order
  std::string junction;
  std::vector<std::string> source_columns;
  std::vector<std::string> target_columns;
  cidl::Access access = cidl::Access::kOpen;
};

/// Names of relations and what is granted below each.
struct Tree {
  std::map<std::string, Tree> below;
};

struct Table {
  std::string name;
  std::vector<std::string> key;
  std::set<std::string> texts;     // columns that hold text, the others integers
  std::vector<std::string> other;  // columns that are no key
  std::set<std::string> required;
  std::vector<Relation> relations;
  bool save = false;
  Tree writes;
  std::set<std::string> foreign;               // columns that refer to something
  std::map<std::string, cidl::Access> closed;  // columns that callers may not give

  /// Whether the database makes the key.
  [[nodiscard]] bool generated() const;
};

/// Rows of a table before each save, with the keys 1, 2, 3 or k1, k2, k3.
inline constexpr std::size_t kRowsOfTable = 3;

struct Project {
  std::vector<Table> tables;
  cidl::Interface interface;
};

[[nodiscard]] Project random_project(Dice& dice);

/// A value of a column in SQL and in JSON alike; `null` for none.
using Value = std::string;
using Key = std::vector<Value>;

/// An object of a body.
struct Node {
  const Table* table = nullptr;
  std::vector<std::pair<std::string, Value>> columns;  // as given
  struct Branch {
    const Relation* relation = nullptr;
    bool null = false;
    std::vector<std::unique_ptr<Node>> nodes;  // of a relation to one: at most one
  };
  std::vector<Branch> branches;

  [[nodiscard]] const Value* given(const std::string& column) const;
  [[nodiscard]] std::string json() const;
};

[[nodiscard]] std::unique_ptr<Node> random_body(const Project& project, const Table& root,
                                                Dice& dice);

/// Rows of each table by key; links of each junction.
struct Content {
  std::map<std::string, std::map<Key, std::map<std::string, Value>>> rows;
  std::map<std::string, std::set<std::vector<Value>>> links;

  friend bool operator==(const Content& left, const Content& right) {
    return left.rows == right.rows && left.links == right.links;
  }
};

/// What the rule says of a body.
struct Verdict {
  /// Places of members that are hidden or read-only: what is sent is looked at before what it may
  /// write.
  std::set<std::string> closed;
  std::set<std::string> refused;  // places that nobody may send
  std::set<std::string> others;   // places of rows that are another row's
  bool contradictory = false;     // keys that do not agree, which is an error of its own
  /// Rows that may change, and those of them with the columns that must be stored.
  struct Written {
    const Table* table;
    Key key;  // a value with ? where it is generated
    std::map<std::string, Value> columns;
  };
  std::vector<Written> written;
  std::map<std::string, std::set<std::vector<Value>>> links;  // without those of generated keys
  std::map<std::string, std::size_t> fresh_links;
  /// Hooks that look at nested rows, in order: a table, and of hooks of `save` the key.
  std::vector<std::string> asked;
};

[[nodiscard]] Verdict judge(const Project& project, const Node& root, const Content& before,
                            const std::set<std::string>& guarded_namespaces,
                            const std::set<std::string>& guarded_saves);

}  // namespace cloesce::runtime::testing
