// The ordered steps from one schema to another.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "compile/migrate/schema.h"
#include "compile/migrate/step.h"

namespace cloesce::migrate {

/// `steps` is empty when nothing changes. `schema` is what the database holds afterwards: the
/// wanted schema with the defaults that its columns have by then.
struct Plan {
  std::vector<Step> steps;
  Schema schema;
};

/// Plans the way from `before` to `after`. Data that the steps lose, change or need are reported as
/// warnings.
///
/// The order, and why:
///   0. bring an earlier release's names up to date, then check that the database is as `before`
///                                 says: what it does not know of would be lost
///   1. defer foreign keys         a circle of tables cannot be restored one statement at a time
///   2. save rows                  of rebuilt tables; references that a rebuilt parent would empty
///   3. drop tables                children first: dropping a parent deletes its rows, with all
///   actions
///   4. drop indexes, columns      an indexed column cannot be dropped
///   5. add columns
///   6. create tables, indexes     parents first; an index before the rows that a foreign key needs
///   it for
///   7. restore rows, references   parents first; refilling the parent settles the deferred checks
///   of
///                                 children that were not touched
///   8. drop what was saved, check foreign keys that are new
[[nodiscard]] Plan plan_steps(const Schema& before, const Schema& after, DiagnosticSink& sink);

}  // namespace cloesce::migrate
