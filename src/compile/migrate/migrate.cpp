// The call behind `cloesce migrate`, one database after the other.
#include "compile/migrate/migrate.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "compile/migrate/findings.h"
#include "compile/migrate/from_interface.h"
#include "compile/migrate/plan.h"
#include "compile/migrate/render.h"
#include "compile/migrate/snapshot.h"

namespace cloesce::migrate {
namespace {

constexpr std::size_t kMaximumFileNameBytes = 120;

bool is_file_name_part(std::string_view text) {
  return !text.empty() && text.size() <= kMaximumFileNameBytes &&
         std::all_of(text.begin(), text.end(), [](char character) {
           return is_letter(character) || is_digit(character) || character == '_' ||
                  character == '-';
         });
}

bool check_file_name(std::string_view part, std::string_view what, DiagnosticSink& sink) {
  if (is_file_name_part(part)) return true;
  report(sink, Finding::kFileNameInvalid,
         fmt::format(FMT_COMPILE("the {} of the migration cannot be part of a file name"), what),
         "use letters, digits, _ and -, such as AddOwners");
  return false;
}

// Comments are single lines; hints and messages hold names of the source, which have no line
// breaks.
std::vector<std::string> header_of(std::string_view title, const std::string& binding,
                                   const DiagnosticSink& sink, std::size_t first_diagnostic) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format(FMT_COMPILE("Migration {} of the D1 database {}."), title, binding));
  lines.emplace_back("Written by cloesce migrate. You may edit it until it is applied.");
  const std::vector<Diagnostic>& diagnostics = sink.diagnostics();
  for (std::size_t index = first_diagnostic; index < diagnostics.size(); ++index) {
    lines.push_back(fmt::format(FMT_COMPILE("Warning {}: {}."), diagnostics[index].code,
                                diagnostics[index].message));
  }
  return lines;
}

void check_statements(const std::vector<Step>& steps, DiagnosticSink& sink) {
  for (const Step& step : steps) {
    if (render_step(step).size() <= kMaximumStatementBytes) continue;
    report(sink, Finding::kTooLarge, "a statement of the migration is longer than D1 accepts",
           "use shorter names, or split the model");
    return;
  }
}

void warn_of_lost_bindings(const History& history, const std::vector<std::string>& bindings,
                           DiagnosticSink& sink) {
  for (const std::string& known : bindings_of(history)) {
    if (std::find(bindings.begin(), bindings.end(), known) != bindings.end()) continue;
    DiagnosticSink unheard;
    const Migration* last = last_migration(history, known, unheard);
    if (last == nullptr || last->snapshot.schema.tables.empty()) continue;
    report(
        sink, Finding::kBindingGone,
        fmt::format(FMT_COMPILE("the D1 binding {} no longer exists: its database stays as it is"),
                    known),
        "if the binding was renamed, rename it in the last snapshot too");
  }
}

// One database: its last migration and what the next is called.
struct Start {
  const Migration* last = nullptr;
  std::string name;
};

std::string_view without_timestamp(std::string_view file_name) {
  return file_name.substr(std::min(file_name.find('_') + 1, file_name.size()));
}

// nullopt: nothing to do, or an error was reported.
std::optional<Start> start_of(const MigrationRequest& request, const History& history,
                              const Schema& wanted, MigrationOutcome& outcome,
                              DiagnosticSink& sink) {
  const std::size_t errors_before = sink.errors();
  Start start{nullptr, request.name};
  if (request.kind == MigrationKind::kNext) {
    start.last = last_migration(history, wanted.binding, sink);
  } else {
    const Rebase rebase = plan_rebase(history, wanted.binding, request.replace, sink);
    if (rebase.replaced.empty()) return std::nullopt;
    check_nothing_lost(rebase, wanted, sink);
    start.last = rebase.last;
    if (start.name.empty()) {
      start.name = without_timestamp(file_name_of(rebase.replaced.back()->path));
    }
    for (const Migration* migration : rebase.replaced) outcome.replaced.push_back(migration->path);
  }
  if (sink.errors() > errors_before) return std::nullopt;
  return start;
}

Lineage lineage_of(const Migration* last, std::string_view sql) {
  Lineage lineage;
  lineage.origin = last == nullptr ? LineageKind::kFirst : LineageKind::kFollows;
  if (last != nullptr) {
    lineage.parent = last->id;
    lineage.parent_name = file_name_of(last->path);
  }
  lineage.sql = sql_checksum(sql);
  return lineage;
}

}  // namespace

Result<MigrationOutcome> plan_migration(const cidl::Interface& current,
                                        const MigrationRequest& request, DiagnosticSink& sink) {
  const std::size_t errors_before = sink.errors();
  MigrationOutcome outcome;
  const bool may_be_unnamed = request.kind == MigrationKind::kRebase && request.name.empty();
  const bool named = may_be_unnamed || check_file_name(request.name, "name", sink);
  if (!check_file_name(request.timestamp, "timestamp", sink) || !named) return outcome;

  const std::vector<std::string> bindings = database_bindings(current);
  const History history = read_history(request.history, bindings, sink);
  for (const std::string& binding : bindings) {
    if (bindings.size() > 1 && !check_file_name(binding, "D1 binding", sink)) return outcome;
  }
  if (sink.errors() > errors_before) return outcome;
  warn_of_lost_bindings(history, bindings, sink);
  for (const std::string& binding : bindings) {
    const Schema wanted = schema_of(current, binding, sink);
    if (sink.errors() > errors_before) continue;
    const std::optional<Start> start = start_of(request, history, wanted, outcome, sink);
    if (!start) continue;
    const std::size_t first_diagnostic = sink.diagnostics().size();
    const Schema nothing{binding, {}, Origin::kThisRelease, {}};
    const Schema& before = start->last == nullptr ? nothing : start->last->snapshot.schema;
    const Plan plan = plan_steps(before, wanted, sink);
    if (plan.steps.empty()) continue;
    check_statements(plan.steps, sink);

    const std::string title = fmt::format(FMT_COMPILE("{}_{}"), request.timestamp, start->name);
    const std::string path =
        bindings.size() > 1 ? fmt::format(FMT_COMPILE("{}/{}"), binding, title) : title;
    const std::string sql =
        render_file(header_of(title, binding, sink, first_diagnostic), plan.steps);
    outcome.files.push_back({path + ".sql", sql});
    outcome.files.push_back(
        {path + ".json", save_snapshot(plan.schema, lineage_of(start->last, sql))});
  }
  if (sink.errors() > errors_before) outcome = {};
  return outcome;
}

void check_history(const cidl::Interface& current, const std::vector<MigrationFiles>& files,
                   DiagnosticSink& sink) {
  const History history = read_history(files, database_bindings(current), sink);
  for (const std::string& binding : bindings_of(history)) {
    static_cast<void>(last_migration(history, binding, sink));
  }
}

}  // namespace cloesce::migrate
