// Values are few, so that there are ties, nulls and hits.
#include "orm/query_world.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "orm/interfaces.h"

namespace cloesce::orm::testing {
namespace {

using cidl::TypeKind;

constexpr std::array kKinds = {TypeKind::kInteger, TypeKind::kReal,    TypeKind::kText,
                               TypeKind::kText,    TypeKind::kBoolean, TypeKind::kDateIso,
                               TypeKind::kBlob};
const std::array<double, 8> kIntegers = {0, 1, 2, 3, -1, 9007199254740991, -9007199254740991, 10};
const std::array<double, 10> kReals = {
    0, -0.0, 0.1, 0.30000000000000004, 0.3, 1e300, -1e-300, 5e-324, 1.0 / 3, -2.5};
const std::array<std::string, 16> kTexts = {"",  "a",  "A",   "aa", "ab", "Ab",   "b",  "%",
                                            "_", "\\", "'\"", "é",  "É",  "日本", "日", "a%b"};
const std::array<std::string, 4> kDates = {"2024-02-29T12:00:00.000Z", "1999-12-31T23:59:59.999Z",
                                           "2024-03-01T00:00:00.000Z", "0001-01-01T00:00:00.000Z"};
const std::array<std::string, 5> kBlobs = {std::string(), std::string("\0", 1),
                                           std::string("\0\1", 2), std::string("\xff"),
                                           std::string("ab")};

template <class List>
const auto& one_of(Dice& dice, const List& list) {
  return list[dice.roll(list.size())];
}

bool is_text(TypeKind kind) {
  return kind == TypeKind::kText || kind == TypeKind::kDateIso || kind == TypeKind::kBlob;
}

std::string hex(const std::string& bytes) {
  std::string out;
  for (const char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(byte) & 0xFFU);
    out += digits;
  }
  return out;
}

std::string number_text(double number) {
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.17g", number);
  return digits;
}

std::string literal(const Value& value, TypeKind kind) {
  if (value.null) return "null";
  if (kind == TypeKind::kBlob) return "x'" + hex(value.text) + "'";
  if (!is_text(kind)) return number_text(value.number);
  std::string out = "'";
  for (const char character : value.text) {
    out += character;
    if (character == '\'') out += '\'';
  }
  return out + "'";
}

}  // namespace

TypeKind Table::kind(std::size_t column) const {
  const cidl::Type& type = columns[column].type;
  return type.kind == TypeKind::kNullable ? type.inner[0].kind : type.kind;
}

bool Table::nullable(std::size_t column) const {
  return columns[column].type.kind == TypeKind::kNullable;
}

World::World(Dice& dice) : dice_(dice) {
  const std::size_t count = 2 + dice.roll(3);
  for (std::size_t index = 0; index < count; ++index) {
    Table& table = tables.emplace_back();
    table.name = "M" + std::to_string(index);
    table.columns.push_back(testing::column("uid", TypeKind::kInteger));
    const std::size_t keys = 1 + dice.roll(10) / 8;
    for (std::size_t key = 0; key < keys; ++key) {
      table.key.push_back(table.columns.size());
      table.columns.push_back(column("k" + std::to_string(key), true));
    }
    for (std::size_t other = 1 + dice.roll(5); other > 0; --other) {
      table.columns.push_back(column("c" + std::to_string(table.columns.size()), false));
    }
  }
  for (std::size_t from = 0; from < count; ++from) {
    for (std::size_t more = 1 + dice.roll(2); more > 0; --more) relate(from, dice.roll(count));
  }
  fill();
}

cidl::Column World::column(const std::string& name, bool key) {
  const TypeKind kind = one_of(dice_, kKinds);
  if (!key) return testing::column(name, dice_.chance(50) ? nullable(kind) : type_of(kind));
  // A boolean key makes few rows.
  cidl::Column made = testing::column(name, kind == TypeKind::kBoolean ? TypeKind::kInteger : kind);
  made.key = cidl::KeyRole::kPrimaryKey;
  return made;
}

// A relation and its way back.
void World::relate(std::size_t from, std::size_t to) {
  const std::string number = std::to_string(tables[from].relations.size() + 10 * from);
  Relation there{"r" + number, to, Holder::kSelf, false, {}, 0};
  Relation back{"b" + number, from, Holder::kTarget, dice_.chance(60), {}, 0};
  if (from != to && dice_.chance(30)) {
    there.holder = back.holder = Holder::kJunction;
    there.many = back.many = true;
    there.junction = back.junction = links.size();
    links.emplace_back();
    // Only the way from left to right: the links know no other.
    tables[from].relations.push_back(there);
    return;
  }
  const bool may_miss = dice_.chance(60);
  for (const std::size_t key : tables[to].key) {
    const TypeKind kind = tables[to].kind(key);
    there.columns.push_back(tables[from].columns.size());
    tables[from].columns.push_back(foreign_key("f" + number + std::to_string(key),
                                               may_miss ? nullable(kind) : type_of(kind),
                                               tables[to].name, tables[to].columns[key].name));
  }
  back.columns = there.columns;
  tables[from].relations.push_back(there);
  tables[to].relations.push_back(back);
}

