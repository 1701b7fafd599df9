// Projects, bodies, and the rule in its own words.
#include "runtime/access_project.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "orm/interfaces.h"

namespace cloesce::runtime::testing {
namespace {

using cidl::Builtin;
using cidl::TypeKind;
using orm::testing::nullable;
using orm::testing::type_of;

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Of a link: whether its relation begins at the side whose columns come first.
bool is_left(const Relation& relation) {
  return relation.source_columns.front().compare(0, 4, "left") == 0;
}

Tree random_tree(const Project& project, const Table& table, std::size_t depth, Dice& dice) {
  Tree tree;
  for (const Relation& relation : table.relations) {
    if (relation.access != cidl::Access::kOpen || !dice.chance(45)) continue;
    tree.below[relation.name] =
        depth == 0 ? Tree{}
                   : random_tree(project, project.tables[relation.target], depth - 1, dice);
  }
  return tree;
}

cidl::IncludeTree include_tree(const Tree& tree) {
  cidl::IncludeTree made;
  for (const auto& [name, below] : tree.below) made.nodes.push_back({name, include_tree(below)});
  return made;
}

// Columns of `holder` that hold the key of `target`.
std::vector<std::string> add_foreign_key(Table& holder, const Table& target,
                                         const std::string& name, bool required) {
  std::vector<std::string> columns;
  for (const std::string& part : target.key) {
    const std::string column = name + "_" + part;
    columns.push_back(column);
    holder.other.push_back(column);
    holder.foreign.insert(column);
    if (required) holder.required.insert(column);
    if (target.texts.count(part) != 0) holder.texts.insert(column);
  }
  return columns;
}

void relate(Project& project, std::size_t number, Dice& dice) {
  std::vector<Table>& tables = project.tables;
  const std::size_t first = dice.roll(tables.size());
  const std::size_t second = dice.roll(tables.size());
  const std::string name = "r" + std::to_string(number);
  if (dice.chance(35)) {
    const auto side = [&](const Table& table, const std::string& prefix) {
      std::vector<std::string> columns;
      for (const std::string& part : table.key) columns.push_back(prefix + "_" + part);
      return columns;
    };
    Relation left{
        name + "l", second,     Holder::kJunction,           true,
        {},         name + "j", side(tables[first], "left"), side(tables[second], "right")};
    Relation right = left;
    right.name = name + "r";
    right.target = first;
    std::swap(right.source_columns, right.target_columns);
    tables[first].relations.push_back(left);
    // A model that relates to itself has one property.
    if (first != second) tables[second].relations.push_back(right);
    return;
  }
  // The tables of the test have one constraint for all columns that refer to a composite key.
  const auto refers = [&](const Relation& relation) {
    return relation.holder == Holder::kSelf && relation.target == second;
  };
  const auto is_referred = [&](const Relation& relation) {
    return relation.holder == Holder::kTarget && relation.target == first;
  };
  if (tables[second].key.size() > 1 &&
      (std::any_of(tables[first].relations.begin(), tables[first].relations.end(), refers) ||
       std::any_of(tables[second].relations.begin(), tables[second].relations.end(),
                   is_referred))) {
    return;
  }
  // What is needed comes before what needs it.
  const bool required = first > second && dice.chance(60);
  Relation held{name + "o", second, Holder::kSelf, false, {}, {}, {}, {}};
  Relation back{name + "b", first, Holder::kTarget, dice.chance(65), {}, {}, {}, {}};
  held.columns = back.columns = add_foreign_key(tables[first], tables[second], name, required);
  const bool both = dice.chance(60);
  const bool forwards = both || dice.chance(50);
  if (forwards) tables[first].relations.push_back(held);
  if (both || !forwards) tables[second].relations.push_back(back);
}

// A table whose key holds that of another one: positions of an order.
void add_weak_table(Project& project, Dice& dice) {
  const std::size_t above = dice.roll(project.tables.size());
  Table weak;
  weak.name = "W" + std::to_string(project.tables.size());
  const std::vector<std::string> columns = add_foreign_key(weak, project.tables[above], "up", true);
  weak.key = columns;
  weak.other.clear();
  weak.key.push_back("n");
  weak.required.clear();
  weak.other.push_back("v");
  weak.texts.insert("v");
  weak.save = dice.chance(35);
  const std::size_t number = project.tables.size();
  project.tables[above].relations.push_back(
      {"weak" + std::to_string(number), number, Holder::kTarget, true, columns, {}, {}, {}});
  weak.relations.push_back({"up", above, Holder::kSelf, false, columns, {}, {}, {}});
  project.tables.push_back(weak);
}

cidl::Model model_of(const Project& project, const Table& table) {
  std::vector<cidl::Column> columns;
  const auto kind = [&](const std::string& name) {
    return table.texts.count(name) != 0 ? TypeKind::kText : TypeKind::kInteger;
  };
  const auto refer = [&](cidl::Column& column) {
    for (std::size_t index = 0; index < project.tables.size(); ++index) {
      for (const Relation& relation : project.tables[index].relations) {
        const bool here = relation.holder == Holder::kSelf && &project.tables[index] == &table;
        const bool there =
            relation.holder == Holder::kTarget && &project.tables[relation.target] == &table;
        if (!here && !there) continue;
        const Table& other = here ? project.tables[relation.target] : project.tables[index];
        for (std::size_t part = 0; part < relation.columns.size(); ++part) {
          if (relation.columns[part] == column.name) {
            column.references = cidl::Reference{other.name, other.key[part]};
          }
        }
      }
    }
  };
  for (const std::string& name : table.key) {
    columns.push_back(orm::testing::key(name, kind(name)));
    refer(columns.back());
  }
  for (const std::string& name : table.other) {
    columns.push_back(orm::testing::column(
        name, table.required.count(name) != 0 ? type_of(kind(name)) : nullable(kind(name))));
    refer(columns.back());
    const auto closed = table.closed.find(name);
    if (closed != table.closed.end()) columns.back().access = closed->second;
  }
  std::vector<cidl::Navigation> navigations;
  for (const Relation& relation : table.relations) {
    const std::string& target = project.tables[relation.target].name;
    switch (relation.holder) {
      case Holder::kSelf:
        navigations.push_back(orm::testing::to_one(relation.name, target, relation.columns));
        break;
      case Holder::kTarget:
        navigations.push_back(
            relation.many ? orm::testing::to_many(relation.name, target, relation.columns)
                          : orm::testing::to_one_back(relation.name, target, relation.columns));
        break;
      case Holder::kJunction:
        navigations.push_back(orm::testing::many_to_many(relation.name, target, relation.junction));
        break;
    }
    navigations.back().access = relation.access;
  }
  cidl::Model model = orm::testing::model(table.name, columns, navigations);
  model.writes = include_tree(table.writes);
  if (table.save) {
    cidl::Type partial = type_of(TypeKind::kPartial);
    partial.name = table.name;
    cidl::Type object = type_of(TypeKind::kObject);
    object.name = table.name;
    cidl::Type result = type_of(TypeKind::kHttpResult);
    result.inner.push_back(object);
    cidl::Method save;
    save.name = "save";
    save.verb = cidl::Verb::kPost;
    save.builtin = Builtin::kSave;
    save.parameters = {{"model", partial}};
    save.returns = result;
    model.methods.push_back(save);
  }
  // What is read back has no say in what is written.
  if (!table.relations.empty() && table.relations.front().access != cidl::Access::kHidden) {
    model.data_sources = {{"default", {{{table.relations.front().name, {}}}}}};
  }
  return model;
}

// A column that callers may not give, and may not even know.
void close(Table& table, const std::string& column, cidl::Access access) {
  table.other.push_back(column);
  table.texts.insert(column);
  table.closed[column] = access;
}

}  // namespace

bool Table::generated() const {
  return key.size() == 1 && texts.count(key[0]) == 0 && foreign.count(key[0]) == 0;
}

Project random_project(Dice& dice) {
  Project project;
  const std::size_t count = 2 + dice.roll(4);
  for (std::size_t index = 0; index < count; ++index) {
    Table table;
    table.name = "M" + std::to_string(index);
    switch (dice.roll(6)) {
      case 0:
        table.key = {"name"};
        table.texts.insert("name");
        break;
      case 1:
        table.key = {"a", "b"};
        table.texts.insert("a");
        break;
      default:
        table.key = {"id"};
        break;
    }
    table.other = {"v"};
    table.texts.insert("v");
    if (dice.chance(50)) {
      table.other.push_back("w");
      if (dice.chance(50)) table.required.insert("w");
    }
    if (dice.chance(25)) close(table, "hidden", cidl::Access::kHidden);
    if (dice.chance(25)) close(table, "told", cidl::Access::kReadOnly);
    table.save = index == 0 || dice.chance(40);
    project.tables.push_back(table);
  }
  const std::size_t relations = 2 + dice.roll(5);
  for (std::size_t number = 0; number < relations; ++number) relate(project, number, dice);
  for (Table& table : project.tables) {
    for (Relation& relation : table.relations) {
      if (dice.chance(4)) relation.access = cidl::Access::kHidden;
      if (dice.chance(4)) relation.access = cidl::Access::kReadOnly;
    }
  }
  if (dice.chance(30)) add_weak_table(project, dice);
  for (Table& table : project.tables) {
    if (table.save) table.writes = random_tree(project, table, 2, dice);
  }
  project.interface.name = "random";
  project.interface.workers_url = "http://localhost/api";
  project.interface.route_prefix = "api";
  cidl::Environment environment;
  environment.name = "Env";
  environment.bindings = {{"db", cidl::BindingKind::kD1}};
  project.interface.environment = environment;
  for (const Table& table : project.tables) {
    project.interface.models.push_back(model_of(project, table));
    for (const Relation& relation : table.relations) {
      if (relation.holder != Holder::kJunction) continue;
      const bool known = std::any_of(
          project.interface.junctions.begin(), project.interface.junctions.end(),
          [&](const cidl::Junction& junction) { return junction.name == relation.junction; });
      if (known) continue;
      cidl::Junction junction;
      junction.name = relation.junction;
      junction.binding = "db";
      junction.left = {table.name, relation.source_columns};
      junction.right = {project.tables[relation.target].name, relation.target_columns};
      if (!is_left(relation)) std::swap(junction.left, junction.right);
      project.interface.junctions.push_back(junction);
    }
  }
  return project;
}

const Value* Node::given(const std::string& column) const {
  for (const auto& [name, value] : columns) {
    if (name == column) return &value;
  }
  return nullptr;
}

std::string Node::json() const {
  std::string out = "{";
  const auto name = [&](const std::string& text) {
    if (out.size() > 1) out += ",";
    out += "\"" + text + "\":";
  };
  for (const auto& [column, value] : columns) {
    name(column);
    const bool quoted = table->texts.count(column) != 0 && value != "null";
    out += quoted ? "\"" + value + "\"" : value;
  }
  for (const Branch& branch : branches) {
    name(branch.relation->name);
    if (branch.null) {
      out += "null";
      continue;
    }
    if (branch.relation->many) out += "[";
    for (std::size_t index = 0; index < branch.nodes.size(); ++index) {
      if (index > 0) out += ",";
      out += branch.nodes[index]->json();
    }
    if (branch.relation->many) out += "]";
  }
  return out + "}";
}

namespace {

Value random_value(const Table& table, const std::string& column, Dice& dice) {
  const bool key = holds(table.key, column) || table.foreign.count(column) != 0;
  std::size_t rolled = 1 + dice.roll(key ? 5 : 50);
  // A key that is not there yet is none that the database could make for another row of the body.
  if (key && rolled > kRowsOfTable) rolled = 90;
  const std::string number = std::to_string(rolled);
  return table.texts.count(column) != 0 ? (key ? "k" : "t") + number : number;
}

std::unique_ptr<Node> random_node(const Project& project, const Table& table, std::size_t depth,
                                  Dice& dice) {
  auto node = std::make_unique<Node>();
  node->table = &table;
  const bool keyed = dice.chance(table.generated() ? 60 : 92);
  for (const std::string& column : table.key) {
    // What is above may say it.
    const bool told = table.foreign.count(column) != 0 && dice.chance(60);
    if (keyed && !told) node->columns.emplace_back(column, random_value(table, column, dice));
  }
  const bool alone = keyed && dice.chance(35);
  for (const std::string& column : table.other) {
    if (alone) break;
    const bool foreign = table.foreign.count(column) != 0;
    const bool required = table.required.count(column) != 0;
    if (table.closed.count(column) != 0 && !dice.chance(4)) continue;
    if (!dice.chance(foreign ? (required ? 45 : 15) : (required ? 85 : 60))) continue;
    const bool null = !required && dice.chance(12);
    node->columns.emplace_back(column, null ? "null" : random_value(table, column, dice));
  }
  if (depth == 0) return node;
  for (const Relation& relation : table.relations) {
    if (relation.access != cidl::Access::kOpen && !dice.chance(8)) continue;
    if (!dice.chance(alone ? 12 : 38)) continue;
    Node::Branch branch{&relation, !relation.many && dice.chance(8), {}};
    const std::size_t count = branch.null ? 0 : relation.many ? dice.roll(4) : 1;
    for (std::size_t index = 0; index < count; ++index) {
      branch.nodes.push_back(
          random_node(project, project.tables[relation.target], depth - 1, dice));
    }
    node->branches.push_back(std::move(branch));
  }
  return node;
}

}  // namespace

std::unique_ptr<Node> random_body(const Project& project, const Table& root, Dice& dice) {
  return random_node(project, root, 1 + dice.roll(3), dice);
}

namespace {

// A key that the database makes, another one for each object.
bool is_unknown(const Value& value) { return value.front() == '?'; }

// A row as the save will see it: columns by name, and whether it is more than a name.
struct Row {
  const Node* node = nullptr;
  const Table* table = nullptr;
  std::map<std::string, Value> values;
  std::string place;
  bool deep = false;
};

class Judge {
 public:
  Judge(const Project& project, const Content& before, const std::set<std::string>& namespaces,
        const std::set<std::string>& saves)
      : project_(project), before_(before), namespaces_(namespaces), saves_(saves) {}

