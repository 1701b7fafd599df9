// Snapshots: the schema after a migration, as JSON beside the SQL file, and which migration it
// follows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "compile/migrate/schema.h"

namespace cloesce::migrate {

inline constexpr int kSnapshotVersion = 1;

enum class LineageKind : std::uint8_t {
  kUntold,   // written by a release that did not say: follows the one before it by file name
  kFirst,    // starts from an empty database
  kFollows,  // starts from `parent`
};

/// Where a snapshot comes from. It is found by what its parent says, so files may be renamed.
struct Lineage {
  LineageKind origin = LineageKind::kUntold;
  std::string parent;       // `snapshot_id` of the parent
  std::string parent_name;  // what its files were called, for messages alone
  std::string sql;          // `sql_checksum` of the migration as it was written
};

struct Snapshot {
  Schema schema;
  Lineage lineage;
};

/// Stable, indented JSON text with a line break at its end. The same input gives the same bytes.
[[nodiscard]] std::string save_snapshot(const Schema& schema, const Lineage& lineage);

/// Reads one snapshot. kCidlInvalid, with the place as path, for anything else: other versions,
/// missing or mistyped members, keys that name no column, repeated names. One of Cloesce 0.0.5,
/// which does not name its database, is read as that of `earlier_binding`.
[[nodiscard]] Result<Snapshot> load_snapshot(std::string_view text,
                                             std::string_view earlier_binding);

/// The name by which children know a snapshot: 16 hexadecimal digits over its text, white space
/// between the values aside.
[[nodiscard]] std::string snapshot_id(std::string_view text);

/// 16 hexadecimal digits over the text of an SQL file; line endings may differ.
[[nodiscard]] std::string sql_checksum(std::string_view text);

}  // namespace cloesce::migrate
