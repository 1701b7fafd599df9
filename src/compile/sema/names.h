// Names in messages, and names that storage, JavaScript or the framework keep for themselves.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "compile/sema/reporter.h"

namespace cloesce::sema {

/// `Horse.name`.
[[nodiscard]] std::string member_text(std::string_view owner, std::string_view member);

/// `__proto__`, `constructor` and `prototype`: as a member they would change what an object is.
[[nodiscard]] bool is_reserved_member(std::string_view name);

/// Names of tables that the platform keeps for itself: `_cf_…`, `sqlite_…`, `_cloesce_…`,
/// `d1_migrations`.
[[nodiscard]] bool is_reserved_table(std::string_view name);

/// Reports a column, field or relation that cannot have its name. False when it cannot.
bool check_member_name(const Reporter& reporter, std::string_view owner, std::string_view name,
                       Span span);

/// The names of the members of one class, each of which may be declared once.
class MemberNames {
 public:
  /// Borrows both.
  MemberNames(const Reporter& reporter, std::string_view owner)
      : reporter_(reporter), owner_(owner) {}

  /// Reports a member that cannot have its name, or that has the name of an earlier one. False when
  /// it cannot. Borrows the name.
  bool add(std::string_view name, Span span);

 private:
  const Reporter& reporter_;
  std::string_view owner_;
  std::unordered_set<std::string_view> names_;
};

/// Reports a table (of a model or a junction) that cannot have its name. False when it cannot.
bool check_table_name(const Reporter& reporter, std::string_view name, Span span);

}  // namespace cloesce::sema
