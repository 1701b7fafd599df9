// Reads cidl.pre.json by tables: each node lists its members, and one loop reads them all.
#include "compile/sema/pre_load.h"

#include "base/arena.h"
#include "compile/sema/pre_reader.h"

namespace cloesce::sema {
namespace detail {

std::span<const Member> Loader::type_members() {
  static constexpr Member kMembers[] = {
      {"kind", into<&pre::TypeNode::form>},
      {"span", into<&pre::TypeNode::span>},
      {"name", into<&pre::TypeNode::text>, Presence::kOptional},
      {"qualifier", into<&pre::TypeNode::qualifier>, Presence::kOptional},
      {"arguments", into<&pre::TypeNode::inner>, Presence::kOptional},
      {"element", into_element, Presence::kOptional},
      {"members", into<&pre::TypeNode::inner>, Presence::kOptional},
      {"value", into_literal_type, Presence::kOptional},
      {"text", into<&pre::TypeNode::text>, Presence::kOptional},
  };
  return kMembers;
}

std::span<const Member> Loader::value_members() {
  static constexpr Member kMembers[] = {
      {"kind", into<&pre::ValueNode::form>},
      {"span", into<&pre::ValueNode::span>},
      {"value", into_literal_value, Presence::kOptional},
      {"name", into<&pre::ValueNode::text>, Presence::kOptional},
      {"qualifier", into<&pre::ValueNode::qualifier>, Presence::kOptional},
      {"parameter", into<&pre::ValueNode::text>, Presence::kOptional},
      {"text", into<&pre::ValueNode::text>, Presence::kOptional},
      {"items", into<&pre::ValueNode::items>, Presence::kOptional},
      {"entries", into<&pre::ValueNode::entries>, Presence::kOptional},
      {"path", into<&pre::ValueNode::path>, Presence::kOptional},
  };
  return kMembers;
}

template <>
struct Shape<pre::ObjectEntry> {
  static constexpr Member kMembers[] = {{"key", into<&pre::ObjectEntry::key>},
                                        {"span", into<&pre::ObjectEntry::span>},
                                        {"value", into<&pre::ObjectEntry::value>}};
};

template <>
struct Shape<pre::DecoratorNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::DecoratorNode::name>},
      {"qualifier", into<&pre::DecoratorNode::qualifier>, Presence::kOptional},
      {"span", into<&pre::DecoratorNode::span>},
      {"typeArguments", into<&pre::DecoratorNode::type_arguments>},
      {"arguments", into<&pre::DecoratorNode::arguments>},
  };
};

template <>
struct Shape<pre::PropertyNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::PropertyNode::name>},
      {"span", into<&pre::PropertyNode::span>},
      {"static", into_placement<pre::PropertyNode>},
      {"optional", into<&pre::PropertyNode::optional>},
      {"accessibility", into<&pre::PropertyNode::accessibility>},
      {"type", into<&pre::PropertyNode::type>},
      {"decorators", into<&pre::PropertyNode::decorators>},
      {"initializer", into<&pre::PropertyNode::initializer>},
  };
};

template <>
struct Shape<pre::ParameterNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::ParameterNode::name>},
      {"span", into<&pre::ParameterNode::span>},
      {"destructured", into<&pre::ParameterNode::destructured>},
      {"type", into<&pre::ParameterNode::type>},
      {"optional", into<&pre::ParameterNode::optional>},
      {"rest", into<&pre::ParameterNode::rest>},
      {"hasDefault", into<&pre::ParameterNode::has_default>},
      {"default", into<&pre::ParameterNode::fallback>, Presence::kOptional},
      {"decorators", into<&pre::ParameterNode::decorators>},
  };
};

template <>
struct Shape<pre::MethodNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::MethodNode::name>},
      {"span", into<&pre::MethodNode::span>},
      {"static", into_placement<pre::MethodNode>},
      {"accessibility", into<&pre::MethodNode::accessibility>},
      {"decorators", into<&pre::MethodNode::decorators>},
      {"parameters", into<&pre::MethodNode::parameters>},
      {"returns", into<&pre::MethodNode::returns>},
      {"returned", into<&pre::MethodNode::returned>, Presence::kOptional},
      {"doc", into_text<&pre::MethodNode::documentation>},
  };
};

template <>
struct Shape<pre::UnreadNode> {
  static constexpr Member kMembers[] = {
      {"kind", into<&pre::UnreadNode::form>},
      {"name", into<&pre::UnreadNode::name>},
      {"span", into<&pre::UnreadNode::span>},
      {"static", into_placement<pre::UnreadNode>},
      {"initialised", into<&pre::UnreadNode::initialised>},
      {"decorators", into<&pre::UnreadNode::decorators>},
  };
};

template <>
struct Shape<pre::ClassNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::ClassNode::name>},
      {"span", into<&pre::ClassNode::span>},
      {"exported", into<&pre::ClassNode::exported>},
      {"exportName", into<&pre::ClassNode::export_name>},
      {"abstract", into<&pre::ClassNode::abstract>},
      {"doc", into_text<&pre::ClassNode::documentation>},
      {"decorators", into<&pre::ClassNode::decorators>},
      {"extends", into<&pre::ClassNode::extends>},
      {"properties", into<&pre::ClassNode::properties>},
      {"methods", into<&pre::ClassNode::methods>},
      {"unread", into<&pre::ClassNode::unread>, Presence::kOptional},
  };
};

template <>
struct Shape<pre::AliasNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::AliasNode::name>},
      {"span", into<&pre::AliasNode::span>},
      {"typeParameters", into<&pre::AliasNode::type_parameters>},
      {"type", into<&pre::AliasNode::type>},
  };
};

