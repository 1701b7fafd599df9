// `cloesce migrate`: from the interface and the migrations so far to the next one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "cidl/model.h"
#include "compile/migrate/history.h"

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
  /// The migrations whose files a rebase replaces, as `MigrationFiles::path`.
  std::vector<std::string> replaced;
};

enum class MigrationKind : std::uint8_t {
  kNext,    // what changed since the last migration
  kRebase,  // of databases where two branches met: what changed since the branch that stays
};

struct MigrationRequest {
  std::vector<MigrationFiles> history;
  MigrationKind kind = MigrationKind::kNext;
  /// kRebase: a migration of the branch to replace; empty: the one that began later.
  std::string replace;
  /// kRebase: empty for the name of the last migration that is replaced.
  std::string name;
  std::string timestamp;
};

/// Plans the migration of every D1 database of `current`.
///
/// `name` and `timestamp` make the file names `<timestamp>_<name>.sql` and `.json`; with more than
/// one D1 binding they are in the sub-folder of the binding. Nothing else goes into the files: same
/// input, same bytes.
///
/// What the author can mend (an unreadable snapshot, two branches, a name that is no file name, a
/// model that cannot be a table) is reported to `sink` as an error, what the migration loses as
/// warnings. Fails with kInternal only.
[[nodiscard]] Result<MigrationOutcome> plan_migration(const cidl::Interface& current,
                                                      const MigrationRequest& request,
                                                      DiagnosticSink& sink);

/// Reports what keeps the next migration from being planned: what cannot be read, and branches.
void check_history(const cidl::Interface& current, const std::vector<MigrationFiles>& files,
                   DiagnosticSink& sink);

}  // namespace cloesce::migrate
