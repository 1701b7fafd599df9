// The call behind `cloesce migrate`, one database after the other.
#include "compile/migrate/migrate.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
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

void warn_of_lost_bindings(const std::vector<Schema>& previous,
                           const std::vector<std::string>& bindings, DiagnosticSink& sink) {
  for (const Schema& schema : previous) {
    if (schema.tables.empty() ||
        std::find(bindings.begin(), bindings.end(), schema.binding) != bindings.end()) {
      continue;
    }
    report(
        sink, Finding::kBindingGone,
        fmt::format(FMT_COMPILE("the D1 binding {} no longer exists: its database stays as it is"),
                    schema.binding),
        "if the binding was renamed, rename it in the last snapshot too");
  }
}

}  // namespace

Result<MigrationOutcome> plan_migration(const cidl::Interface& current, std::string_view previous,
                                        std::string_view name, std::string_view timestamp,
                                        DiagnosticSink& sink) {
  const std::size_t errors_before = sink.errors();
  MigrationOutcome outcome;
  const bool named = check_file_name(name, "name", sink);
  if (!check_file_name(timestamp, "timestamp", sink) || !named) return outcome;

  auto snapshots = load_snapshots(previous);
  if (!snapshots.ok()) {
    report(sink, Finding::kSnapshotInvalid,
           fmt::format(FMT_COMPILE("the last snapshot cannot be read: {}: {}"),
                       snapshots.error().path, snapshots.error().detail),
           "take the .json file of the last migration from version control; it is written by "
           "cloesce migrate and not meant to be edited");
    return outcome;
  }

  const std::vector<std::string> bindings = database_bindings(current);
  for (const std::string& binding : bindings) {
    if (bindings.size() > 1 && !check_file_name(binding, "D1 binding", sink)) return outcome;
  }
  warn_of_lost_bindings(*snapshots, bindings, sink);
  for (const std::string& binding : bindings) {
    const Schema wanted = schema_of(current, binding, sink);
    if (sink.errors() > errors_before) continue;
    Schema before;
    for (const Schema& schema : *snapshots) {
      if (schema.binding == binding) before = schema;
    }
    const std::size_t first_diagnostic = sink.diagnostics().size();
    const Plan plan = plan_steps(before, wanted, sink);
    if (plan.steps.empty()) continue;
    check_statements(plan.steps, sink);

    const std::string title = fmt::format(FMT_COMPILE("{}_{}"), timestamp, name);
    const std::string path =
        bindings.size() > 1 ? fmt::format(FMT_COMPILE("{}/{}"), binding, title) : title;
    outcome.files.push_back(
        {path + ".sql",
         render_file(header_of(title, binding, sink, first_diagnostic), plan.steps)});
    outcome.files.push_back({path + ".json", save_snapshot(plan.schema)});
  }
  if (sink.errors() > errors_before) outcome.files.clear();
  return outcome;
}

}  // namespace cloesce::migrate