  Verdict run(const Node& root) {
    look_for_closed(root, "model");
    if (!verdict_.closed.empty()) return std::move(verdict_);
    asked_.insert(root.table->name);
    static_cast<void>(read(root, "model", Way::kFree, {&root.table->writes}));
    visit_hooks(root);
    return std::move(verdict_);
  }

 private:
  enum class Way { kFree, kOwned, kNamed };
  using Grants = std::vector<const Tree*>;

  void look_for_closed(const Node& node, const std::string& place) {
    for (const auto& [name, value] : node.columns) {
      if (node.table->closed.count(name) != 0) verdict_.closed.insert(place + "." + name);
    }
    for (const Node::Branch& branch : node.branches) {
      const std::string at = place + "." + branch.relation->name;
      if (branch.relation->access != cidl::Access::kOpen) {
        verdict_.closed.insert(at);
        continue;
      }
      for (std::size_t index = 0; index < branch.nodes.size(); ++index) {
        look_for_closed(*branch.nodes[index],
                        branch.relation->many ? at + "[" + std::to_string(index) + "]" : at);
      }
    }
  }

  void refuse(const std::string& place) { verdict_.refused.insert(place); }

  // Settles a row, all below it, and what it and its neighbours tell each other. `settle` is called
  // once its own to-one relations are known, so that what is above can add its key.
  Row read(const Node& node, const std::string& place, Way way, const Grants& grants) {
    Row row{&node, node.table, {}, place, false};
    const Table& table = *node.table;
    for (const auto& [name, value] : node.columns) {
      if (way == Way::kNamed && !holds(table.key, name)) {
        refuse(place + "." + name);
        continue;
      }
      row.values[name] = value;
    }
    struct Held {
      const Relation* relation;
      Row row;
      Way way;
      Grants grants;
    };
    std::vector<Held> held;
    struct Back {
      const Relation* relation;
      Row row;
      Way way;
    };
    std::vector<Back> backs;
    for (const Node::Branch& branch : node.branches) {
      const Relation& relation = *branch.relation;
      const Table& target = project_.tables[relation.target];
      Grants below;
      bool granted = false;
      for (const Tree* tree : grants) {
        const auto found = tree->below.find(relation.name);
        if (found == tree->below.end()) continue;
        granted = true;
        below.push_back(&found->second);
      }
      if (way == Way::kNamed) {
        granted = false;
        below.clear();
      }
      const bool direct = way != Way::kNamed && target.save &&
                          (relation.holder != Holder::kJunction || granted || table.save);
      if (direct) below.push_back(&target.writes);
      const Way next = direct ? Way::kFree : granted ? Way::kOwned : Way::kNamed;
      std::size_t index = 0;
      for (const auto& nested : branch.nodes) {
        const std::string at =
            place + "." + relation.name +
            (relation.many ? "[" + std::to_string(index++) + "]" : std::string());
        if (next == Way::kNamed && (relation.holder != Holder::kSelf || way == Way::kNamed)) {
          refuse(at);
          continue;
        }
        if (next != Way::kNamed) row.deep = true;
        Row child = read(*nested, at, next, below);
        if (relation.holder == Holder::kSelf) {
          held.push_back({&relation, std::move(child), next, {}});
        } else {
          backs.push_back({&relation, std::move(child), next});
        }
      }
    }
    for (Held& one : held) link_forwards(row, *one.relation, one.row, one.way);
    // The key of this row may come from what is above it: rows below wait until it is known.
    settle_[&node] = [this, held = std::move(held), backs = std::move(backs)](Row& self) mutable {
      for (auto& one : held) finish(self, *one.relation, one.row, one.way);
      for (auto& one : backs) {
        if (one.relation->holder == Holder::kTarget) link_backwards(self, one);
        finish(self, *one.relation, one.row, one.way);
      }
    };
    if (place == "model") {
      row_of_ = row;
      settled(row_of_, Way::kFree, nullptr, nullptr);
      settle_[&node](row_of_);
    }
    return row;
  }

