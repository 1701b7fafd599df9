// The worker's entry: imports of the project's classes, grouped by file, and the app made of them.
#include "compile/emit/worker_entry.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cidl/find.h"
#include "compile/emit/code_writer.h"
#include "compile/emit/typescript.h"

namespace cloesce::emit {
namespace {

/// A class as one import of it: what the file calls it, what the entry calls it.
struct Import {
  std::string class_name;
  std::string export_name;
  std::string local_name;
};

using ImportsByFile = std::map<std::string, std::vector<Import>, std::less<>>;

std::string export_name(const cidl::Interface& interface, const std::string& class_name) {
  const auto found =
      std::find_if(interface.exports.begin(), interface.exports.end(),
                   [&](const cidl::ExportName& entry) { return entry.class_name == class_name; });
  return found == interface.exports.end() ? class_name : found->export_name;
}

ImportsByFile collect_imports(const cidl::Interface& interface, Scope& scope) {
  ImportsByFile files;
  const auto add = [&](const std::string& name, const std::string& file) {
    if (file.empty()) return;  // a type without a class to construct
    files[file].push_back({name, export_name(interface, name), scope.declare(name)});
  };
  for (const cidl::Model& model : interface.models) add(model.name, model.file);
  for (const cidl::PlainObject& object : interface.plain_objects) add(object.name, object.file);
  for (const cidl::Service& service : interface.services) add(service.name, service.file);
  for (const cidl::InjectedClass& one : interface.injected) {
    files[one.file].push_back({one.name, one.export_name, scope.declare(one.name)});
  }
  for (auto& [file, imports] : files) {
    std::sort(imports.begin(), imports.end(), [](const Import& left, const Import& right) {
      return left.class_name < right.class_name;
    });
  }
  return files;
}

/// `Horse`, `Animal as Horse`.
std::string specifier(std::string_view exported, std::string_view local) {
  std::string result(exported);
  if (exported != local) result.append(" as ").append(local);
  return result;
}

void write_imports(CodeWriter& writer, const ImportsByFile& files, std::string_view out_dir) {
  for (const auto& [file, imports] : files) {
    std::string default_import;
    std::vector<std::string> named;
    for (const Import& import : imports) {
      if (import.export_name == "default" && default_import.empty()) {
        default_import = import.local_name;
      } else {
        named.push_back(specifier(import.export_name, import.local_name));
      }
    }
    const std::string from = " from " + quoted(import_path(out_dir, file)) + ";";
    if (named.empty()) {
      writer.line("import ", default_import, from);
    } else {
      const std::string prefix =
          default_import.empty() ? "import {" : "import " + default_import + ", {";
      writer.list(prefix, named, "}" + from, " ");
    }
  }
}

void write_application(CodeWriter& writer, const cidl::Application& application,
                       std::string_view out_dir) {
  const std::string from = " from " + quoted(import_path(out_dir, application.file)) + ";";
  if (application.export_name == "default") {
    writer.line("import app", from);
  } else {
    writer.line("import { ", specifier(application.export_name, "app"), " }", from);
  }
}

/// `Horse`, or `Horse: Horse_` where the entry has to call it otherwise.
std::vector<std::string> class_entries(const ImportsByFile& files) {
  std::vector<Import> all;
  for (const auto& [file, imports] : files) all.insert(all.end(), imports.begin(), imports.end());
  std::sort(all.begin(), all.end(), [](const Import& left, const Import& right) {
    return left.class_name < right.class_name;
  });
  std::vector<std::string> entries;
  entries.reserve(all.size());
  for (const Import& import : all) {
    entries.push_back(import.class_name == import.local_name
                          ? import.class_name
                          : property_name(import.class_name) + ": " + import.local_name);
  }
  return entries;
}

bool is_stored(const cidl::Type& type) {
  switch (type.kind) {
    case cidl::TypeKind::kR2Object:
    case cidl::TypeKind::kR2Download:
    case cidl::TypeKind::kKvValue:
    case cidl::TypeKind::kPage:
      return true;
    default:
      return std::any_of(type.inner.begin(), type.inner.end(), is_stored);
  }
}

bool speaks_of_stored(const std::vector<cidl::Method>& methods) {
  return std::any_of(methods.begin(), methods.end(), [](const cidl::Method& method) {
    return is_stored(method.returns) ||
           std::any_of(method.parameters.begin(), method.parameters.end(),
                       [](const cidl::Parameter& parameter) { return is_stored(parameter.type); });
  });
}

/// Whether the project reaches the part of the engine that is for KV and R2. A KV namespace that
/// only user code reads needs none of it. A bucket does: a HEAD method may answer what the bucket
/// gave it under any type.
bool needs_storage(const cidl::Interface& interface) {
  const auto any = [](const auto& list, const auto& predicate) {
    return std::any_of(list.begin(), list.end(), predicate);
  };
  return any(interface.models,
             [](const cidl::Model& model) {
               return cidl::needs_storage(model) || speaks_of_stored(model.methods);
             }) ||
         any(interface.services,
             [](const cidl::Service& service) { return speaks_of_stored(service.methods); }) ||
         any(interface.plain_objects,
             [&](const cidl::PlainObject& object) {
               return any(object.fields,
                          [](const cidl::Field& field) { return is_stored(field.type); });
             }) ||
         (interface.environment &&
          any(interface.environment->bindings,
              [](const cidl::Binding& binding) { return binding.kind == cidl::BindingKind::kR2; }));
}

// Which of the engines a project takes: the one that has what it needs and no more.
std::string_view engine_of(const cidl::Interface& interface) {
  const bool scoped =
      interface.application && interface.application->scoping == cidl::Scoping::kPossible;
  if (needs_storage(interface)) {
    return scoped ? "cloesce/engine/stored-scoped" : "cloesce/engine/stored";
  }
  return scoped ? "cloesce/engine/scoped" : "cloesce/engine";
}

bool has_history(const cidl::Interface& interface) {
  return std::any_of(interface.models.begin(), interface.models.end(),
                     [](const cidl::Model& model) { return model.kv.history != 0; });
}

}  // namespace

std::string emit_worker_entry(const cidl::Interface& interface, std::string_view out_dir) {
  Scope scope;
  for (const std::string_view name : {"CloesceApp", "createWorker", "engine", "image", "app",
                                      "classes", "worker", "cors", "history", "saves"}) {
    scope.reserve(name);
  }
  const ImportsByFile files = collect_imports(interface, scope);

  CodeWriter writer;
  writer.line("// Generated by Cloesce. Do not edit: `cloesce compile` overwrites this file.");
  writer.line(
      interface.application ? "import { createWorker }" : "import { CloesceApp, createWorker }",
      " from \"cloesce/backend\";");
  writer.line("import { engine } from \"", engine_of(interface), "\";");
  const bool cross_origin =
      interface.application && interface.application->cross_origin == cidl::CrossOrigin::kPossible;
  if (cross_origin) writer.line("import { cors } from \"cloesce/engine/cors\";");
  const bool history = has_history(interface);
  if (history) writer.line("import { history } from \"cloesce/engine/history\";");
  const bool takes_keys = interface.application &&
                          interface.application->idempotency_keys == cidl::IdempotencyKeys::kTaken;
  if (takes_keys) writer.line("import { saves } from \"cloesce/engine/saves\";");
  writer.line("import { image } from \"./image\";");
  write_imports(writer, files, out_dir);
  if (interface.application) write_application(writer, *interface.application, out_dir);
  writer.blank();
  if (!interface.application) writer.line("const app = new CloesceApp();");
  writer.list("const classes = {", class_entries(files), "};", " ");
  writer.line("const worker = createWorker({ ",
              history ? "engine: { ...engine, history }" : "engine", ", image, classes, app",
              cross_origin ? ", cors" : "", takes_keys ? ", saves" : "", " });");
  writer.blank();
  writer.line(
      "/** For a worker of your own: `app.run(request, env, ctx)` answers the app's requests. */");
  writer.line("export { app };");
  writer.line("export default worker;");
  return std::move(writer).take();
}

}  // namespace cloesce::emit
