// Sources to files: analyse, and emit when nothing is wrong.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/concat.h"
#include "compile/driver/driver.h"
#include "compile/driver/history.h"
#include "compile/driver/report.h"
#include "compile/driver/request.h"
#include "compile/emit/access.h"
#include "compile/emit/emit.h"
#include "compile/emit/image_module.h"
#include "compile/emit/wrangler.h"
#include "compile/image/build.h"
#include "compile/image/check_sources.h"
#include "compile/migrate/migrate.h"
#include "compile/sema/analyse.h"
#include "compile/sema/codes.h"
#include "compile/sema/data_sources.h"
#include "compile/sema/pre_load.h"
#include "json/writer.h"
#include "text/lines.h"

namespace cloesce::driver {
namespace {

// The CLI puts the project's own folder in its place.
constexpr std::string_view kMigrationsFolder = "migrations";

struct CompileRequest {
  std::optional<sema::pre::Project> project;
  std::vector<std::string> sources;
  bool color = false;
  bool access = false;                     // whether the table of what callers reach is wanted
  std::vector<emit::KnownBucket> buckets;  // of the wrangler file
  std::vector<cloesce::migrate::MigrationFiles> history;
};

Result<void> read_sources(const json::Value& value, std::vector<std::string>& out) {
  json::Array items;
  if (value.get_array(items)) {
    return Failure{make_error(ErrorCode::kCidlInvalid, "expected an array", "sources")};
  }
  for (json::Value element; items.next(element);) {
    CLOESCE_TRY(read_text(element, "sources", out.emplace_back()));
  }
  if (items.error()) return json::malformed(items.error(), "sources");
  return {};
}

// A member that is a text, empty for anything else: wrangler judges its file.
std::string text_member(json::Object& object, std::string_view name) {
  json::Value value;
  std::string_view text;
  if (object.find(name, value) || value.get_string(text)) return {};
  return std::string(text);
}

// Of the wrangler file only the names of buckets matter here: signed URLs hold them.
Result<void> read_buckets(const json::Value& value, std::vector<emit::KnownBucket>& out) {
  std::string copy;
  CLOESCE_TRY(read_json(value, "wrangler", copy));
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, copy));
  if (!document.ok()) return Failure{std::move(document).error()};
  json::Object file;
  json::Array buckets;
  if ((*document)->get_object(file)) return {};
  json::Value list;
  if (file.find("r2_buckets", list) || list.get_array(buckets)) return {};
  for (json::Value element; buckets.next(element);) {
    json::Object bucket;
    if (element.get_object(bucket)) continue;
    emit::KnownBucket known{text_member(bucket, "binding"), text_member(bucket, "bucket_name")};
    if (!known.binding.empty() && !known.name.empty()) out.push_back(std::move(known));
  }
  return {};
}

Result<CompileRequest> read_compile(std::string_view text) {
  CompileRequest request;
  CLOESCE_TRY(
      read_request(text, [&](std::string_view name, const json::Value& value) -> Result<void> {
        if (name == "pre") {
          auto project = sema::load_pre(value);
          if (!project.ok()) {
            Error error = std::move(project).error();
            error.path = concat({"pre", error.path.empty() ? "" : ".", error.path});
            return Failure{std::move(error)};
          }
          request.project = std::move(*project);
          return {};
        }
        if (name == "sources") return read_sources(value, request.sources);
        if (name == "wrangler") return read_buckets(value, request.buckets);
        if (name == "history") return read_history(value, request.history);
        if (name == "color") return read_flag(value, name, request.color);
        if (name == "access") return read_flag(value, name, request.access);
        return skip(value, name);
      }));
  if (!request.project) {
    return Failure{make_error(ErrorCode::kCidlInvalid, "the member pre is missing")};
  }
  if (request.sources.size() != request.project->files.size()) {
    return Failure{make_error(ErrorCode::kCidlInvalid,
                              fmt::format(FMT_COMPILE("{} texts for {} files"),
                                          request.sources.size(), request.project->files.size()),
                              "sources")};
  }
  return request;
}

std::vector<SourceFile> source_files(const CompileRequest& request) {
  std::vector<SourceFile> files;
  for (std::size_t index = 0; index < request.sources.size(); ++index) {
    files.push_back({request.project->files[index], request.sources[index]});
  }
  return files;
}

// The value that `path` leads to, as far as it does.
Span span_at(const sema::pre::PropertyNode& property, std::string_view path) {
  Span span = property.span;
  const sema::pre::ValueNode* value = property.initializer ? &*property.initializer : nullptr;
  while (value != nullptr && !path.empty()) {
    const std::string_view name = text::take_part(path, '.');
    const sema::pre::ValueNode* next = nullptr;
    for (const sema::pre::ObjectEntry& entry : value->entries) {
      if (entry.key != name) continue;
      span = entry.span;
      next = &entry.value;
    }
    value = next;
  }
  return span;
}