  Value unknown(const Node& node) {
    const auto place = numbers_.emplace(&node, numbers_.size()).first;
    return "?" + std::to_string(place->second);
  }

  bool has(const Row& row, const std::string& column) const {
    const auto found = row.values.find(column);
    return found != row.values.end() && found->second != "null";
  }

  void link_forwards(Row& row, const Relation& relation, Row& target, Way way) {
    for (std::size_t index = 0; index < relation.columns.size(); ++index) {
      const std::string& column = relation.columns[index];
      const std::string& key = target.table->key[index];
      if (has(row, column) && !has(target, key)) target.values[key] = row.values[column];
      const Value value = has(target, key) ? target.values[key] : unknown(*target.node);
      if (has(row, column) && row.values[column] != value) verdict_.contradictory = true;
      row.values[column] = value;
    }
    const bool whole = std::all_of(target.table->key.begin(), target.table->key.end(),
                                   [&](const std::string& key) { return has(target, key); });
    if (way == Way::kNamed && !whole) refuse(target.place);
  }

  template <class Back>
  void link_backwards(const Row& row, Back& back) {
    Row& target = back.row;
    for (std::size_t index = 0; index < back.relation->columns.size(); ++index) {
      const std::string& column = back.relation->columns[index];
      const std::string& key = row.table->key[index];
      const auto own = row.values.find(key);
      const Value value = own == row.values.end() ? unknown(*row.node) : own->second;
      if (!has(target, column)) {
        target.values[column] = value;
      } else if (target.values[column] != value && back.way == Way::kOwned) {
        refuse(target.place + "." + column);
      }
    }
  }