cidl::Interface World::interface() const {
  cidl::Interface made;
  for (const Table& table : tables) {
    std::vector<cidl::Navigation> navigations;
    for (const Relation& relation : table.relations) {
      const std::string& target = tables[relation.target].name;
      if (relation.holder == Holder::kJunction) {
        navigations.push_back(
            many_to_many(relation.name, target, "J" + std::to_string(relation.junction)));
        cidl::Junction& junction = made.junctions.emplace_back();
        junction.name = navigations.back().junction;
        junction.binding = "db";
        junction.left.model = table.name;
        for (const std::size_t key : table.key) {
          junction.left.columns.push_back("left_" + table.columns[key].name);
        }
        junction.right.model = target;
        for (const std::size_t key : tables[relation.target].key) {
          junction.right.columns.push_back("right_" + tables[relation.target].columns[key].name);
        }
        continue;
      }
      const Table& holder = relation.holder == Holder::kSelf ? table : tables[relation.target];
      std::vector<std::string> columns;
      for (const std::size_t column : relation.columns) {
        columns.push_back(holder.columns[column].name);
      }
      if (relation.many) {
        navigations.push_back(to_many(relation.name, target, columns));
      } else if (relation.holder == Holder::kSelf) {
        navigations.push_back(to_one(relation.name, target, columns));
      } else {
        navigations.push_back(to_one_back(relation.name, target, columns));
      }
    }
    made.models.push_back(model(table.name, table.columns, navigations));
  }
  return made;
}

Value World::value(TypeKind kind, std::size_t percent_null) {
  if (dice_.chance(percent_null)) return {};
  switch (kind) {
    case TypeKind::kInteger:
      return {false, one_of(dice_, kIntegers)};
    case TypeKind::kReal:
      return {false, one_of(dice_, kReals)};
    case TypeKind::kBoolean:
      return {false, static_cast<double>(dice_.roll(2))};
    case TypeKind::kDateIso:
      return {false, 0, one_of(dice_, kDates)};
    case TypeKind::kBlob:
      return {false, 0, one_of(dice_, kBlobs)};
    default:
      return {false, 0, one_of(dice_, kTexts)};
  }
}

std::vector<Value> World::new_row(Table& table) {
  std::vector<Value> row(table.columns.size());
  for (std::size_t column = 0; column < row.size(); ++column) {
    row[column] = value(table.kind(column), table.nullable(column) ? 35 : 0);
  }
  row[0] = {false, static_cast<double>(next_uid_++)};
  for (const Relation& relation : table.relations) {
    if (relation.holder != Holder::kSelf || tables[relation.target].rows.empty()) continue;
    const Table& target = tables[relation.target];
    const std::vector<Value>& other = one_of(dice_, target.rows);
    const bool none = table.nullable(relation.columns[0]) && dice_.chance(30);
    for (std::size_t index = 0; index < relation.columns.size(); ++index) {
      row[relation.columns[index]] = none ? Value{} : other[target.key[index]];
    }
  }
  return row;
}

void World::fill() {
  const auto same = [](const Value& left, const Value& right) {
    return left.number == right.number && left.text == right.text;
  };
  const auto add = [&](Table& table) {
    const std::vector<Value> row = new_row(table);
    for (const std::vector<Value>& other : table.rows) {
      bool alike = true;
      for (const std::size_t key : table.key) alike = alike && same(row[key], other[key]);
      if (alike) return;
    }
    table.rows.push_back(row);
  };
  for (std::size_t round = 0; round < 14; ++round) {
    for (Table& table : tables) add(table);
  }
  for (const Table& table : tables) {
    for (const Relation& relation : table.relations) {
      if (relation.holder != Holder::kJunction) continue;
      const Table& target = tables[relation.target];
      for (const std::vector<Value>& left : table.rows) {
        for (const std::vector<Value>& right : target.rows) {
          if (!dice_.chance(20)) continue;
          Link& link = links[relation.junction].emplace_back();
          for (const std::size_t key : table.key) link.source.push_back(left[key]);
          for (const std::size_t key : target.key) link.target.push_back(right[key]);
        }
      }
    }
  }
}

std::string World::literal_sql(const Value& value, TypeKind kind) { return literal(value, kind); }

std::string World::insert_sql(const Table& table, const std::vector<Value>& row) const {
  std::string out = "insert into \"" + table.name + "\" values (";
  for (std::size_t column = 0; column < row.size(); ++column) {
    if (column > 0) out += ",";
    out += literal(row[column], table.kind(column));
  }
  return out + ");";
}

