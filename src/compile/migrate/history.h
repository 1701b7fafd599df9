// The migrations of a project as a chain: which follows which, where two branches part, and what a
// rebase puts in the place of the later one.
//
//   Initial ──▶ AddGenres ──▶ AddLabels      stays
//                   └───────▶ AddCovers      begun later: made anew behind AddLabels
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "compile/migrate/snapshot.h"

namespace cloesce::migrate {

/// The two files of a migration; `path` is theirs below the migrations folder, without `.sql` and
/// `.json`.
struct MigrationFiles {
  std::string path;
  std::string snapshot;
  std::optional<std::string> sql;  // nullopt: there is none
};

struct Migration {
  std::string path;
  std::string id;
  Snapshot snapshot;
  bool sql_is_as_written = true;  // or unknown, or gone
};

/// Sorted by file name, which is the order in which wrangler applies them.
using History = std::vector<Migration>;

/// Reads all snapshots. A snapshot of Cloesce 0.0.5 belongs to the database whose folder it is in,
/// or to the only one of `bindings`. Reports what cannot be read, by file.
[[nodiscard]] History read_history(const std::vector<MigrationFiles>& files,
                                   const std::vector<std::string>& bindings, DiagnosticSink& sink);

/// The databases that have migrations, sorted.
[[nodiscard]] std::vector<std::string> bindings_of(const History& history);

/// The last migration of a database, nullptr when there is none. Reports two migrations that start
/// from the same one, one whose parent is missing, and one that is applied before its parent.
[[nodiscard]] const Migration* last_migration(const History& history, std::string_view binding,
                                              DiagnosticSink& sink);

struct Rebase {
  const Migration* last = nullptr;            // of the branch that stays
  std::vector<const Migration*> replaced;     // of the others, in order; empty: there is no fork
  std::vector<const Migration*> forked_from;  // where each of the other branches begins to differ
};

/// Of two branches the one stays that began earlier by its file names, unless `named` is on it:
/// then that branch is replaced. Reports a replaced migration whose SQL file was edited.
[[nodiscard]] Rebase plan_rebase(const History& history, std::string_view binding,
                                 std::string_view named, DiagnosticSink& sink);

/// Reports everything that the branch which stays has and `wanted` lacks, unless a replaced branch
/// dropped it: a table, a column, a reference. Such a loss is a merge of the sources that went
/// wrong.
void check_nothing_lost(const Rebase& rebase, const Schema& wanted, DiagnosticSink& sink);

/// `20261120134500_AddGenres` of a path.
[[nodiscard]] std::string_view file_name_of(std::string_view path);

}  // namespace cloesce::migrate