  // A row below `above` whose values are all known now.
  void finish(const Row& above, const Relation& relation, Row& row, Way way) {
    settled(row, way, &above, &relation);
    if (settle_.count(row.node) != 0) settle_[row.node](row);
  }

  void settled(Row& row, Way way, const Row* above, const Relation* relation) {
    const Table& table = *row.table;
    if (above != nullptr && relation->holder == Holder::kJunction)
      note_link(*above, *relation, row);
    if (way == Way::kNamed) return;
    Key key;
    bool fresh = false;
    for (const std::string& part : table.key) {
      const auto found = row.values.find(part);
      const bool known =
          found != row.values.end() && found->second != "null" && !is_unknown(found->second);
      fresh = fresh || !known;
      key.push_back(known ? found->second : unknown(*row.node));
    }
    bool more = false;
    for (const auto& [name, value] : row.values) more = more || !holds(table.key, name);
    bool complete = true;
    for (const std::string& name : table.other) {
      if (table.required.count(name) != 0 && row.values.count(name) == 0) complete = false;
    }
    if (way == Way::kOwned && !fresh && (more || row.deep) &&
        !belongs(*above, *relation, row, key)) {
      verdict_.others.insert(row.place);
    }
    if (more || fresh || complete) verdict_.written.push_back({&table, key, row.values});
    free_[row.node] =
        above != nullptr && way == Way::kFree && (more || fresh || complete || row.deep);
  }

