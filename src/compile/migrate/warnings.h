// What the author of a migration must know before applying it.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "compile/migrate/difference.h"

namespace cloesce::migrate {

/// Reports what the differences lose, change, make up, or expect of the rows that are there. Hints
/// say how to edit the migration where that helps, above all for a rename.
void warn(const std::vector<TableDifference>& tables, DiagnosticSink& sink);

}  // namespace cloesce::migrate
