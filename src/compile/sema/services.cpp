// Services and what they need to be constructed.
#include "compile/sema/services.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "compile/sema/injection.h"
#include "compile/sema/marks.h"
#include "compile/sema/methods.h"
#include "compile/sema/names.h"
#include "compile/sema/order.h"

namespace cloesce::sema {
namespace {

constexpr std::string_view kInitializerName = "init";

// Something that a service cannot be constructed without, and where it says so.
struct Need {
  std::string name;
  std::string subject;
  Span span;
};

struct ServiceDraft {
  const ClassEntry* entry = nullptr;
  cidl::Service service;
  std::vector<Need> needs;
};

bool has_verb(const pre::MethodNode& method) {
  for (const pre::DecoratorNode& decorator : method.decorators) {
    const std::optional<Mark> mark = mark_of(decorator.name);
    if (mark && verb_of(*mark)) return true;
  }
  return false;
}

class ServiceAnalyser {
 public:
  ServiceAnalyser(const Context& context, const BytesFinder& bytes, const ClassEntry& entry)
      : context_(context),
        bytes_(bytes),
        entry_(entry),
        attributes_(context.reporter, entry.node->name) {}

  ServiceDraft run() {
    const pre::ClassNode& node = *entry_.node;
    draft_.entry = &entry_;
    draft_.service.name = node.name;
    draft_.service.file = context_.file_of(node);
    draft_.service.documentation = node.documentation;
    for (const pre::PropertyNode& property : node.properties) {
      if (property.placement == pre::Placement::kInstance) add_attribute(property);
    }
    for (const pre::MethodNode& method : node.methods) {
      if (method.name == kInitializerName) read_initializer(method);
    }
    draft_.service.methods = analyse_methods(context_, bytes_, entry_, {});
    return std::move(draft_);
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint));
  }

  void add_attribute(const pre::PropertyNode& property) {
    if (!attributes_.add(property.name, property.span)) return;
    const std::string subject = member_text(entry_.node->name, property.name);
    auto name = attribute_name(context_, property, subject);
    if (!name) return;
    draft_.needs.push_back({*name, subject, property.span});
    draft_.service.attributes.push_back({property.name, std::move(*name)});
  }

  void read_initializer(const pre::MethodNode& method) {
    const std::string subject = member_text(entry_.node->name, method.name);
    if (has_verb(method)) {
      report(Code::kInitializer, method.span,
             fmt::format(FMT_COMPILE("`{}` cannot be a route: it prepares the service"), subject),
             "remove the verb, or rename the method");
    }
    if (method.placement == pre::Placement::kStatic) {
      report(Code::kInitializer, method.span,
             fmt::format(FMT_COMPILE("`{}` is static, but it prepares an instance"), subject),
             "remove `static`, or rename the method");
      return;
    }
    auto& parameters = draft_.service.initializer.emplace();
    for (const pre::ParameterNode& parameter : method.parameters) {
      const std::string place = fmt::format(FMT_COMPILE("{}({})"), subject, parameter.name);
      if (!is_injected(context_, parameter)) {
        report(Code::kInitializer, parameter.span,
               fmt::format(FMT_COMPILE("`{}` is not injected, and nobody else calls init"), place),
               "put @Inject in front of it, or remove it");
        continue;
      }
      if (auto injected = injected_parameter(context_, parameter, place)) {
        draft_.needs.push_back({injected->type.name, place, parameter.span});
        parameters.push_back(std::move(*injected));
      }
    }
  }

  const Context& context_;
  const BytesFinder& bytes_;
  const ClassEntry& entry_;
  ServiceDraft draft_;
  MemberNames attributes_;
};

struct Graph {
  std::vector<std::string> names;
  std::vector<Dependency> dependencies;
};

Graph graph_of(const std::vector<ServiceDraft>& drafts) {
  Graph graph;
  std::unordered_map<std::string_view, std::size_t> indices;
  for (std::size_t index = 0; index < drafts.size(); ++index) {
    graph.names.push_back(drafts[index].service.name);
    indices.emplace(drafts[index].service.name, index);
  }
  for (std::size_t index = 0; index < drafts.size(); ++index) {
    for (const Need& need : drafts[index].needs) {
      const auto found = indices.find(need.name);
      if (found == indices.end()) continue;
      graph.dependencies.push_back({index, found->second, Strength::kRequired});
    }
  }
  return graph;
}

void report_cycles(const Context& context, const std::vector<ServiceDraft>& drafts,
                   const Graph& graph) {
  for (const auto& cycle : find_cycles(graph.names, graph.dependencies)) {
    std::vector<DiagnosticNote> notes;
    for (std::size_t place = 0; place < cycle.size(); ++place) {
      const std::string& next = graph.names[cycle[(place + 1) % cycle.size()]];
      for (const Need& need : drafts[cycle[place]].needs) {
        if (need.name != next) continue;
        notes.push_back(
            {fmt::format(FMT_COMPILE("`{}` needs `{}`"), need.subject, next), need.span});
        break;
      }
    }
    context.reporter.report(
        Code::kServiceCycle, drafts[cycle.front()].entry->node->span,
        fmt::format(FMT_COMPILE("services need each other in a circle: {}"),
                    cycle_text(graph.names, cycle)),
        "take one of them as a parameter of the method that uses it: `@Inject other: Other`",
        std::move(notes));
  }
}

}  // namespace

std::vector<cidl::Service> analyse_services(const Context& context, const BytesFinder& bytes) {
  std::vector<ServiceDraft> drafts;
  for (const ClassEntry& entry : context.classes.classes()) {
    if (entry.kind != ClassKind::kService) continue;
    drafts.push_back(ServiceAnalyser(context, bytes, entry).run());
  }
  const Graph graph = graph_of(drafts);
  report_cycles(context, drafts, graph);
  std::vector<cidl::Service> services;
  for (const std::size_t index : order_by_dependency(graph.names, graph.dependencies)) {
    services.push_back(std::move(drafts[index].service));
  }
  return services;
}

}  // namespace cloesce::sema
