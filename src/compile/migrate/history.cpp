// Walks the snapshots of a database from parent to child.
#include "compile/migrate/history.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compile/migrate/findings.h"

namespace cloesce::migrate {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// The migrations of one database, with the parent of each as an index into `members`.
struct Chain {
  std::vector<const Migration*> members;
  std::vector<std::size_t> parents;  // kNone for the first, and for an orphan
  std::vector<bool> orphans;

  // In order of their file names.
  [[nodiscard]] std::vector<std::size_t> children_of(std::size_t parent) const {
    std::vector<std::size_t> children;
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (parents[index] == parent && !orphans[index]) children.push_back(index);
    }
    return children;
  }
};

Chain chain_of(const History& history, std::string_view binding) {
  Chain chain;
  for (const Migration& migration : history) {
    if (migration.snapshot.schema.binding == binding) chain.members.push_back(&migration);
  }
  std::size_t last_untold = kNone;
  for (std::size_t index = 0; index < chain.members.size(); ++index) {
    const Lineage& lineage = chain.members[index]->snapshot.lineage;
    std::size_t parent = kNone;
    if (lineage.origin == LineageKind::kUntold) {
      parent = std::exchange(last_untold, index);
    } else if (lineage.origin == LineageKind::kFollows) {
      for (std::size_t other = 0; other < chain.members.size(); ++other) {
        if (other != index && chain.members[other]->id == lineage.parent) parent = other;
      }
    }
    chain.parents.push_back(parent);
    chain.orphans.push_back(lineage.origin == LineageKind::kFollows && parent == kNone);
  }
  return chain;
}

std::string json_file(const Migration& migration) { return migration.path + ".json"; }

void report_fork(const Chain& chain, std::size_t parent, const std::vector<std::size_t>& children,
                 DiagnosticSink& sink) {
  std::string names;
  for (const std::size_t child : children) {
    if (!names.empty()) names += " and ";
    names += json_file(*chain.members[child]);
  }
  const std::string start =
      parent == kNone ? std::string("an empty database") : json_file(*chain.members[parent]);
  report(
      sink, Finding::kForked,
      fmt::format(FMT_COMPILE("the migrations {} both start from {}: neither knows what the "
                              "other changed"),
                  names, start),
      fmt::format(FMT_COMPILE("cloesce migrate --rebase makes {} anew, behind the other; if that "
                              "one is applied already, name the other: cloesce migrate --rebase "
                              "{}"),
                  file_name_of(chain.members[children.back()]->path),
                  file_name_of(chain.members[children.front()]->path)));
}

void report_missing_parent(const Migration& migration, DiagnosticSink& sink) {
  const Lineage& lineage = migration.snapshot.lineage;
  report(sink, Finding::kParentMissing,
         fmt::format(FMT_COMPILE("{} starts from {}.json ({}), which is not among the migrations, "
                                 "or was changed since"),
                     json_file(migration), lineage.parent_name, lineage.parent),
         "restore that file from version control; if it was taken out by a rebase, cloesce migrate "
         "--rebase makes this migration anew; if older migrations were removed on purpose, set "
         "\"parent\" to null");
}

void report_order(const Migration& migration, const Migration& parent, DiagnosticSink& sink) {
  report(sink, Finding::kOutOfOrder,
         fmt::format(FMT_COMPILE("{} starts from {}, but is applied before it"),
                     json_file(migration), json_file(parent)),
         "wrangler applies migrations in the order of their file names: give both files of the "
         "first a later time");
}

bool belongs(const Migration& migration, std::string_view named) {
  std::string_view name = file_name_of(named);
  for (const std::string_view ending : {".sql", ".json"}) {
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  }
  return !named.empty() && file_name_of(migration.path) == name;
}

// All that descends from `root`, itself included.
std::vector<std::size_t> branch_of(const Chain& chain, std::size_t root) {
  std::vector<std::size_t> branch{root};
  for (std::size_t next = 0; next < branch.size(); ++next) {
    for (const std::size_t child : chain.children_of(branch[next])) branch.push_back(child);
  }
  return branch;
}

// The child of a fork whose branch stays.
std::size_t keeper(const Chain& chain, const std::vector<std::size_t>& children,
                   std::string_view named) {
  for (const std::size_t child : children) {
    const std::vector<std::size_t> branch = branch_of(chain, child);
    if (std::none_of(branch.begin(), branch.end(),
                     [&](std::size_t member) { return belongs(*chain.members[member], named); })) {
      return child;
    }
  }
  return children.front();
}

bool one_of_them_dropped(const std::vector<const Migration*>& replaced,
                         const std::vector<const Migration*>& forked_from, const auto& has) {
  return std::any_of(forked_from.begin(), forked_from.end(),
                     [&has](const Migration* one) {
                       return one != nullptr && has(one->snapshot.schema);
                     }) &&
         std::any_of(replaced.begin(), replaced.end(),
                     [&has](const Migration* one) { return !has(one->snapshot.schema); });
}

}  // namespace

std::string_view file_name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

