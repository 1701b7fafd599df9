// Builds one statement per to-many relation, each restricted to the objects that its owner's
// statement selects.
#include "orm/select_plan.h"

#include <algorithm>
#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/string.h"
#include "json/writer.h"
#include "orm/detail/column_sql.h"
#include "orm/detail/join_sql.h"
#include "orm/detail/query_sql.h"
#include "orm/detail/scope_sql.h"
#include "sql/statement.h"

namespace cloesce::orm {
namespace {

using cidl::KeyOwner;
using cidl::NavigationKind;
using detail::append_list;
using detail::append_order;
using detail::append_tuple;
using detail::Names;
using detail::names_of;

// Their texts are one expression, whose depth the database limits to 100.
constexpr std::size_t kMaximumJoinedStatements = 32;

// No class can have these names, and no column.
constexpr std::string_view kPageName = "cloesce:page";
constexpr std::string_view kRowNumber = "cloesce:n";

// Tables that the database joins in one SELECT.
constexpr std::size_t kMaximumTables = 64;

// `,"id":` as JSON, or `{"id":` for the first member.
String member_label(const ObjectPlan& object, std::string_view name) {
  Arena arena(nullptr, 256);
  ByteBuffer label(arena);
  label.push(object.members.empty() ? '{' : ',');
  json::append_string(label, name);
  label.push(':');
  return String(label.view());
}

// A set of rows somewhere in the tree: the root's, or what a relation leads to from another set.
struct RowSet {
  const ModelSchema* model = nullptr;
  const RowSet* owner = nullptr;
  const NavigationSchema* navigation = nullptr;
  const IncludeEntry* entry = nullptr;  // that the relation is asked with

  // Whether not all rows that the relation leads to are in it, or not in the order of their key.
  [[nodiscard]] bool queried() const { return entry != nullptr && !entry->query.empty(); }
};

class Planner {
 public:
  Planner(const IncludeTree& tree, const RowSelection& selection)
      : tree_(tree), selection_(selection), narrowing_(selection.narrowing) {
    plan_.model = tree.model;
  }

  Result<SelectPlan> run() {
    const RowSet root{tree_.model, nullptr, nullptr};
    const String alias = aliases_.next('t');
    const bool queried = selection_.kind == Selection::kQuery;
    detail::QuerySql query;
    if (queried) {
      query = detail::query_sql(*root.model, selection_.from, alias, aliases_, narrowing_);
      if (!tree_.entries.empty()) plan_page();
    }
    root_alias_ = alias;
    Rows rows = make_rows(root, tree_.entries, alias, cursor_values(query));
    if (!failure_.ok()) return std::move(failure_).failure();
    if (query.joined + rows.joined >= kMaximumTables) {
      return Failure{ErrorCode::kLimitExceeded,
                     "the query and its include tree lead to too many relations to one row",
                     root.model->name};
    }
    sql::Statement from;
    append_root_rows(from);
    from.text(" ").identifier(rows.alias);

    sql::Statement statement;
    statement.text("select ").append(rows.value).text(" as \"j\" from ").append(from);
    statement.append(query.joins).append(rows.joins);
    sql::Statement condition;
    if (queried) {
      condition = std::move(query.condition);
    } else if (selection_.kind != Selection::kFrom) {
      append_restriction(condition, rows.alias, names_of(*root.model, root.model->primary_key),
                         root);
    }
    if (!condition.empty()) statement.text(" where ").append(condition);
    if (queried) {
      statement.append(query.order);
      detail::append_page(statement, query, 1);
    } else if (selection_.kind != Selection::kKey) {
      append_order(statement, rows.alias, *root.model);
      if (selection_.limit > 0) statement.text(" limit ").number(selection_.limit + 1);
    }
    CLOESCE_TRY(finish_statement(statement, rows.object));
    if (joins_all() && plan_.statements.size() > 1) join_statements();

    plan_.bytes = sizeof(SelectPlan) + plan_.joined.size() + plan_.cursor.size() * 4;
    for (const StatementPlan& entry : plan_.statements)
      plan_.bytes += entry.sql.size() + sizeof entry;
    for (const ObjectPlan& object : plan_.objects) {
      plan_.bytes += sizeof object + object.members.size() * (sizeof(MemberPlan) + 16);
    }
    return std::move(plan_);
  }

