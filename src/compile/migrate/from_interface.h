// The tables that an interface asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "cidl/model.h"
#include "compile/migrate/schema.h"

namespace cloesce::migrate {

/// The most columns that D1 allows in a table.
inline constexpr std::size_t kMaximumColumns = 100;

/// Names of all D1 bindings: those of the env class and those that models use, without repetition,
/// sorted.
[[nodiscard]] std::vector<std::string> database_bindings(const cidl::Interface& interface);

/// The tables of the models and junctions on `binding`: columns, keys, foreign keys, and an index
/// for each foreign key that no key or other index serves. What cannot be a table is reported as an
/// error.
[[nodiscard]] Schema schema_of(const cidl::Interface& interface, std::string_view binding,
                               DiagnosticSink& sink);

}  // namespace cloesce::migrate
