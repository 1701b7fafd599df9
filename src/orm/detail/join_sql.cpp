// Joins never make two rows of one.
#include "orm/detail/join_sql.h"

#include "base/concat.h"
#include "orm/detail/column_sql.h"
#include "orm/detail/scope_sql.h"

namespace cloesce::orm::detail {
namespace {

// The target's foreign key columns equal this model's key.
void append_key_match(sql::Statement& out, std::string_view target_alias, std::string_view alias,
                      const ModelSchema& model, const NavigationSchema& navigation) {
  for (std::size_t index = 0; index < navigation.columns.size(); ++index) {
    if (index > 0) out.text(" and ");
    append_equal(out, target_alias, navigation.target->columns[navigation.columns[index]].name,
                 alias, model.key(index).name);
  }
}

}  // namespace

String Aliases::next(char prefix) { return concat({{&prefix, 1}, decimal(count_++)}); }

Names names_of(const image::Array<image::Text>& texts) {
  Names names;
  names.append(texts.begin(), texts.end());
  return names;
}

Names names_of(const ModelSchema& model, const image::Array<std::uint32_t>& positions) {
  Names names;
  names.reserve(positions.size());
  for (const std::size_t position : positions) names.push_back(model.columns[position].name);
  return names;
}

void append_list(sql::Statement& out, std::string_view alias, const Names& names) {
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (index > 0) out.text(",");
    out.column(alias, names[index]);
  }
}

void append_tuple(sql::Statement& out, std::string_view alias, const Names& names) {
  if (names.size() == 1) {
    out.column(alias, names.front());
    return;
  }
  out.text("(");
  append_list(out, alias, names);
  out.text(")");
}

void append_order(sql::Statement& out, std::string_view alias, const ModelSchema& model) {
  out.text(" order by ");
  append_list(out, alias, names_of(model, model.primary_key));
}

void append_join(sql::Statement& out, std::string_view alias, const ModelSchema& model,
                 const NavigationSchema& navigation, std::string_view target_alias,
                 const Narrowing& narrowing, Aliases& aliases) {
  const ModelSchema& target = *navigation.target;
  out.text(" left join ");
  append_rows_of(out, narrowing, target, aliases);
  out.text(" ").identifier(target_alias).text(" on ");
  if (navigation.key_owner == cidl::KeyOwner::kSelf) {
    for (std::size_t index = 0; index < navigation.columns.size(); ++index) {
      if (index > 0) out.text(" and ");
      append_equal(out, target_alias, target.key(index).name, alias,
                   model.columns[navigation.columns[index]].name);
    }
    return;
  }
  if (navigation.target_rows == TargetRows::kAtMostOne) {
    append_key_match(out, target_alias, alias, model, navigation);
    return;
  }
  // Nothing keeps a second row from pointing here; the one with the smallest key counts.
  const String inner = aliases.next('k');
  append_tuple(out, target_alias, names_of(target, target.primary_key));
  out.text(" = (select ");
  append_list(out, inner, names_of(target, target.primary_key));
  out.text(" from ");
  append_rows_of(out, narrowing, target, aliases);
  out.text(" ").identifier(inner).text(" where ");
  append_key_match(out, inner, alias, model, navigation);
  append_order(out, inner, target);
  out.text(" limit 1)");
}

}  // namespace cloesce::orm::detail