  bool belongs(const Row& above, const Relation& relation, const Row& row, const Key& key) const {
    const auto& rows = before_.rows.at(row.table->name);
    const auto found = rows.find(key);
    if (found == rows.end()) return true;  // nobody's yet
    Key owner;
    for (const std::string& part : above.table->key) {
      const auto value = above.values.find(part);
      owner.push_back(value == above.values.end() ? "?" : value->second);
    }
    std::set<Key> owners;
    switch (relation.holder) {
      case Holder::kTarget: {
        Key holder;
        for (const std::string& column : relation.columns) {
          holder.push_back(found->second.at(column));
        }
        owners.insert(holder);
        break;
      }
      case Holder::kSelf:
        for (const auto& [other, values] : before_.rows.at(above.table->name)) {
          Key held;
          for (const std::string& column : relation.columns) held.push_back(values.at(column));
          if (held == key) owners.insert(other);
        }
        break;
      case Holder::kJunction:
        for (const auto& link : before_.links.at(relation.junction)) {
          const auto [source, target] = sides(relation, link);
          if (target == key) owners.insert(source);
        }
        break;
    }
    return owners == std::set<Key>{owner};
  }

  // A link as it is stored: the columns of the left side come first.
  static std::pair<Key, Key> sides(const Relation& relation, const std::vector<Value>& link) {
    const bool left = is_left(relation);
    const std::size_t cut = left ? relation.source_columns.size() : relation.target_columns.size();
    Key first(link.begin(), link.begin() + static_cast<std::ptrdiff_t>(cut));
    Key second(link.begin() + static_cast<std::ptrdiff_t>(cut), link.end());
    if (!left) std::swap(first, second);
    return {first, second};
  }

