// `cloesce migrate`: from the interface and the last snapshot to a migration file and the next
// snapshot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "cidl/model.h"

namespace cloesce::migrate {

/// A text to write; `path` is relative to the migrations folder, with `/` between its parts.
struct File {
  std::string path;
  std::string text;
};

/// For each database that changes, an SQL file and its snapshot, in this order. Empty when nothing
/// changed, and when an error was reported.
struct MigrationOutcome {
  std::vector<File> files;
};

/// Plans the migration of every D1 database of `current`.
///
/// `previous` is the JSON text of the last snapshot; or an object of last snapshots by binding; or
/// `null` or empty when there is none. `name` and `timestamp` make the file names
/// `<timestamp>_<name>.sql` and `.json`; with more than one D1 binding they are in the sub-folder
/// of the binding. Nothing else goes into the files: same input, same bytes.
///
/// What the author can mend (an unreadable snapshot, a name that is no file name, a model that
/// cannot be a table) is reported to `sink` as an error, what the migration loses as warnings.
/// Fails with kInternal only.
[[nodiscard]] Result<MigrationOutcome> plan_migration(const cidl::Interface& current,
                                                      std::string_view previous,
                                                      std::string_view name,
                                                      std::string_view timestamp,
                                                      DiagnosticSink& sink);

}  // namespace cloesce::migrate