std::string World::rows_sql() const {
  std::string out;
  for (const Table& table : tables) {
    for (const std::vector<Value>& row : table.rows) out += insert_sql(table, row);
    for (const Relation& relation : table.relations) {
      if (relation.holder != Holder::kJunction) continue;
      const Table& target = tables[relation.target];
      for (const Link& link : links[relation.junction]) {
        out += "insert into \"J" + std::to_string(relation.junction) + "\" values (";
        for (std::size_t key = 0; key < link.source.size(); ++key) {
          out += literal(link.source[key], table.kind(table.key[key])) + ",";
        }
        for (std::size_t key = 0; key < link.target.size(); ++key) {
          if (key > 0) out += ",";
          out += literal(link.target[key], target.kind(target.key[key]));
        }
        out += ");";
      }
    }
  }
  return out;
}

// ---- Queries ----

Condition World::compared(const Table& table) {
  Condition made{Form::kColumn};
  made.member = dice_.roll(table.columns.size());
  const TypeKind kind = table.kind(made.member);
  const bool text = kind == TypeKind::kText;
  static const std::array<std::string, 12> kOperations = {
      "equals", "",   "not", "in",       "notIn",      "lt",
      "lte",    "gt", "gte", "contains", "startsWith", "endsWith"};
  made.operation = kOperations[dice_.roll(text ? 12 : 9)];
  if (dice_.chance(10)) made.operation = "isNull";
  made.insensitive = text && !made.operation.empty() && dice_.chance(25);
  const bool many = made.operation == "in" || made.operation == "notIn";
  const bool may_be_null =
      many || made.operation == "equals" || made.operation.empty() || made.operation == "not";
  for (std::size_t left = many ? dice_.roll(4) : 1; left > 0; --left) {
    made.values.push_back(made.operation == "isNull" ? Value{false, double(dice_.roll(2))}
                                                     : value(kind, may_be_null ? 15 : 0));
  }
  return made;
}

Condition World::condition(std::size_t table, std::size_t depth) {
  const Table& from = tables[table];
  const std::size_t side = dice_.roll(depth == 0 ? 6 : 12);
  if (side < 5) return compared(from);
  if (side < 10) {
    Condition made{side < 7 ? Form::kAll : side < 9 ? Form::kAny : Form::kNot};
    for (std::size_t left = made.form == Form::kNot ? 1 : dice_.roll(4); left > 0; --left) {
      made.inner.push_back(depth == 0 ? compared(from) : condition(table, depth - 1));
    }
    return made;
  }
  if (from.relations.empty()) return compared(from);
  Condition made;
  made.member = dice_.roll(from.relations.size());
  const Relation& relation = from.relations[made.member];
  const std::size_t way = dice_.roll(3);
  if (relation.many) {
    made.form = way == 0 ? Form::kSome : way == 1 ? Form::kEvery : Form::kNone;
  } else {
    made.form = dice_.chance(20) ? Form::kNoOne : Form::kToOne;
  }
  if (made.form != Form::kNoOne) made.inner.push_back(condition(relation.target, depth - 1));
  return made;
}

std::vector<Order> World::order(std::size_t table) {
  std::vector<Order> made;
  for (std::size_t left = dice_.roll(4); left > 0; --left) {
    Order& order = made.emplace_back();
    std::size_t at = table;
    for (std::size_t steps = dice_.roll(3); steps > 0 && !tables[at].relations.empty(); --steps) {
      const std::size_t number = dice_.roll(tables[at].relations.size());
      if (tables[at].relations[number].many) break;
      order.path.push_back(number);
      at = tables[at].relations[number].target;
    }
    order.column = 1 + dice_.roll(tables[at].columns.size() - 1);
    order.descending = dice_.chance(40);
  }
  return made;
}

std::vector<Branch> World::tree(std::size_t table, std::size_t depth) {
  std::vector<Branch> made;
  const std::vector<Relation>& relations = tables[table].relations;
  for (std::size_t number = 0; depth > 0 && number < relations.size(); ++number) {
    if (!dice_.chance(30)) continue;
    made.push_back({number, tree(relations[number].target, depth - 1)});
  }
  return made;
}

std::vector<Branch> World::asked_tree(std::size_t table, std::size_t depth) {
  std::vector<Branch> made = tree(table, depth);
  const auto ask = [&](const auto& self, std::size_t from, std::vector<Branch>& branches) -> void {
    for (Branch& branch : branches) {
      const Relation& relation = tables[from].relations[branch.relation];
      self(self, relation.target, branch.below);
      if (!relation.many || dice_.chance(40)) continue;
      branch.asked.push_back({condition(relation.target, 1), order(relation.target),
                              dice_.chance(30) ? 0 : 1 + dice_.roll(4)});
    }
  };
  ask(ask, table, made);
  return made;
}

}  // namespace cloesce::orm::testing
