// Aliases, lists of columns and joins, as plans and queries share them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/list.h"
#include "base/string.h"
#include "orm/schema.h"
#include "orm/scopes.h"
#include "sql/statement.h"

namespace cloesce::orm::detail {

/// Names for tables, each of which one statement has once.
class Aliases {
 public:
  /// `t0`, `j1`, `t2`.
  [[nodiscard]] String next(char prefix);

 private:
  std::uint32_t count_ = 0;
};

using Names = List<std::string_view>;

[[nodiscard]] Names names_of(const image::Array<image::Text>& texts);
[[nodiscard]] Names names_of(const ModelSchema& model,
                             const image::Array<std::uint32_t>& positions);

/// `"t0"."a","t0"."b"`.
void append_list(sql::Statement& out, std::string_view alias, const Names& names);
/// The same in parentheses when there are several.
void append_tuple(sql::Statement& out, std::string_view alias, const Names& names);
/// ` order by` the primary key.
void append_order(sql::Statement& out, std::string_view alias, const ModelSchema& model);

/// ` left join` of the one row that a to-one relation of `model` leads to, as far as it is in the
/// scope of its model.
void append_join(sql::Statement& out, std::string_view alias, const ModelSchema& model,
                 const NavigationSchema& navigation, std::string_view target_alias,
                 const Narrowing& narrowing, Aliases& aliases);

}  // namespace cloesce::orm::detail