// What the ORM would answer requests that ask for a data source.
void check_data_sources(const sema::pre::Project& project, const cidl::Interface& interface,
                        DiagnosticSink& found) {
  for (const image::SourceFault& fault : image::check_sources(interface)) {
    for (const sema::pre::ClassNode& node : project.classes) {
      if (node.name != fault.model) continue;
      for (const sema::pre::PropertyNode& property : node.properties) {
        if (property.name != fault.source) continue;
        const bool below = fault.place == image::FaultPlace::kTree && sema::is_queried(property);
        const std::string path = below ? "include." + fault.path : fault.path;
        found.add({Severity::kError,
                   sema::code_text(sema::Code::kIncludeQuery),
                   fmt::format(FMT_COMPILE("`{}.{}`: {}: {}"), fault.model, fault.source, path,
                               fault.detail),
                   span_at(property, path),
                   "write it as for `Orm.list`: columns and relations of the model, values of "
                   "their types",
                   {}});
      }
    }
  }
}

// Nothing for a hook that guards no route.
std::optional<emit::GuardKind> guard_kind(sema::pre::HookKind kind) {
  using sema::pre::HookKind;
  switch (kind) {
    case HookKind::kRequest:
      return emit::GuardKind::kRequest;
    case HookKind::kNamespace:
      return emit::GuardKind::kNamespace;
    case HookKind::kMethod:
      return emit::GuardKind::kMethod;
    case HookKind::kInstance:
      return emit::GuardKind::kInstance;
    case HookKind::kScope:
      return emit::GuardKind::kScope;
    case HookKind::kResult:
      break;
  }
  return std::nullopt;
}

// The hooks that guard routes, as far as they are written out.
std::vector<emit::Guard> guards_of(const sema::pre::Project& project) {
  std::vector<emit::Guard> guards;
  if (!project.app) return guards;
  using sema::pre::ValueForm;
  const auto text = [](const std::optional<sema::pre::ValueNode>& value, ValueForm form) {
    return value && value->form == form ? value->text : std::string();
  };
  for (const sema::pre::HookNode& hook : project.app->hooks) {
    const auto kind = guard_kind(hook.kind);
    if (!kind) continue;
    std::string name = text(hook.name_space, ValueForm::kName);
    name += text(hook.name_space, ValueForm::kString);
    guards.push_back({*kind, std::move(name), text(hook.method, ValueForm::kString)});
  }
  return guards;
}
}  // namespace

Result<std::string> compile(std::string_view request_text) {
  auto request = read_compile(request_text);
  if (!request.ok()) return Failure{std::move(request).error()};
  const sema::pre::Project& project = *request->project;
  DiagnosticSink found;
  cidl::Interface interface = sema::analyse(project, found);
  // Only a whole interface says which databases there are.
  if (found.errors() == 0) cloesce::migrate::check_history(interface, request->history, found);
  if (found.errors() == 0) check_data_sources(project, interface, found);
  emit::name_buckets(interface, request->buckets);
  const DiagnosticSink findings = in_order(found);
  const std::vector<SourceFile> files = source_files(*request);
  const bool ok = findings.errors() == 0;

  Arena arena;
  ByteBuffer buffer(arena, 64 * 1024);
  json::Writer out(buffer);
  out.begin_object();
  out.key("ok").boolean(ok);
  out.key("diagnostics");
  write_diagnostics(out, findings, files, request->color ? Color::kAnsi : Color::kPlain);
  out.key("summary").string(summary_of(findings));
  out.key("files").begin_array();
  if (ok) {
    auto image = image::build_image_text(interface);
    if (!image.ok()) return image;
    std::vector<emit::File> emitted = emit::emit_files(interface, {project.out_dir});
    emitted.push_back({"image.ts", emit::emit_image_module(*image)});
    for (const emit::File& file : emitted) {
      out.begin_object().key("path").string(file.path).key("text").string(file.text).end_object();
    }
  }
  out.end_array();
  out.key("wrangler");
  if (ok) {
    out.raw(
        emit::wrangler_requirements(interface, {project.out_dir, std::string(kMigrationsFolder)}));
  } else {
    out.null();
  }
  if (request->access) {
    out.key("access").string(ok ? emit::access_table(interface, guards_of(project)) : "");
  }
  out.end_object();
  return std::string(buffer.view());
}

}  // namespace cloesce::driver