 private:
  // The rows of one statement, or the part of them that one joined object takes.
  struct Rows {
    String alias;
    sql::Statement value;  // the JSON array
    sql::Statement joins;
    std::size_t joined = 0;
    std::uint32_t object = 0;
  };

  // Notes of which values of a row a cursor is made of. Those that no object has stand before it.
  List<sql::Statement> cursor_values(const detail::QuerySql& query) {
    List<sql::Statement> values;
    for (const detail::OrderColumn& order : query.order_columns) {
      if (order.own && !leaves_out(order.column->access)) continue;
      sql::Statement value;
      detail::append_json_value(value, order.alias, *order.column, order.column->name);
      values.push_back(std::move(value));
    }
    std::size_t before = 0;
    for (const detail::OrderColumn& order : query.order_columns) {
      const bool apart = !order.own || leaves_out(order.column->access);
      plan_.cursor.push_back(static_cast<std::uint32_t>(
          apart ? before++ : values.size() + position_of(*order.column)));
    }
    if (selection_.kind != Selection::kAll) return values;
    for (const std::size_t key : tree_.model->primary_key) {
      plan_.cursor.push_back(static_cast<std::uint32_t>(position_of(tree_.model->columns[key])));
    }
    return values;
  }

  // Of a column of the root among the values of its object.
  [[nodiscard]] std::size_t position_of(const ColumnSchema& column) const {
    std::size_t position = 0;
    for (const ColumnSchema& other : tree_.model->columns) {
      if (&other == &column) break;
      if (!leaves_out(other.access)) ++position;
    }
    return position;
  }

  // `set` is shared by everything below, so it must live while the tree is walked.
  Rows make_rows(const RowSet& set, std::span<const IncludeEntry> entries, String alias,
                 const List<sql::Statement>& link) {
    Rows rows;
    rows.alias = std::move(alias);
    rows.object = static_cast<std::uint32_t>(plan_.objects.size());
    plan_.objects.emplace_back();

    const ModelSchema& model = *set.model;
    ObjectPlan object;
    object.model = &model;
    object.link_columns = link.size();
    List<sql::Statement> values = link;
    add_columns(object, values, rows.alias);
    if (selection_.projection == Projection::kObject) {
      add_navigations(object, values, rows, set, entries);
    }

    object.values = values.size();
    object.form = values.size() > kMaximumArrayArguments ? ArrayForm::kChunked : ArrayForm::kPlain;
    rows.value = array_of(values);
    plan_.objects[rows.object] = std::move(object);
    return rows;
  }

  // Whether the tree's view leaves a member out.
  [[nodiscard]] bool leaves_out(cidl::Access access) const {
    return tree_.view == View::kOpen && access == cidl::Access::kHidden;
  }

  void add_columns(ObjectPlan& object, List<sql::Statement>& values, std::string_view alias) const {
    const ModelSchema& model = *object.model;
    const bool keys = selection_.projection == Projection::kKey;
    for (std::size_t position = 0; position < model.columns.size(); ++position) {
      const ColumnSchema& column = model.columns[position];
      if ((keys && !model.key_columns.test(position)) || leaves_out(column.access)) continue;
      MemberPlan member;
      member.kind = MemberPlan::Kind::kColumn;
      member.column = column.kind;
      member.label = member_label(object, column.name);
      member.name = column.name;
      const auto key = std::find(model.primary_key.begin(), model.primary_key.end(), position);
      if (key != model.primary_key.end()) {
        member.key_position = static_cast<std::int8_t>(key - model.primary_key.begin());
      }
      object.members.push_back(std::move(member));
      sql::Statement value;
      detail::append_json_value(value, alias, column, column.name);
      values.push_back(std::move(value));
    }
  }

