// The passes in their order.
#include "compile/sema/analyse.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compile/sema/access.h"
#include "compile/sema/bytes.h"
#include "compile/sema/class_table.h"
#include "compile/sema/columns.h"
#include "compile/sema/context.h"
#include "compile/sema/data_sources.h"
#include "compile/sema/environment.h"
#include "compile/sema/foreign_keys.h"
#include "compile/sema/history_calls.h"
#include "compile/sema/hooks.h"
#include "compile/sema/indexes.h"
#include "compile/sema/lists.h"
#include "compile/sema/methods.h"
#include "compile/sema/navigations.h"
#include "compile/sema/order.h"
#include "compile/sema/plain_objects.h"
#include "compile/sema/reporter.h"
#include "compile/sema/resolve_names.h"
#include "compile/sema/route_prefix.h"
#include "compile/sema/services.h"
#include "compile/sema/stored_fields.h"
#include "compile/sema/tables.h"
#include "compile/sema/types.h"
#include "compile/sema/versions.h"
#include "compile/sema/writes.h"

namespace cloesce::sema {
namespace {

// A field of a plain object's type needs that plain object, so that readers meet it first.
std::vector<cidl::PlainObject> in_order(std::vector<cidl::PlainObject> objects) {
  std::vector<std::string> names;
  std::unordered_map<std::string_view, std::size_t> indices;
  for (std::size_t index = 0; index < objects.size(); ++index) {
    names.push_back(objects[index].name);
    indices.emplace(objects[index].name, index);
  }
  std::vector<Dependency> dependencies;
  for (std::size_t index = 0; index < objects.size(); ++index) {
    for (const cidl::Field& field : objects[index].fields) {
      const cidl::Type* type = &field.type;
      while (!type->inner.empty()) type = &type->inner.front();
      if (const auto found = indices.find(type->name); found != indices.end()) {
        dependencies.push_back({index, found->second, Strength::kOptional});
      }
    }
  }
  std::vector<cidl::PlainObject> ordered;
  for (const std::size_t index : order_by_dependency(names, dependencies)) {
    ordered.push_back(std::move(objects[index]));
  }
  return ordered;
}

std::vector<cidl::ExportName> export_names(const ClassTable& classes) {
  std::vector<cidl::ExportName> exports;
  for (const ClassEntry& entry : classes.classes()) {
    if (entry.kind == ClassKind::kEnvironment) continue;  // a type only
    const pre::ClassNode& node = *entry.node;
    if (node.exported && node.export_name != node.name) {
      exports.push_back({node.name, node.export_name});
    }
  }
  std::sort(exports.begin(), exports.end(),
            [](const cidl::ExportName& left, const cidl::ExportName& right) {
              return left.class_name < right.class_name;
            });
  return exports;
}

// Classes that are injected and that the project does not declare with a decorator.
std::vector<cidl::InjectedClass> injected_classes(const pre::Project& project,
                                                  const ClassTable& classes,
                                                  const cidl::Interface& interface) {
  std::map<std::string_view, cidl::InjectedClass> found;
  const auto add = [&](std::string_view name) {
    const auto place = project.plain_classes.find(name);
    if (place == project.plain_classes.end() || classes.find(name) != nullptr) return;
    found.try_emplace(
        name, cidl::InjectedClass{std::string(name),
                                  project.files[static_cast<std::size_t>(place->second.file)],
                                  place->second.export_name});
  };
  const auto add_parameters = [&](const std::vector<cidl::Parameter>& parameters) {
    for (const cidl::Parameter& parameter : parameters) {
      if (parameter.type.kind == cidl::TypeKind::kInject) add(parameter.type.name);
    }
  };
  for (const cidl::Model& model : interface.models) {
    for (const cidl::Method& method : model.methods) add_parameters(method.parameters);
  }
  for (const cidl::Service& service : interface.services) {
    for (const cidl::Attribute& attribute : service.attributes) add(attribute.inject);
    if (service.initializer) add_parameters(*service.initializer);
    for (const cidl::Method& method : service.methods) add_parameters(method.parameters);
  }
  std::vector<cidl::InjectedClass> injected;
  for (auto& [name, one] : found) injected.push_back(std::move(one));
  return injected;
}

}  // namespace

cidl::Interface analyse(const pre::Project& written, DiagnosticSink& sink) {
  pre::Project project = written;
  for (const Diagnostic& diagnostic : project.diagnostics) sink.add(diagnostic);
  const Reporter reporter(sink, sink.errors() > 0 ? Sources::kIncomplete : Sources::kComplete);
  resolve_names(project, reporter);
  const ClassTable classes = collect_classes(project, reporter);
  const TypeResolver types(classes, reporter);
  const Context context{project, classes, types, reporter};

  cidl::Interface interface;
  interface.name = project.name;
  interface.workers_url = project.workers_url;
  interface.client_url = project.client_url;
  interface.route_prefix = route_prefix_of(project, reporter);
  interface.nested_writes = project.nested_writes;
  if (project.app) {
    interface.application = cidl::Application{
        project.files[static_cast<std::size_t>(project.app->file)], project.app->export_name,
        project.app->cors ? cidl::CrossOrigin::kPossible : cidl::CrossOrigin::kNever,
        project.app->idempotency_keys ? cidl::IdempotencyKeys::kTaken
                                      : cidl::IdempotencyKeys::kPassedOver,
        project.app->scopes ? cidl::Scoping::kPossible : cidl::Scoping::kNever};
  }
  interface.environment = analyse_environment(context);
  interface.exports = export_names(classes);

  std::vector<ModelDraft> drafts = declare_models(context, interface.environment);
  check_signing_keys(context, interface.environment, drafts);
  check_key_overlaps(context, drafts);
  check_history_calls(context, drafts);
  resolve_indexes(context, drafts);
  resolve_foreign_keys(context, drafts);
  interface.junctions = resolve_navigations(context, drafts);
  resolve_access(context, drafts);
  resolve_versions(context, drafts);
  resolve_data_sources(context, drafts);
  resolve_lists(context, drafts);
  interface.plain_objects = analyse_plain_objects(context);

  const BytesFinder bytes(drafts, interface.plain_objects);
  for (ModelDraft& draft : drafts) {
    std::vector<cidl::Method> methods = crud_methods(context, bytes, draft);
    std::vector<cidl::Method> own = analyse_methods(context, bytes, *draft.entry, methods);
    std::move(own.begin(), own.end(), std::back_inserter(methods));
    draft.model.methods = std::move(methods);
  }
  resolve_writes(context, drafts);
  interface.services = analyse_services(context, bytes);
  check_access(context, drafts, interface.plain_objects);

  for (const std::size_t index : order_tables(context, drafts)) {
    interface.models.push_back(std::move(drafts[index].model));
  }
  interface.plain_objects = in_order(std::move(interface.plain_objects));
  interface.injected = injected_classes(project, classes, interface);
  check_hooks(context, interface);
  return interface;
}

}  // namespace cloesce::sema