template <>
struct Shape<pre::InterfaceNode> {
  static constexpr Member kMembers[] = {{"name", into<&pre::InterfaceNode::name>},
                                        {"span", into<&pre::InterfaceNode::span>}};
};

template <>
struct Shape<pre::HookNode> {
  static constexpr Member kMembers[] = {
      {"kind", into<&pre::HookNode::kind>},
      {"span", into<&pre::HookNode::span>},
      {"namespace", into<&pre::HookNode::name_space>},
      {"method", into<&pre::HookNode::method>},
  };
};

template <>
struct Shape<pre::ImportNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::ImportNode::name>},         {"span", into<&pre::ImportNode::span>},
      {"imported", into<&pre::ImportNode::imported>}, {"from", into<&pre::ImportNode::from>},
      {"file", into<&pre::ImportNode::file>},
  };
};

template <>
struct Shape<pre::ExportNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::ExportNode::name>},
      {"local", into<&pre::ExportNode::local>},
      {"from", into<&pre::ExportNode::from>},
      {"file", into<&pre::ExportNode::file>},
  };
};

template <>
struct Shape<pre::NameNode> {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::NameNode::name>},
      {"span", into<&pre::NameNode::span>},
      {"kind", into<&pre::NameNode::kind>},
      {"target", into<&pre::NameNode::target>},
  };
};

template <>
struct Shape<pre::ModuleNode> {
  static constexpr Member kMembers[] = {
      {"file", into<&pre::ModuleNode::file>},
      {"imports", into<&pre::ModuleNode::imports>},
      {"exports", into<&pre::ModuleNode::exports>},
      {"names", into<&pre::ModuleNode::names>},
  };
};

template <>
struct Shape<pre::AppNode> {
  static constexpr Member kMembers[] = {
      {"file", into<&pre::AppNode::file>},
      {"span", into<&pre::AppNode::span>},
      {"name", into<&pre::AppNode::name>},
      {"export", into<&pre::AppNode::export_name>},
      {"routePrefix", into<&pre::AppNode::route_prefix>},
      {"cors", into<&pre::AppNode::cors>, Presence::kOptional},
      {"idempotencyKeys", into<&pre::AppNode::idempotency_keys>, Presence::kOptional},
      {"scopes", into<&pre::AppNode::scopes>, Presence::kOptional},
      {"hooks", into<&pre::AppNode::hooks>, Presence::kOptional},
  };
};

template <>
struct Shape<DiagnosticNote> {
  static constexpr Member kMembers[] = {{"message", into<&DiagnosticNote::message>},
                                        {"span", into<&DiagnosticNote::span>}};
};

template <>
struct Shape<Diagnostic> {
  static constexpr Member kMembers[] = {
      {"severity", into<&Diagnostic::severity>}, {"code", into<&Diagnostic::code>},
      {"message", into<&Diagnostic::message>},   {"span", into<&Diagnostic::span>},
      {"hint", into_text<&Diagnostic::hint>},    {"notes", into<&Diagnostic::notes>},
  };
};

template <>
struct Shape<pre::HistoryBucket> {
  static constexpr Member kMembers[] = {{"binding", into<&pre::HistoryBucket::binding>},
                                        {"history", into<&pre::HistoryBucket::history>}};
};

template <>
struct Shape<pre::HistoryCall> {
  static constexpr Member kMembers[] = {{"name", into<&pre::HistoryCall::read>},
                                        {"model", into<&pre::HistoryCall::model>}};
};

// The `project` member: what the config says.
bool into_facts(Loader& loader, const json::Value& json, void* target) {
  static constexpr Member kMembers[] = {
      {"name", into<&pre::Project::name>},
      {"workersUrl", into<&pre::Project::workers_url>},
      {"clientUrl", into_text<&pre::Project::client_url>},
      {"nestedWrites", into<&pre::Project::nested_writes>, Presence::kOptional},
      {"historyBuckets", into<&pre::Project::history_buckets>, Presence::kOptional},
  };
  return loader.read_object(json, kMembers, target);
}

template <>
struct Shape<pre::Project> {
  static constexpr Member kMembers[] = {
      {"version", check_version},
      {"project", into_facts},
      {"files", into<&pre::Project::files>},
      {"outDir", into<&pre::Project::out_dir>},
      {"app", into<&pre::Project::app>},
      {"modules", into<&pre::Project::modules>},
      {"aliases", into<&pre::Project::aliases>},
      {"interfaces", into<&pre::Project::interfaces>},
      {"classes", into<&pre::Project::classes>},
      {"historyCalls", into<&pre::Project::history_calls>, Presence::kOptional},
      {"diagnostics", into<&pre::Project::diagnostics>},
  };
};

Result<pre::Project> Loader::load(const json::Value& json) {
  pre::Project project;
  if (!read(json, project)) return Failure{std::move(error_)};
  if (files_needed_ > project.files.size()) {
    return Failure{
        make_error(ErrorCode::kCidlInvalid, fmt::format(FMT_COMPILE("a span is in file {} of {}"),
                                                        files_needed_ - 1, project.files.size()))};
  }
  return project;
}

}  // namespace detail

Result<pre::Project> load_pre(const json::Value& json) { return detail::Loader().load(json); }

Result<pre::Project> load_pre(std::string_view text) {
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, text));
  if (!document.ok()) return Failure{std::move(document).error()};
  json::Value root;
  if (const auto code = (*document)->get_value(root); code) {
    return json::malformed(code, {});
  }
  auto project = load_pre(root);
  if (!project.ok()) return project;
  CLOESCE_TRY(json::expect_end(**document));
  return project;
}

}  // namespace cloesce::sema