  void add_navigations(ObjectPlan& object, List<sql::Statement>& values, Rows& rows,
                       const RowSet& set, std::span<const IncludeEntry> entries) {
    auto entry = entries.begin();
    for (const NavigationSchema& navigation : object.model->navigations) {
      const bool included = entry != entries.end() && entry->navigation == &navigation;
      if (!included && (!navigation.to_many() || leaves_out(navigation.access))) continue;
      MemberPlan member;
      member.label = member_label(object, navigation.name);
      member.name = navigation.name;
      if (!included) {
        member.kind = MemberPlan::Kind::kNothing;
        member.label += "[]";
      } else if (navigation.to_many()) {
        member.kind = MemberPlan::Kind::kToMany;
        member.target =
            plan_to_many({&*navigation.target, &set, &navigation, &*entry}, entry->children());
        object.has_to_many = true;
      } else {
        member.kind = MemberPlan::Kind::kToOne;
        const RowSet target{&*navigation.target, &set, &navigation};
        Rows joined = make_rows(target, entry->children(), aliases_.next('t'), {});
        member.target = joined.object;
        values.push_back(optional_value(joined, *navigation.target));
        detail::append_join(rows.joins, rows.alias, *set.model, navigation, joined.alias,
                            narrowing_, aliases_);
        rows.joins.append(joined.joins);
        rows.joined += joined.joined + 1;
      }
      object.members.push_back(std::move(member));
      if (included) ++entry;
    }
  }

  // A to-one object is null when its join found nothing.
  static sql::Statement optional_value(const Rows& joined, const ModelSchema& target) {
    sql::Statement value;
    value.text("iif(").column(joined.alias, target.key(0).name).text(" is null,null,");
    value.append(joined.value).text(")");
    return value;
  }

  // Plans the statement of a to-many relation and answers its number.
  std::uint32_t plan_to_many(const RowSet& set, std::span<const IncludeEntry> entries) {
    const NavigationSchema& navigation = *set.navigation;
    const ModelSchema& owner = *set.owner->model;
    // Rows that were asked for come with their links.
    const bool many = navigation.kind == NavigationKind::kManyToMany && !set.queried();
    // The link columns are in the rows' own table, or in the junction.
    const String alias = aliases_.next('t');
    const String link_alias = many ? aliases_.next('j') : alias;
    const Names link_names = link_names_of(navigation);

    List<sql::Statement> link;
    for (std::size_t index = 0; index < link_names.size(); ++index) {
      sql::Statement value;
      detail::append_json_value(value, link_alias, owner.key(index), link_names[index]);
      link.push_back(std::move(value));
    }
    const Rows rows = make_rows(set, entries, alias, link);

    sql::Statement statement;
    statement.text("select ").append(rows.value).text(" as \"j\" from ");
    if (many) {
      statement.identifier(navigation.junction).text(" ").identifier(link_alias);
      statement.text(" join ");
    }
    Limit limit;
    if (set.queried()) {
      limit = append_queried(statement, set);
    } else {
      detail::append_rows_of(statement, narrowing_, *navigation.target, aliases_);
    }
    statement.text(" ").identifier(rows.alias);
    if (many) {
      statement.text(" on ");
      for (std::size_t index = 0; index < navigation.target_columns.size(); ++index) {
        if (index > 0) statement.text(" and ");
        detail::append_equal(statement, rows.alias, navigation.target->key(index).name, link_alias,
                             navigation.target_columns[index]);
      }
    }
    statement.append(rows.joins);

    if (set.queried()) {
      append_limit(statement, rows.alias, limit);
      append_list(statement.text(" order by "), rows.alias, link_names);
      statement.text(",").column(rows.alias, kRowNumber);
    } else {
      sql::Statement condition;
      append_restriction(condition, link_alias, link_names, *set.owner);
      if (condition.empty() && !many) append_not_null(condition, link_alias, navigation);
      if (!condition.empty()) statement.text(" where ").append(condition);
      append_child_order(statement, set, link_alias, link_names, rows.alias);
    }
    if (Result<void> finished = finish_statement(statement, rows.object); !finished.ok()) {
      if (failure_.ok()) failure_ = std::move(finished);
    }
    return static_cast<std::uint32_t>(plan_.statements.size() - 1);
  }

  // The columns that say which object a row belongs to.
  static Names link_names_of(const NavigationSchema& navigation) {
    return navigation.kind == NavigationKind::kManyToMany
               ? names_of(navigation.source_columns)
               : names_of(*navigation.target, navigation.columns);
  }

  // How many rows an object has at most: a place among the values in the list; 0: all.
  using Limit = std::uint32_t;

