// Random models with rows in memory, and queries of them that are evaluated there: what the ORM's
// answers are compared with. Shares no code with the room.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "cidl/model.h"

namespace cloesce::orm::testing {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  /// From 0 to `sides` - 1.
  std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(engine_() % sides); }
  bool chance(std::size_t percent) { return roll(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

/// A value in its column. Texts, dates and bytes are `text`, all numbers `number`.
struct Value {
  bool null = true;
  double number = 0;
  std::string text = {};
};

enum class Holder : std::uint8_t { kSelf, kTarget, kJunction };

struct Relation {
  std::string name;
  std::size_t target = 0;
  Holder holder = Holder::kSelf;
  bool many = false;
  std::vector<std::size_t> columns;  // of the holder, for kSelf and kTarget
  std::size_t junction = 0;          // in World::links
};

/// The first column, `uid`, is the number of the row.
struct Table {
  std::string name;
  std::vector<cidl::Column> columns;
  std::vector<std::size_t> key;
  std::vector<Relation> relations;
  std::vector<std::vector<Value>> rows;

  [[nodiscard]] cidl::TypeKind kind(std::size_t column) const;
  [[nodiscard]] bool nullable(std::size_t column) const;
};

/// Two keys that a junction joins.
struct Link {
  std::vector<Value> source;
  std::vector<Value> target;
};

enum class Form : std::uint8_t { kAll, kAny, kNot, kToOne, kNoOne, kSome, kEvery, kNone, kColumn };

struct Condition {
  Form form = Form::kAll;
  std::vector<Condition> inner = {};
  std::size_t member = 0;  // a relation or a column
  std::string operation = {};
  std::vector<Value> values = {};
  bool insensitive = false;
};

struct Order {
  std::vector<std::size_t> path;  // relations
  std::size_t column = 0;
  bool descending = false;
};

/// Which rows of a relation to many are included.
struct Asked {
  Condition condition;
  std::vector<Order> order;
  std::size_t limit = 0;  // of each object; 0: all
};

/// An include tree: relations by number.
struct Branch {
  std::size_t relation = 0;
  std::vector<Branch> below = {};
  std::vector<Asked> asked = {};  // one, or none
};

class World {
 public:
  explicit World(Dice& dice);

  [[nodiscard]] cidl::Interface interface() const;
  /// SQL that fills the tables.
  [[nodiscard]] std::string rows_sql() const;
  [[nodiscard]] static std::string literal_sql(const Value& value, cidl::TypeKind kind);
  [[nodiscard]] std::string insert_sql(const Table& table, const std::vector<Value>& row) const;

  [[nodiscard]] Condition condition(std::size_t table, std::size_t depth);
  [[nodiscard]] std::vector<Order> order(std::size_t table);
  [[nodiscard]] std::vector<Branch> tree(std::size_t table, std::size_t depth);
  /// With queries at some of its relations.
  [[nodiscard]] std::vector<Branch> asked_tree(std::size_t table, std::size_t depth);
  [[nodiscard]] std::vector<Value> new_row(Table& table);

  [[nodiscard]] std::string json(std::size_t table, const Condition& condition) const;
  [[nodiscard]] std::string json(std::size_t table, const std::vector<Order>& order) const;
  [[nodiscard]] std::string text(std::size_t table, const std::vector<Branch>& tree) const;
  [[nodiscard]] std::string json(std::size_t table, const std::vector<Branch>& tree) const;
  /// Columns of a row as an object.
  [[nodiscard]] std::string json(const Table& table, const std::vector<Value>& row,
                                 const std::vector<std::size_t>& columns) const;

  /// The numbers of the rows that meet a condition, in order.
  [[nodiscard]] std::vector<std::size_t> find(std::size_t table, const Condition& condition,
                                              const std::vector<Order>& order) const;
  /// What a row is ordered by, its key included.
  [[nodiscard]] std::vector<Value> sorted_by(std::size_t table, std::size_t row,
                                             const std::vector<Order>& order) const;
  /// Whether values of an order come behind others.
  [[nodiscard]] bool behind(std::size_t table, const std::vector<Order>& order,
                            const std::vector<Value>& left, const std::vector<Value>& right) const;
  /// `1{books[2 3{tags[]}] author:4}`: a row with what is included.
  [[nodiscard]] std::string outline(std::size_t table, std::size_t row,
                                    const std::vector<Branch>& tree) const;

  std::vector<Table> tables;
  std::vector<std::vector<Link>> links;

 private:
  [[nodiscard]] Value value(cidl::TypeKind kind, std::size_t percent_null = 0);
  [[nodiscard]] cidl::Column column(const std::string& name, bool key);
  void relate(std::size_t from, std::size_t to);
  void fill();
  [[nodiscard]] Condition compared(const Table& table);
  [[nodiscard]] bool meets(std::size_t table, const std::vector<Value>& row,
                           const Condition& condition) const;
  [[nodiscard]] std::vector<std::size_t> related(std::size_t table, const std::vector<Value>& row,
                                                 const Relation& relation) const;

  Dice& dice_;
  std::size_t next_uid_ = 1;
};

}  // namespace cloesce::orm::testing
