// Queries of a World as they are written, and what they must answer.
#include <algorithm>
#include <cstdio>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "json/writer.h"
#include "orm/query_world.h"
#include "text/base64.h"

namespace cloesce::orm::testing {
namespace {

using cidl::TypeKind;

// Nulls are the smallest.
int compare(const Value& left, const Value& right) {
  if (left.null || right.null) return (left.null ? 0 : 1) - (right.null ? 0 : 1);
  if (left.number != right.number) return left.number < right.number ? -1 : 1;
  return left.text.compare(right.text);  // as unsigned bytes
}

bool equal(const Value& left, const Value& right) {
  return !left.null && !right.null && compare(left, right) == 0;
}

std::string folded(std::string text) {
  for (char& character : text) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character + 32);
  }
  return text;
}

bool holds(const Condition& condition, Value value) {
  std::vector<Value> wanted = condition.values;
  if (condition.insensitive) {
    value.text = folded(value.text);
    for (Value& one : wanted) one.text = folded(one.text);
  }
  const std::string& operation = condition.operation;
  const auto is = [&](const Value& one) { return compare(value, one) == 0; };
  if (operation.empty() || operation == "equals") return is(wanted[0]);
  if (operation == "not") return !is(wanted[0]);
  if (operation == "in") return std::any_of(wanted.begin(), wanted.end(), is);
  if (operation == "notIn") return std::none_of(wanted.begin(), wanted.end(), is);
  if (operation == "isNull") return value.null == (wanted[0].number != 0);
  if (value.null) return false;
  if (operation == "lt") return compare(value, wanted[0]) < 0;
  if (operation == "lte") return compare(value, wanted[0]) <= 0;
  if (operation == "gt") return compare(value, wanted[0]) > 0;
  if (operation == "gte") return compare(value, wanted[0]) >= 0;
  const std::string& part = wanted[0].text;
  const std::size_t at = value.text.find(part);
  if (operation == "contains") return at != std::string::npos;
  if (operation == "startsWith") return at == 0;
  return value.text.size() >= part.size() &&
         value.text.compare(value.text.size() - part.size(), part.size(), part) == 0;
}

std::string json_value(const Value& value, TypeKind kind) {
  if (value.null) return "null";
  if (kind == TypeKind::kBoolean) return value.number != 0 ? "true" : "false";
  Arena arena(nullptr, 256);
  ByteBuffer out(arena);
  if (kind == TypeKind::kBlob) {
    out.push('"');
    text::append_base64(out, value.text);
    out.push('"');
  } else if (kind == TypeKind::kInteger) {
    json::append_integer(out, static_cast<std::int64_t>(value.number));
  } else if (kind == TypeKind::kReal) {
    json::append_double(out, value.number);
  } else {
    json::append_string(out, value.text);
  }
  return std::string(out.view());
}

std::string quoted(const std::string& name) { return "\"" + name + "\""; }

}  // namespace

std::string World::json(std::size_t table, const Condition& condition) const {
  const Table& from = tables[table];
  const auto inner = [&](std::size_t of) { return json(of, condition.inner[0]); };
  switch (condition.form) {
    case Form::kAll:
    case Form::kAny: {
      std::string out = condition.form == Form::kAll ? "{\"AND\":[" : "{\"OR\":[";
      for (const Condition& one : condition.inner) {
        if (out.back() != '[') out += ",";
        out += json(table, one);
      }
      return out + "]}";
    }
    case Form::kNot:
      return "{\"NOT\":" + inner(table) + "}";
    case Form::kColumn:
      break;
    default: {
      const Relation& relation = from.relations[condition.member];
      const std::string name = "{" + quoted(relation.name) + ":";
      if (condition.form == Form::kNoOne) return name + "null}";
      if (condition.form == Form::kToOne) return name + inner(relation.target) + "}";
      const std::string word = condition.form == Form::kSome    ? "some"
                               : condition.form == Form::kEvery ? "every"
                                                                : "none";
      return name + "{" + quoted(word) + ":" + inner(relation.target) + "}}";
    }
  }
  const TypeKind kind = from.kind(condition.member);
  const std::string& operation = condition.operation;
  std::string value;
  if (operation == "in" || operation == "notIn") {
    value = "[";
    for (const Value& one : condition.values) {
      if (value.back() != '[') value += ",";
      value += json_value(one, kind);
    }
    value += "]";
  } else {
    value = json_value(condition.values[0], operation == "isNull" ? TypeKind::kBoolean : kind);
  }
  if (!operation.empty()) value = "{" + quoted(operation) + ":" + value;
  if (condition.insensitive) value += ",\"mode\":\"insensitive\"";
  if (!operation.empty()) value += "}";
  return "{" + quoted(from.columns[condition.member].name) + ":" + value + "}";
}