  void note_link(const Row& above, const Relation& relation, const Row& row) {
    const auto key_of = [this](const Row& one) {
      Key key;
      for (const std::string& part : one.table->key) {
        const auto value = one.values.find(part);
        const bool known = value != one.values.end() && value->second != "null";
        key.push_back(known ? value->second : unknown(*one.node));
      }
      return key;
    };
    Key source = key_of(above);
    Key target = key_of(row);
    const bool left = is_left(relation);
    if (!left) std::swap(source, target);
    std::vector<Value> link = source;
    link.insert(link.end(), target.begin(), target.end());
    if (std::any_of(link.begin(), link.end(), is_unknown)) {
      ++verdict_.fresh_links[relation.junction];
    } else {
      verdict_.links[relation.junction].insert(link);
    }
  }

  // In the order of the text: columns come first, then relations as they were put down.
  void visit_hooks(const Node& node) {
    for (const Node::Branch& branch : node.branches) {
      for (const auto& nested : branch.nodes) {
        const auto found = free_.find(nested.get());
        if (found != free_.end() && found->second) {
          const std::string& name = nested->table->name;
          if (asked_.insert(name).second && namespaces_.count(name) != 0) {
            verdict_.asked.push_back(name);
          }
          if (saves_.count(name) != 0) verdict_.asked.push_back(name + ".save");
        }
        visit_hooks(*nested);
      }
    }
  }

  const Project& project_;
  const Content& before_;
  const std::set<std::string>& namespaces_;
  const std::set<std::string>& saves_;
  Verdict verdict_;
  Row row_of_;
  std::set<std::string> asked_;
  std::map<const Node*, std::function<void(Row&)>> settle_;
  std::map<const Node*, bool> free_;
  std::map<const Node*, std::size_t> numbers_;
};

}  // namespace

Verdict judge(const Project& project, const Node& root, const Content& before,
              const std::set<std::string>& guarded_namespaces,
              const std::set<std::string>& guarded_saves) {
  return Judge(project, before, guarded_namespaces, guarded_saves).run(root);
}

}  // namespace cloesce::runtime::testing