History read_history(const std::vector<MigrationFiles>& files,
                     const std::vector<std::string>& bindings, DiagnosticSink& sink) {
  History history;
  for (const MigrationFiles& file : files) {
    std::string earlier = bindings.size() == 1 ? bindings.front() : std::string();
    for (const std::string& binding : bindings) {
      if (file.path.starts_with(binding + '/')) earlier = binding;
    }
    auto snapshot = load_snapshot(file.snapshot, earlier);
    if (!snapshot.ok()) {
      report(sink, Finding::kSnapshotInvalid,
             fmt::format(FMT_COMPILE("{}.json cannot be read: {}: {}"), file.path,
                         snapshot.error().path.view(), snapshot.error().detail.view()),
             "take the .json file of the migration from version control; it is written by "
             "cloesce migrate and not meant to be edited");
      continue;
    }
    if (snapshot->schema.binding.empty()) {
      report(sink, Finding::kSnapshotInvalid,
             fmt::format(FMT_COMPILE("{}.json does not say of which database it is"), file.path),
             "move the files of an earlier release into the folder of their D1 binding, such as "
             "migrations/db/");
      continue;
    }
    Migration migration{file.path, snapshot_id(file.snapshot), std::move(*snapshot), true};
    const std::string& checksum = migration.snapshot.lineage.sql;
    if (file.sql && !checksum.empty()) {
      migration.sql_is_as_written = sql_checksum(*file.sql) == checksum;
    }
    history.push_back(std::move(migration));
  }
  std::stable_sort(history.begin(), history.end(),
                   [](const Migration& left, const Migration& right) {
                     return file_name_of(left.path) < file_name_of(right.path);
                   });
  return history;
}

std::vector<std::string> bindings_of(const History& history) {
  std::vector<std::string> names;
  for (const Migration& migration : history) names.push_back(migration.snapshot.schema.binding);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

const Migration* last_migration(const History& history, std::string_view binding,
                                DiagnosticSink& sink) {
  const Chain chain = chain_of(history, binding);
  if (chain.members.empty()) return nullptr;
  const std::size_t errors_before = sink.errors();
  for (std::size_t index = 0; index < chain.members.size(); ++index) {
    if (chain.orphans[index]) report_missing_parent(*chain.members[index], sink);
    const std::size_t parent = chain.parents[index];
    if (parent != kNone && parent > index) {
      report_order(*chain.members[index], *chain.members[parent], sink);
    }
  }
  const auto check_fork = [&](std::size_t parent) {
    const std::vector<std::size_t> children = chain.children_of(parent);
    if (children.size() > 1) report_fork(chain, parent, children, sink);
  };
  check_fork(kNone);
  for (std::size_t index = 0; index < chain.members.size(); ++index) check_fork(index);
  return sink.errors() > errors_before ? nullptr : chain.members.back();
}

Rebase plan_rebase(const History& history, std::string_view binding, std::string_view named,
                   DiagnosticSink& sink) {
  const Chain chain = chain_of(history, binding);
  Rebase rebase;
  std::vector<std::size_t> replaced;
  const auto replace = [&](std::size_t root, const Migration* forked_from) {
    for (const std::size_t member : branch_of(chain, root)) replaced.push_back(member);
    rebase.forked_from.push_back(forked_from);
  };
  for (std::size_t at = kNone;;) {
    const std::vector<std::size_t> children = chain.children_of(at);
    if (children.empty()) break;
    const std::size_t kept = keeper(chain, children, named);
    const Migration* here = at == kNone ? nullptr : chain.members[at];
    for (const std::size_t child : children) {
      if (child != kept) replace(child, here);
    }
    at = kept;
    rebase.last = chain.members[at];
  }
  for (std::size_t index = 0; index < chain.members.size(); ++index) {
    if (chain.orphans[index]) replace(index, nullptr);
  }
  std::sort(replaced.begin(), replaced.end());
  if (rebase.last == nullptr) {
    // Nothing says what the database holds.
    for (const std::size_t index : replaced) {
      if (chain.orphans[index]) report_missing_parent(*chain.members[index], sink);
    }
    return rebase;
  }
  for (const std::size_t index : replaced) {
    const Migration& migration = *chain.members[index];
    rebase.replaced.push_back(&migration);
    if (migration.sql_is_as_written) continue;
    report(
        sink, Finding::kEdited,
        fmt::format(FMT_COMPILE("{}.sql was edited since it was written, and a rebase would lose "
                                "that"),
                    migration.path),
        "keep your statements elsewhere, put the file back to what was written (or remove it), "
        "rebase, and put them into the new migration");
  }
  return rebase;
}

void check_nothing_lost(const Rebase& rebase, const Schema& wanted, DiagnosticSink& sink) {
  if (rebase.last == nullptr) return;
  const auto check = [&](const std::string& what, const auto& has) {
    if (has(wanted) || one_of_them_dropped(rebase.replaced, rebase.forked_from, has)) return;
    report(sink, Finding::kMergeIncomplete,
           fmt::format(FMT_COMPILE("{}, which {}.json has, is missing in the sources: a rebase "
                                   "would drop it"),
                       what, rebase.last->path),
           "merge the sources of both branches first; what is to go, drop with a migration of its "
           "own afterwards");
  };
  for (const Table& table : rebase.last->snapshot.schema.tables) {
    const auto has_table = [&table](const Schema& schema) {
      return find_table(schema, table.name) != nullptr;
    };
    check(fmt::format(FMT_COMPILE("the table {}"), table.name), has_table);
    if (!has_table(wanted)) continue;
    for (const Column& column : table.columns) {
      check(fmt::format(FMT_COMPILE("the column {}.{}"), table.name, column.name),
            [&](const Schema& schema) {
              const Table* other = find_table(schema, table.name);
              return other != nullptr && find_column(*other, column.name) != nullptr;
            });
    }
    for (const ForeignKey& key : table.foreign_keys) {
      check(fmt::format(FMT_COMPILE("the reference {} ({}) to {}"), table.name,
                        fmt::join(key.columns, ", "), key.table),
            [&](const Schema& schema) {
              const Table* other = find_table(schema, table.name);
              return other != nullptr &&
                     std::any_of(other->foreign_keys.begin(), other->foreign_keys.end(),
                                 [&key](const ForeignKey& candidate) {
                                   return same_name(candidate.table, key.table) &&
                                          same_names(candidate.columns, key.columns);
                                 });
            });
    }
  }
}

}  // namespace cloesce::migrate