std::string World::json(std::size_t table, const std::vector<Order>& order) const {
  std::string out = "[";
  for (const Order& one : order) {
    if (out.size() > 1) out += ",";
    std::size_t at = table;
    for (const std::size_t step : one.path) {
      out += "{" + quoted(tables[at].relations[step].name) + ":";
      at = tables[at].relations[step].target;
    }
    out += "{" + quoted(tables[at].columns[one.column].name) + ":";
    out += one.descending ? "\"desc\"" : "\"asc\"";
    out += std::string(one.path.size() + 1, '}');
  }
  return out + "]";
}

std::string World::json(const Table& table, const std::vector<Value>& row,
                        const std::vector<std::size_t>& columns) const {
  std::string out = "{";
  for (const std::size_t column : columns) {
    if (out.size() > 1) out += ",";
    out += quoted(table.columns[column].name) + ":" + json_value(row[column], table.kind(column));
  }
  return out + "}";
}

std::string World::json(std::size_t table, const std::vector<Branch>& tree) const {
  std::string out = "{";
  for (const Branch& branch : tree) {
    const Relation& relation = tables[table].relations[branch.relation];
    if (out.size() > 1) out += ",";
    std::string below = json(relation.target, branch.below);
    if (!branch.asked.empty()) {
      const Asked& asked = branch.asked[0];
      below.pop_back();
      if (below.size() > 1) below += ",";
      below += "\"where\":" + json(relation.target, asked.condition);
      if (!asked.order.empty()) below += ",\"orderBy\":" + json(relation.target, asked.order);
      if (asked.limit > 0) below += ",\"limit\":" + std::to_string(asked.limit);
      below += "}";
    }
    out += quoted(relation.name) + ":" + below;
  }
  return out + "}";
}

std::string World::text(std::size_t table, const std::vector<Branch>& tree) const {
  std::string out;
  for (const Branch& branch : tree) {
    const Relation& relation = tables[table].relations[branch.relation];
    out += (out.empty() ? "" : " ") + relation.name;
    if (!branch.below.empty()) out += "(" + text(relation.target, branch.below) + ")";
  }
  return out;
}

std::vector<std::size_t> World::related(std::size_t table, const std::vector<Value>& row,
                                        const Relation& relation) const {
  const Table& from = tables[table];
  const Table& to = tables[relation.target];
  std::vector<std::size_t> found;
  for (std::size_t number = 0; number < to.rows.size(); ++number) {
    const std::vector<Value>& other = to.rows[number];
    bool leads = relation.holder != Holder::kJunction;
    if (relation.holder == Holder::kJunction) {
      for (const Link& link : links[relation.junction]) {
        bool joins = true;
        for (std::size_t key = 0; key < from.key.size(); ++key) {
          joins = joins && equal(link.source[key], row[from.key[key]]);
        }
        for (std::size_t key = 0; key < to.key.size(); ++key) {
          joins = joins && equal(link.target[key], other[to.key[key]]);
        }
        leads = leads || joins;
      }
    } else {
      for (std::size_t index = 0; index < relation.columns.size(); ++index) {
        const std::size_t column = relation.columns[index];
        leads = leads &&
                (relation.holder == Holder::kSelf ? equal(row[column], other[to.key[index]])
                                                  : equal(other[column], row[from.key[index]]));
      }
    }
    if (leads) found.push_back(number);
  }
  std::sort(found.begin(), found.end(), [&](std::size_t left, std::size_t right) {
    for (const std::size_t key : to.key) {
      const int order = compare(to.rows[left][key], to.rows[right][key]);
      if (order != 0) return order < 0;
    }
    return false;
  });
  if (!relation.many && found.size() > 1) found.resize(1);
  return found;
}

