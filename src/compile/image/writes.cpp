// Levels of access as they are, and the SQL that finds out whose a row is.
#include "compile/image/writes.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "cidl/builtin_rules.h"
#include "cidl/write_access.h"
#include "sql/statement.h"

namespace cloesce::image {
namespace {

using cidl::NavigationKind;

// Where it is written which rows a relation leads to: columns that hold the key of the row above,
// and columns that hold the key of the row below.
struct Ownership {
  std::string_view table;
  std::vector<std::string_view> above;
  std::vector<std::string_view> below;
};

std::vector<std::string_view> key_names(const cidl::Model& model) {
  std::vector<std::string_view> names;
  for (const cidl::Column* column : cidl::primary_key(model)) names.emplace_back(column->name);
  return names;
}

std::vector<std::string_view> views(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

// The value at `index` of a row of the parameter.
sql::Statement& value(sql::Statement& out, std::size_t index) {
  return out.column("r", "value").text("->>").number(static_cast<std::uint32_t>(index));
}

void equal(sql::Statement& out, const std::vector<std::string_view>& columns) {
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (index > 0) out.text(" and ");
    out.column("s", columns[index]).text(" = ");
    value(out, index + 1);
  }
}

// Fails for the rows of the parameter whose key is there, unless the row above is the one and only
// that it belongs to. What is not granted must not be learnt by an error either: the number is all
// that the message has.
std::string guard_sql(const Ownership& ownership, const cidl::Model& target) {
  const std::vector<std::string_view> key = key_names(target);
  sql::Statement out;
  out.text("select json_extract('{}','CLO1211:'||(");
  value(out, 0).text(")) from json_each(").parameter(1).text(") ").identifier("r");
  out.text(" where exists (select 1 from ").identifier(target.table).text(" ").identifier("s");
  out.text(" where ");
  equal(out, key);
  out.text(") and (select max(");
  for (std::size_t index = 0; index < ownership.above.size(); ++index) {
    if (index > 0) out.text(" or ");
    out.column("s", ownership.above[index]).text(" is not ");
    value(out, index + 1 + key.size());
  }
  out.text(") from ").identifier(ownership.table).text(" ").identifier("s").text(" where ");
  equal(out, ownership.below);
  out.text(") is not 0");
  return std::string(out.render().view());
}

Ownership ownership(const cidl::NameIndex& names, const cidl::Model& model,
                    const cidl::Navigation& navigation, const cidl::Model& target) {
  if (navigation.kind == NavigationKind::kManyToMany) {
    const cidl::Junction& junction = *names.junction(navigation.junction);
    const bool leftwards = junction.left.model == model.name;
    const cidl::JunctionSide& above = leftwards ? junction.left : junction.right;
    const cidl::JunctionSide& below = leftwards ? junction.right : junction.left;
    return {junction.name, views(above.columns), views(below.columns)};
  }
  const bool held =
      navigation.kind == NavigationKind::kOneToOne && navigation.key_owner == cidl::KeyOwner::kSelf;
  if (held) return {model.table, key_names(model), views(navigation.columns)};
  return {target.table, views(navigation.columns), key_names(target)};
}

// Whether the key of a row below says which row is above it.
bool says_owner(const Ownership& ownership, const cidl::Model& target) {
  const std::vector<std::string_view> key = key_names(target);
  return ownership.table == target.table && ownership.below == key &&
         std::all_of(ownership.above.begin(), ownership.above.end(), [&](std::string_view column) {
           return std::find(key.begin(), key.end(), column) != key.end();
         });
}

void write_level(Writer& writer, Place<orm::WriteLevel> levels, const cidl::AccessLevel& level,
                 std::size_t number, const cidl::NameIndex& names) {
  const cidl::Model& model = *level.model;
  const auto relations = writer.array(writer[levels + number].relations, level.relations.size());
  for (std::size_t index = 0; index < level.relations.size(); ++index) {
    const cidl::RelationAccess& access = level.relations[index];
    const auto place = relations + index;
    writer[place].right = access.right;
    if (access.below != cidl::RelationAccess::kNoLevel) {
      writer.refer(writer[place].below, levels + access.below);
    }
    if (access.right != cidl::WriteRight::kOwned) continue;
    const cidl::Model& target = *names.model(model.navigations[index].model);
    const Ownership owners = ownership(names, model, model.navigations[index], target);
    if (!says_owner(owners, target)) {
      writer.text(writer[place].guard, guard_sql(owners, target));
    }
  }
}

}  // namespace

void write_writes(Writer& writer, Place<orm::ModelSchema> models, const cidl::Interface& interface,
                  const std::vector<RouteSource>& routes) {
  const cidl::NameIndex names(interface);
  const cidl::WriteAccess access = cidl::write_access(interface, names);
  const auto levels = writer.add<orm::WriteLevel>(access.levels.size());
  for (std::size_t number = 0; number < access.levels.size(); ++number) {
    write_level(writer, levels, access.levels[number], number, names);
  }
  for (std::size_t index = 0; index < interface.models.size(); ++index) {
    const auto place = models + index;
    writer[place].save_route = orm::ModelSchema::kNone;
    if (access.roots[index] != cidl::RelationAccess::kNoLevel) {
      writer.refer(writer[place].writes, levels + access.roots[index]);
    }
  }
  for (std::size_t route = 0; route < routes.size(); ++route) {
    if (!cidl::rules_of(*routes[route].method).saves) continue;
    writer[models + routes[route].owner].save_route = static_cast<std::uint32_t>(route);
  }
}

}  // namespace cloesce::image