  // `(select …)` of the rows that the set's query asks for, numbered for each object in their
  // order, with the columns that say which object that is. The numbers beyond the limit are there.
  Limit append_queried(sql::Statement& out, const RowSet& set) {
    const NavigationSchema& navigation = *set.navigation;
    const bool many = navigation.kind == NavigationKind::kManyToMany;
    const String alias = aliases_.next('t');
    const String link = many ? aliases_.next('j') : alias;
    const Names names = link_names_of(navigation);
    const detail::QuerySql query = detail::query_sql(
        *set.model, set.entry->query, alias, aliases_, narrowing_,
        {narrowing_.parameter, detail::count_values(narrowing_.scopes) + set.entry->first_value});
    out.text("(select ").identifier(alias).text(".*");
    if (many) append_list(out.text(","), link, names);
    append_list(out.text(",row_number() over (partition by "), link, names);
    out.append(query.order).text(") as ").identifier(kRowNumber).text(" from ");
    if (many) out.identifier(navigation.junction).text(" ").identifier(link).text(" join ");
    detail::append_rows_of(out, narrowing_, *set.model, aliases_);
    out.text(" ").identifier(alias);
    for (std::size_t index = 0; many && index < navigation.target_columns.size(); ++index) {
      index == 0 ? out.text(" on ") : out.text(" and ");
      detail::append_equal(out, alias, set.model->key(index).name, link,
                           navigation.target_columns[index]);
    }
    out.append(query.joins);
    sql::Statement condition;
    append_restriction(condition, link, names, *set.owner);
    if (condition.empty() && !many) append_not_null(condition, link, navigation);
    if (!query.condition.empty()) {
      if (!condition.empty()) condition.text(" and ");
      condition.append(query.condition);
    }
    if (!condition.empty()) out.text(" where ").append(condition);
    out.text(")");
    return query.limit;
  }

  // ` where` a row is within the limit.
  void append_limit(sql::Statement& out, std::string_view alias, Limit limit) const {
    if (limit == 0) return;
    out.text(" where ").column(alias, kRowNumber).text(" <= cast(");
    out.parameter(narrowing_.parameter).text("->>").number(limit - 1).text(" as integer)");
  }

  // Rows of one object come together and in order of their key, in the order of an index where
  // there is one.
  void append_child_order(sql::Statement& out, const RowSet& set, std::string_view link_alias,
                          const Names& link_names, std::string_view alias) const {
    const NavigationSchema& navigation = *set.navigation;
    if (navigation.kind == NavigationKind::kManyToMany) {
      out.text(" order by ");
      append_list(out, link_alias, link_names);
      out.text(",");
      append_list(out, link_alias, names_of(navigation.target_columns));
      return;
    }
    append_order(out, alias, *navigation.target);
  }

  static void append_not_null(sql::Statement& out, std::string_view alias,
                              const NavigationSchema& navigation) {
    for (const std::size_t position : navigation.columns) {
      const ColumnSchema& column = navigation.target->columns[position];
      if (column.nullability == Nullability::kRequired) continue;
      if (!out.empty()) out.text(" and ");
      out.column(alias, column.name).text(" is not null");
    }
  }

  // Restricts `alias`.`names` to the keys of the objects in `set`. Appends nothing when all rows
  // may be in it.
  void append_restriction(sql::Statement& out, std::string_view alias, const Names& names,
                          const RowSet& set) {
    if (set.owner == nullptr) {
      append_root_restriction(out, alias, names);
      return;
    }
    sql::Statement keys;
    if (!append_keys(keys, set)) return;
    append_tuple(out, alias, names);
    out.text(" in (").append(keys).text(")");
  }

  void append_root_restriction(sql::Statement& out, std::string_view alias, const Names& names) {
    const ModelSchema& root = *tree_.model;
    switch (selection_.kind) {
      case Selection::kAll:
        // The rows themselves are narrowed already.
        if (!narrows(root) || alias == root_alias_) return;
        append_tuple(out, alias, names);
        detail::append_in_scope(out, narrowing_, root, aliases_);
        return;
      case Selection::kFrom: {
        const String inner = aliases_.next('k');
        append_tuple(out, alias, names);
        out.text(" in (select ");
        append_list(out, inner, names_of(root, root.primary_key));
        out.text(" from ");
        append_root_rows(out);
        out.text(" ").identifier(inner).text(")");
        return;
      }
      case Selection::kKey: {
        std::uint32_t parameter = 1;
        for (std::size_t index = 0; index < names.size(); ++index) {
          if (index > 0) out.text(" and ");
          out.column(alias, names[index]).text(" = ");
          const ColumnSchema& key = root.key(index);
          if ((selection_.generated_keys >> index & 1U) == 0) {
            detail::append_bound_key(out, key.kind, parameter++);
            continue;
          }
          out.text("(");
          detail::append_generated_base(out, key.references == nullptr ? root : *key.references,
                                        parameter);
          out.text(" + cast(").parameter(parameter + 1).text(" as integer))");
          parameter += 2;
        }
        return;
      }
      case Selection::kQuery: {
        if (!restricted_) return;
        const String inner = aliases_.next('k');
        append_tuple(out, alias, names);
        out.text(" in (select ");
        append_list(out, inner, names_of(root, root.primary_key));
        out.text(" from ").identifier(kPageName).text(" ").identifier(inner).text(")");
        return;
      }
    }
  }