bool World::meets(std::size_t table, const std::vector<Value>& row,
                  const Condition& condition) const {
  const auto met = [&](const Condition& one) { return meets(table, row, one); };
  switch (condition.form) {
    case Form::kAll:
      return std::all_of(condition.inner.begin(), condition.inner.end(), met);
    case Form::kAny:
      return std::any_of(condition.inner.begin(), condition.inner.end(), met);
    case Form::kNot:
      return !met(condition.inner[0]);
    case Form::kColumn:
      return holds(condition, row[condition.member]);
    default:
      break;
  }
  const Relation& relation = tables[table].relations[condition.member];
  const std::vector<std::size_t> others = related(table, row, relation);
  const auto of_other = [&](std::size_t number) {
    return meets(relation.target, tables[relation.target].rows[number], condition.inner[0]);
  };
  switch (condition.form) {
    case Form::kNoOne:
      return others.empty();
    case Form::kEvery:
      return std::all_of(others.begin(), others.end(), of_other);
    case Form::kNone:
      return std::none_of(others.begin(), others.end(), of_other);
    default:
      return std::any_of(others.begin(), others.end(), of_other);
  }
}

std::vector<Value> World::sorted_by(std::size_t table, std::size_t row,
                                    const std::vector<Order>& order) const {
  std::vector<Value> values;
  for (const Order& one : order) {
    std::size_t at = table;
    const std::vector<Value>* from = &tables[table].rows[row];
    for (const std::size_t step : one.path) {
      const Relation& relation = tables[at].relations[step];
      const std::vector<std::size_t> others =
          from == nullptr ? std::vector<std::size_t>() : related(at, *from, relation);
      at = relation.target;
      from = others.empty() ? nullptr : &tables[at].rows[others[0]];
    }
    values.push_back(from == nullptr ? Value{} : (*from)[one.column]);
  }
  for (const std::size_t key : tables[table].key) values.push_back(tables[table].rows[row][key]);
  return values;
}

bool World::behind(std::size_t, const std::vector<Order>& order, const std::vector<Value>& left,
                   const std::vector<Value>& right) const {
  for (std::size_t index = 0; index < left.size(); ++index) {
    const int by = compare(left[index], right[index]);
    if (by == 0) continue;
    // The key goes the way of what stands before it.
    const bool descending =
        index < order.size() ? order[index].descending : !order.empty() && order.back().descending;
    return descending ? by < 0 : by > 0;
  }
  return false;
}

std::vector<std::size_t> World::find(std::size_t table, const Condition& condition,
                                     const std::vector<Order>& order) const {
  std::vector<std::pair<std::vector<Value>, std::size_t>> found;
  for (std::size_t row = 0; row < tables[table].rows.size(); ++row) {
    if (!meets(table, tables[table].rows[row], condition)) continue;
    found.emplace_back(sorted_by(table, row, order), row);
  }
  std::sort(found.begin(), found.end(), [&](const auto& left, const auto& right) {
    return behind(table, order, right.first, left.first);
  });
  std::vector<std::size_t> rows;
  for (const auto& [values, row] : found) rows.push_back(row);
  return rows;
}

std::string World::outline(std::size_t table, std::size_t row,
                           const std::vector<Branch>& tree) const {
  const std::vector<Value>& values = tables[table].rows[row];
  std::string out = std::to_string(static_cast<std::size_t>(values[0].number)) + "{";
  for (const Branch& branch : tree) {
    const Relation& relation = tables[table].relations[branch.relation];
    std::string inner;
    std::vector<std::size_t> others = related(table, values, relation);
    if (!branch.asked.empty()) {
      const Asked& asked = branch.asked[0];
      std::vector<std::size_t> chosen;
      for (const std::size_t other : find(relation.target, asked.condition, asked.order)) {
        if (std::find(others.begin(), others.end(), other) != others.end()) chosen.push_back(other);
      }
      if (asked.limit > 0 && chosen.size() > asked.limit) chosen.resize(asked.limit);
      others = chosen;
    }
    for (const std::size_t other : others) inner += outline(relation.target, other, branch.below);
    if (!inner.empty()) out += relation.name + ":" + inner;
  }
  return out + "}";
}

}  // namespace cloesce::orm::testing
