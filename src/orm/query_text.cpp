// Left joins from the model outwards; every alias is the path of its relation.
#include "orm/query_text.h"

#include "base/ascii.h"
#include "base/concat.h"
#include "base/string.h"
#include "orm/detail/column_sql.h"
#include "sql/statement.h"

namespace cloesce::orm {
namespace {

using cidl::KeyOwner;
using cidl::NavigationKind;

class QueryWriter {
 public:
  explicit QueryWriter(const IncludeTree& tree) : root_(*tree.model) {
    add_object(root_, root_.table, {}, tree.entries);
  }

  [[nodiscard]] std::size_t columns() const { return columns_; }

  [[nodiscard]] sql::Statement finish(std::string_view from) const {
    sql::Statement out;
    out.text("SELECT ").append(list_).text(" FROM ");
    if (from.empty()) {
      out.identifier(root_.table);
    } else {
      out.text("(").foreign(from).text(") AS ").identifier(root_.table);
    }
    return out.append(joins_);
  }

 private:
  void add_object(const ModelSchema& model, std::string_view alias, const String& path,
                  std::span<const IncludeEntry> entries) {
    for (const ColumnSchema& column : model.columns) {
      if (columns_++ > 0) list_.text(", ");
      list_.column(alias, column.name).text(" AS ");
      if (path.empty()) {
        list_.identifier(column.name);
      } else {
        list_.identifier(filled("%.%", {path, column.name}));
      }
    }
    for (const IncludeEntry& entry : entries) {
      const NavigationSchema& navigation = *entry.navigation;
      const String below =
          path.empty() ? String(navigation.name) : filled("%.%", {path, navigation.name});
      String target_alias = below;
      while (same_but_for_case(target_alias, root_.table)) target_alias += '_';
      add_join(model, alias, navigation, target_alias);
      add_object(*navigation.target, target_alias, below, entry.children());
    }
  }

  void add_join(const ModelSchema& model, std::string_view alias,
                const NavigationSchema& navigation, std::string_view target_alias) {
    const ModelSchema& target = *navigation.target;
    String junction;
    if (navigation.kind == NavigationKind::kManyToMany) {
      junction = filled("%:links", {target_alias});
      joins_.text(" LEFT JOIN ").identifier(navigation.junction).text(" AS ");
      joins_.identifier(junction).text(" ON ");
      for (std::size_t index = 0; index < model.primary_key.size(); ++index) {
        add_match(index, junction, navigation.source_columns[index], alias, model.key(index).name);
      }
    }
    joins_.text(" LEFT JOIN ").identifier(target.table).text(" AS ").identifier(target_alias);
    joins_.text(" ON ");
    if (navigation.kind == NavigationKind::kManyToMany) {
      for (std::size_t index = 0; index < target.primary_key.size(); ++index) {
        add_match(index, target_alias, target.key(index).name, junction,
                  navigation.target_columns[index]);
      }
      return;
    }
    const bool self =
        navigation.kind == NavigationKind::kOneToOne && navigation.key_owner == KeyOwner::kSelf;
    for (std::size_t index = 0; index < navigation.columns.size(); ++index) {
      const std::size_t position = navigation.columns[index];
      if (self) {
        add_match(index, target_alias, target.key(index).name, alias, model.columns[position].name);
      } else {
        add_match(index, target_alias, target.columns[position].name, alias, model.key(index).name);
      }
    }
  }

  void add_match(std::size_t index, std::string_view left_alias, std::string_view left_name,
                 std::string_view right_alias, std::string_view right_name) {
    if (index > 0) joins_.text(" AND ");
    detail::append_equal(joins_, left_alias, left_name, right_alias, right_name);
  }

  const ModelSchema& root_;
  sql::Statement list_;
  sql::Statement joins_;
  std::size_t columns_ = 0;
};

Result<String> checked(const IncludeTree& tree, const QueryWriter& writer,
                       const sql::Statement& statement) {
  if (writer.columns() > kMaximumResultColumns) {
    return Failure{ErrorCode::kLimitExceeded,
                   filled("the query would have % columns, the limit is %",
                          {decimal(writer.columns()), decimal(kMaximumResultColumns)}),
                   tree.model->name};
  }
  String text = statement.render();
  if (text.size() > sql::kMaximumStatementBytes) {
    return Failure{ErrorCode::kLimitExceeded, "the query would be too long", tree.model->name};
  }
  return text;
}

}  // namespace

Result<String> list_query(const IncludeTree& tree, const QueryOptions& options) {
  const QueryWriter writer(tree);
  const sql::Statement query = writer.finish(options.from);
  if (options.tag_cte.empty() && tree.entries.empty()) return checked(tree, writer, query);
  sql::Statement tagged;
  if (options.tag_cte.empty()) {
    tagged.text("SELECT * FROM (").append(query).text(") AS ").identifier(tree.model->table);
    return checked(tree, writer, tagged);
  }
  tagged.text("WITH ").identifier(options.tag_cte).text(" AS (").append(query);
  tagged.text(") SELECT * FROM ").identifier(options.tag_cte);
  return checked(tree, writer, tagged);
}

Result<String> get_query(const IncludeTree& tree) {
  const QueryWriter writer(tree);
  const ModelSchema& model = *tree.model;
  sql::Statement query = writer.finish({});
  for (std::size_t index = 0; index < model.primary_key.size(); ++index) {
    if (index == 0) {
      query.text(" WHERE ");
    } else {
      query.text(" AND ");
    }
    query.column(model.table, model.key(index).name).text(" = ");
    query.parameter(static_cast<std::uint32_t>(index + 1));
  }
  return checked(tree, writer, query);
}

}  // namespace cloesce::orm
