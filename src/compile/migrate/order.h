// The order in which tables can be made: what is referenced comes first, cycles stay together.
#pragma once

#include <cstddef>
#include <vector>

#include "compile/migrate/schema.h"

namespace cloesce::migrate {

/// Tables that reference each other in a circle; most often one table alone.
using TableCycle = std::vector<const Table*>;

/// Groups `tables` (distinct, none null) so that every table comes after all tables that it
/// references, unless both are in one group. Tables outside the list are ignored. The order depends
/// only on the tables and their order in the list. Needs no stack for long chains.
[[nodiscard]] std::vector<TableCycle> order_by_reference(const std::vector<const Table*>& tables);

}  // namespace cloesce::migrate