  // The keys of the rows that the query asks for, for the statements below the root's: one text,
  // which the database reads once in a statement.
  void plan_page() {
    const ModelSchema& root = *tree_.model;
    const String alias = aliases_.next('k');
    const detail::QuerySql query =
        detail::query_sql(root, selection_.from, alias, aliases_, narrowing_);
    const bool limited = query.limit != 0 || query.offset != 0;
    restricted_ = limited || !query.condition.empty() || narrows(root);
    if (!restricted_) return;
    page_.text("with ").identifier(kPageName).text(" as materialized (select ");
    append_list(page_, alias, names_of(root, root.primary_key));
    page_.text(" from ");
    detail::append_rows_of(page_, narrowing_, root, aliases_);
    page_.text(" ").identifier(alias).append(query.joins);
    if (!query.condition.empty()) page_.text(" where ").append(query.condition);
    if (limited) page_.append(query.order);
    detail::append_page(page_, query, 0);
    page_.text(")");
    if (page_.largest_parameter() < narrowing_.parameter) {
      detail::append_unused(page_.text(","), narrowing_);
    }
    page_.text(" ");
    uses_list_ = true;
  }

  // `select` of the keys of a set below the root. False when every row of the model may be in the
  // set.
  bool append_keys(sql::Statement& out, const RowSet& set) {
    const NavigationSchema& navigation = *set.navigation;
    const ModelSchema& owner = *set.owner->model;
    const String alias = aliases_.next('k');
    if (set.queried()) {
      append_list(out.text("select "), alias, names_of(*set.model, set.model->primary_key));
      const Limit limit = append_queried(out.text(" from "), set);
      out.text(" ").identifier(alias);
      append_limit(out, alias, limit);
      return true;
    }
    sql::Statement condition;
    const auto select = [&](const Names& names, const sql::Statement& table) {
      out.text("select ");
      append_list(out, alias, names);
      out.text(" from ").append(table).text(" ").identifier(alias);
      if (!condition.empty()) out.text(" where ").append(condition);
    };
    // Of keys that do not come from the rows' own table.
    const auto narrow = [&](const Names& names) {
      if (!narrows(*set.model)) return;
      if (!condition.empty()) condition.text(" and ");
      append_tuple(condition, alias, names);
      detail::append_in_scope(condition, narrowing_, *set.model, aliases_);
    };
    sql::Statement table;
    if (navigation.kind == NavigationKind::kManyToMany) {
      const Names names = names_of(navigation.target_columns);
      append_restriction(condition, alias, names_of(navigation.source_columns), *set.owner);
      narrow(names);
      select(names, table.identifier(navigation.junction));
      return true;
    }
    if (navigation.kind == NavigationKind::kOneToOne && navigation.key_owner == KeyOwner::kSelf) {
      const Names names = names_of(owner, navigation.columns);
      append_restriction(condition, alias, names_of(owner, owner.primary_key), *set.owner);
      narrow(names);
      select(names, table.identifier(owner.table));
      return true;
    }
    append_restriction(condition, alias, names_of(*set.model, navigation.columns), *set.owner);
    if (condition.empty()) append_not_null(condition, alias, navigation);
    if (condition.empty() && !narrows(*set.model)) return false;
    detail::append_rows_of(table, narrowing_, *set.model, aliases_);
    select(names_of(*set.model, set.model->primary_key), table);
    return true;
  }

  [[nodiscard]] bool narrows(const ModelSchema& model) const {
    return detail::narrows(narrowing_, model);
  }

  void append_root_rows(sql::Statement& out) {
    sql::Statement source;
    if (selection_.kind == Selection::kFrom) {
      source.text("(").foreign(selection_.from).text(")");
    } else {
      source.identifier(tree_.model->table);
    }
    detail::append_rows_of(out, narrowing_, *tree_.model, source, aliases_);
  }

