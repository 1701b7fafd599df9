// The member `history` of a request: the migrations that a project has.
#pragma once

#include <vector>

#include "base/result.h"
#include "compile/migrate/history.h"
#include "json/reader.h"

namespace cloesce::driver {

/// `[{ "path": "20261120134500_Initial", "snapshot": "…", "sql": "…" }]`: texts of files, `sql`
/// only where there is one.
[[nodiscard]] Result<void> read_history(const json::Value& value,
                                        std::vector<cloesce::migrate::MigrationFiles>& out);

}  // namespace cloesce::driver
