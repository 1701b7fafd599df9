// Snapshots: the schema after a migration, as JSON beside the SQL file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compile/migrate/schema.h"

namespace cloesce::migrate {

inline constexpr int kSnapshotVersion = 1;

/// Stable, indented JSON text with a line break at its end. The same schema gives the same bytes.
[[nodiscard]] std::string save_snapshot(const Schema& schema);

/// Reads `text`: one snapshot, or an object of snapshots by binding (one schema each), or `null` or
/// nothing at all (no schema). kCidlInvalid, with the place as path, for anything else: other
/// versions, missing or mistyped members, keys that name no column, repeated names.
[[nodiscard]] Result<std::vector<Schema>> load_snapshots(std::string_view text);

}  // namespace cloesce::migrate