  static sql::Statement array_of(const List<sql::Statement>& values) {
    sql::Statement out;
    const bool chunked = values.size() > kMaximumArrayArguments;
    if (chunked) out.text("json_array(");
    for (std::size_t begin = 0; begin < values.size(); begin += kMaximumArrayArguments) {
      if (begin > 0) out.text(",");
      out.text("json_array(");
      const std::size_t end = std::min(values.size(), begin + kMaximumArrayArguments);
      for (std::size_t index = begin; index < end; ++index) {
        if (index > begin) out.text(",");
        out.append(values[index]);
      }
      out.text(")");
    }
    if (chunked) out.text(")");
    return out;
  }

  // Whether there is one statement for all in the end, if there are several.
  [[nodiscard]] bool joins_all() const { return selection_.rows == RowForm::kJoined; }

  // At most one row comes of the root by its key, so there is nothing to join.
  [[nodiscard]] bool joins_rows(std::uint32_t object) const {
    return joins_all() && (object != 0 || selection_.kind != Selection::kKey);
  }

  Result<void> finish_statement(const sql::Statement& rows, std::uint32_t object) {
    sql::Statement joined;
    if (joins_rows(object)) {
      // SQLite keeps the order of a subquery for this aggregate.
      joined.text("select group_concat(\"j\") as \"j\" from (").append(rows).text(")");
      const bool only = object == 0 && plan_.statements.empty();
      if (only) joined.text(" having count(*) > 0");
    }
    sql::Statement whole;
    // The root's own statement is the last.
    if (object != 0 && selection_.rows == RowForm::kSeparate) whole.append(page_);
    whole.append(joined.empty() ? rows : joined);
    uses_list_ = uses_list_ || whole.largest_parameter() >= narrowing_.parameter;
    // Statements that are joined take their parameters together.
    String text = joins_all() && (object != 0 || !plan_.statements.empty())
                      ? whole.render()
                      : detail::render_narrowed(whole, narrowing_);
    if (text.size() > sql::kMaximumStatementBytes) {
      return Failure{ErrorCode::kLimitExceeded,
                     filled("a statement would be % bytes long, the limit is %",
                            {decimal(text.size()), decimal(sql::kMaximumStatementBytes)}),
                     plan_.objects[object].model->name};
    }
    plan_.statements.push_back({std::move(text), object});
    return {};
  }

  // One statement for all: a database spends more on a statement than on the rows of most.
  void join_statements() {
    if (!uses_list_) {
      detail::append_unused(page_.text("with "), narrowing_);
      page_.text(" ");
    }
    plan_.joined = page_.render();
    plan_.joined += "select ";
    std::string_view before = "coalesce((";
    std::string_view after = "),'')";
    for (StatementPlan& statement : plan_.statements) {
      plan_.joined += concat({before, statement.sql, after});
      statement.sql = {};
      before = "||coalesce('],['||(";
      after = "),'],[')";
    }
    plan_.joined.append(" as \"j\"");
  }

  const IncludeTree& tree_;
  const RowSelection& selection_;
  const Narrowing& narrowing_;
  String root_alias_;
  SelectPlan plan_;
  detail::Aliases aliases_;
  sql::Statement page_;
  bool restricted_ = false;
  bool uses_list_ = false;  // the parameter of scopes and of queries in the tree
  Result<void> failure_;
};

}  // namespace

Result<SelectPlan> plan_select(const IncludeTree& tree, const RowSelection& selection) {
  Result<SelectPlan> plan = Planner(tree, selection).run();
  if (plan.ok() && (plan->joined.size() > sql::kMaximumStatementBytes ||
                    plan->statements.size() > kMaximumJoinedStatements)) {
    RowSelection separate = selection;
    separate.rows = RowForm::kSeparate;
    return Planner(tree, separate).run();
  }
  return plan;
}

Batch bind_select(const SelectPlan& plan, std::string_view parameters, Arena& arena) {
  const std::span<Statement> statements = arena.make_span<Statement>(plan.batch_size());
  for (std::size_t index = 0; index < statements.size(); ++index) {
    statements[index] = {plan.batch_sql(index), parameters};
  }
  return statements;
}

}  // namespace cloesce::orm
