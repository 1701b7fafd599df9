// The interface and the migrations so far to the next one.
#include "compile/migrate/migrate.h"

#include <string>
#include <utility>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/concat.h"
#include "cidl/load.h"
#include "compile/driver/driver.h"
#include "compile/driver/history.h"
#include "compile/driver/report.h"
#include "compile/driver/request.h"
#include "json/writer.h"

namespace cloesce::driver {
namespace {

struct MigrateRequest {
  std::string cidl;
  cloesce::migrate::MigrationRequest migration;
  bool color = false;
};

Result<MigrateRequest> read_migrate(std::string_view text) {
  MigrateRequest request;
  CLOESCE_TRY(
      read_request(text, [&](std::string_view name, const json::Value& value) -> Result<void> {
        if (name == "cidl") return read_json(value, name, request.cidl);
        cloesce::migrate::MigrationRequest& migration = request.migration;
        if (name == "history") return read_history(value, migration.history);
        if (name == "rebase") {
          migration.kind = cloesce::migrate::MigrationKind::kRebase;
          return read_text(value, name, migration.replace);
        }
        if (name == "name") return read_text(value, name, migration.name);
        if (name == "timestamp") return read_text(value, name, migration.timestamp);
        if (name == "color") return read_flag(value, name, request.color);
        return skip(value, name);
      }));
  return request;
}

}  // namespace

Result<std::string> migrate(std::string_view request_text) {
  auto request = read_migrate(request_text);
  if (!request.ok()) return Failure{std::move(request).error()};
  auto interface = cidl::load(request->cidl);
  if (!interface.ok()) {
    Error error = std::move(interface).error();
    error.path = concat({"cidl", error.path.empty() ? "" : ".", error.path});
    return Failure{std::move(error)};
  }
  DiagnosticSink found;
  auto outcome = cloesce::migrate::plan_migration(*interface, request->migration, found);
  if (!outcome.ok()) return Failure{std::move(outcome).error()};
  const DiagnosticSink findings = in_order(found);
  const bool ok = findings.errors() == 0;

  Arena arena;
  ByteBuffer buffer(arena, 16 * 1024);
  json::Writer out(buffer);
  out.begin_object();
  out.key("ok").boolean(ok);
  out.key("empty").boolean(ok && outcome->files.empty());
  out.key("diagnostics");
  write_diagnostics(out, findings, {}, request->color ? Color::kAnsi : Color::kPlain);
  out.key("files").begin_array();
  if (ok) {
    for (const cloesce::migrate::File& file : outcome->files) {
      out.begin_object().key("path").string(file.path).key("text").string(file.text).end_object();
    }
  }
  out.end_array();
  out.key("replaced").begin_array();
  for (const std::string& path : outcome->replaced) out.string(path);
  out.end_array();
  out.end_object();
  return std::string(buffer.view());
}

}  // namespace cloesce::driver
