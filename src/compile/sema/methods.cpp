// One method at a time: verb, parameters, result, media types.
#include "compile/sema/methods.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "cidl/find.h"
#include "cidl/save.h"
#include "compile/sema/injection.h"
#include "compile/sema/marks.h"
#include "compile/sema/media.h"
#include "compile/sema/names.h"
#include "compile/sema/spelling.h"
#include "compile/sema/written_values.h"

namespace cloesce::sema {
namespace {

class MethodAnalyser {
 public:
  MethodAnalyser(const Context& context, const BytesFinder& bytes, const ClassEntry& entry,
                 const pre::MethodNode& node)
      : context_(context),
        bytes_(bytes),
        entry_(entry),
        node_(node),
        subject_(member_text(entry.node->name, node.name)) {}

  /// Nothing when the method has no verb or cannot be a route.
  std::optional<cidl::Method> run() {
    if (!read_verb()) return std::nullopt;
    if (node_.accessibility != pre::Accessibility::kPublic) {
      report(Code::kMethodNotPublic, node_.span,
             fmt::format(FMT_COMPILE("`{}` is a route, but not public"), subject_),
             "remove the verb, or make the method public");
    }
    if (is_reserved_member(node_.name) || node_.name == "then") {
      report(Code::kNameReserved, node_.span,
             fmt::format(FMT_COMPILE("`{}` cannot be called so: the name is reserved"), subject_),
             "rename it: in JavaScript this name changes what an object is");
    }
    method_.name = node_.name;
    method_.scope = node_.placement == pre::Placement::kStatic ? cidl::MethodScope::kStatic
                                                               : cidl::MethodScope::kInstance;
    method_.documentation = node_.documentation;
    if (entry_.kind == ClassKind::kService && method_.scope == cidl::MethodScope::kStatic) {
      report(Code::kServiceStatic, node_.span,
             fmt::format(FMT_COMPILE("`{}` is static, so it cannot use what the service has "
                                     "injected"),
                         subject_),
             "remove `static`: callers see no difference");
    }
    for (const pre::ParameterNode& parameter : node_.parameters) add_parameter(parameter);
    read_returns();
    method_.parameters_media = parameters_media(method_, bytes_);
    method_.returns_media = returns_media(method_.returns);
    check_media();
    return std::move(method_);
  }

 private:
  void report(Code code, Span span, std::string message, std::string hint = {},
              std::vector<DiagnosticNote> notes = {}) const {
    context_.reporter.report(code, span, std::move(message), std::move(hint), std::move(notes));
  }

  bool read_verb() {
    const pre::DecoratorNode* first = nullptr;
    for (const pre::DecoratorNode& decorator : node_.decorators) {
      const std::optional<Mark> mark = mark_of(decorator.name);
      const std::optional<cidl::Verb> verb = mark ? verb_of(*mark) : std::nullopt;
      if (!verb) continue;
      if (first != nullptr) {
        report(Code::kVerbRepeated, decorator.span,
               fmt::format(FMT_COMPILE("`{}` has both @{} and @{}"), subject_, first->name,
                           decorator.name),
               "keep one: a method answers one verb");
        continue;
      }
      first = &decorator;
      method_.verb = *verb;
      if (!decorator.arguments.empty()) reject_arguments(decorator);
    }
    return first != nullptr;
  }

  // What one writes there elsewhere: a path, or what is read along.
  void reject_arguments(const pre::DecoratorNode& decorator) const {
    const pre::ValueNode& first = decorator.arguments.front();
    const bool text = first.form == pre::ValueForm::kString;
    report(Code::kVerbArgument, first.span,
           fmt::format(FMT_COMPILE("@{} of `{}` takes no arguments"), decorator.name, subject_),
           text
               ? fmt::format(FMT_COMPILE("the route is named after class and method: remove it, or "
                                         "rename `{}`"),
                             node_.name)
               : fmt::format(FMT_COMPILE("write `@{}`; what a method reads along is said by a "
                                         "`@DataSource`"),
                             decorator.name));
  }

  void add_parameter(const pre::ParameterNode& node) {
    const std::string subject = fmt::format(FMT_COMPILE("{}({})"), subject_, shown_name(node));
    if (is_injected(context_, node)) {
      if (auto parameter = injected_parameter(context_, node, subject)) {
        method_.parameters.push_back(std::move(*parameter));
        parameter_nodes_.push_back(&node);
      }
      return;
    }
    if (!check_form(node, subject) || !check_parameter_name(node, subject)) return;
    if (!node.type) {
      report(Code::kTypeMissing, node.span,
             fmt::format(FMT_COMPILE("the parameter `{}` has no type"), subject),
             fmt::format(FMT_COMPILE("write its type: `{}: {}`"), node.name,
                         suggested_type(node.fallback)));
      return;
    }
    auto type = context_.types.resolve(*node.type, {Position::kParameter, subject});
    if (!type) return;
    cidl::Parameter parameter{node.name, std::move(*type), cidl::Presence::kRequired, {}};
    if ((node.optional || node.has_default) && may_be_left_out(parameter.type)) {
      parameter.presence = cidl::Presence::kOptional;
    }
    if (node.optional && parameter.presence == cidl::Presence::kOptional &&
        parameter.type.kind != cidl::TypeKind::kNullable) {
      cidl::Type inner = std::move(parameter.type);
      parameter.type = cidl::Type{cidl::TypeKind::kNullable, {}, {}};
      parameter.type.inner.push_back(std::move(inner));
    }
    read_default(node, parameter, subject);
    method_.parameters.push_back(std::move(parameter));
    parameter_nodes_.push_back(&node);
  }

  // The method applies its default itself; what is written out is told to callers.
  void read_default(const pre::ParameterNode& node, cidl::Parameter& parameter,
                    const std::string& subject) const {
    if (!node.fallback) return;
    switch (fit_of(*node.fallback, parameter.type)) {
      case Fit::kFits:
        if (auto text = json_of(*node.fallback)) parameter.fallback = std::move(*text);
        return;
      case Fit::kUnknown:
        return;
      case Fit::kMisfit:
        report(Code::kParameterDefault, node.fallback->span,
               fmt::format(FMT_COMPILE("the default of `{}` is not of its type, {}"), subject,
                           cidl::type_to_text(parameter.type)),
               "write a default of that type, or the type of the default");
        return;
    }
  }

  // A destructured parameter has no name of its own.
  static std::string shown_name(const pre::ParameterNode& node) {
    if (!node.destructured) return node.name;
    return fmt::format(FMT_COMPILE("{{ {} }}"), fmt::join(*node.destructured, ", "));
  }

  // A body is always there, and a data source has its default.
  static bool may_be_left_out(const cidl::Type& type) {
    return type.kind != cidl::TypeKind::kDataSource && type.kind != cidl::TypeKind::kStream;
  }

  bool check_form(const pre::ParameterNode& node, const std::string& subject) const {
    if (node.rest) {
      report(Code::kParameterForm, node.span,
             fmt::format(FMT_COMPILE("`{}` is a rest parameter, which a request cannot fill"),
                         subject),
             fmt::format(FMT_COMPILE("take an array: `{}: string[]`"), node.name));
      return false;
    }
    if (node.destructured) {
      report(Code::kParameterForm, node.span,
             fmt::format(FMT_COMPILE("a parameter of `{}` is destructured, so it has no name to "
                                     "send it by"),
                         subject_),
             "give it a name, or put @Inject in front of it");
      return false;
    }
    return true;
  }

  bool check_parameter_name(const pre::ParameterNode& node, const std::string& subject) const {
    if (!is_reserved_member(node.name) && lower(node.name) != "__datasource") return true;
    report(Code::kNameReserved, node.span,
           fmt::format(FMT_COMPILE("`{}` cannot be called so: the name is reserved"), subject),
           "rename the parameter");
    return false;
  }

  void read_returns() {
    if (!node_.returns) {
      if (!node_.returned) return;
      report(Code::kReturnUndeclared, *node_.returned,
             fmt::format(FMT_COMPILE("`{}` returns a value, but declares no type, so its callers "
                                     "get nothing"),
                         subject_),
             fmt::format(FMT_COMPILE("write the type of what it returns: `{}(): string`"),
                         node_.name));
      return;
    }
    auto type = context_.types.resolve(*node_.returns, {Position::kReturn, subject_});
    if (type) method_.returns = std::move(*type);
  }

  void check_media() const {
    std::size_t sent = 0;
    for (const cidl::Parameter& parameter : method_.parameters) {
      if (parameter.type.kind != cidl::TypeKind::kInject) ++sent;
    }
    const bool in_query = method_.verb == cidl::Verb::kGet || method_.verb == cidl::Verb::kHead;
    for (std::size_t index = 0; index < method_.parameters.size(); ++index) {
      const cidl::Type& type = method_.parameters[index].type;
      const pre::ParameterNode& node = *parameter_nodes_[index];
      const bool stream = type.kind == cidl::TypeKind::kStream;
      if (in_query && (stream || bytes_.holds_blob(type, Reach::kOwnMembers))) {
        report(Code::kBytesInQuery, node.type->span,
               fmt::format(FMT_COMPILE("`{}({})` holds bytes, but a GET or HEAD has no body"),
                           subject_, node.name),
               "make the method a @POST or @PUT");
      } else if (stream && sent > 1) {
        report(Code::kStreamAccompanied, node.type->span,
               fmt::format(FMT_COMPILE("the Stream `{}({})` is not alone: it is the whole body"),
                           subject_, node.name),
               "write `Blob`, make the other parameters part of the key, or send them first");
      }
    }
    if (node_.returns && method_.returns_media == cidl::MediaType::kJson &&
        bytes_.holds_blob(method_.returns, Reach::kOwnMembers)) {
      report(Code::kBytesInflated, node_.returns->span,
             fmt::format(FMT_COMPILE("`{}` answers a Blob inside JSON, as base64, a third larger"),
                         subject_),
             "answer a Blob or a Stream alone from a method of its own");
    }
  }

  const Context& context_;
  const BytesFinder& bytes_;
  const ClassEntry& entry_;
  const pre::MethodNode& node_;
  std::string subject_;
  cidl::Method method_;
  std::vector<const pre::ParameterNode*> parameter_nodes_;  // of method_.parameters
};

const pre::MethodNode* first_node(const ClassEntry& entry, std::string_view name,
                                  const pre::MethodNode& before) {
  for (const pre::MethodNode& node : entry.node->methods) {
    if (&node == &before) return nullptr;
    if (node.name == name) return &node;
  }
  return nullptr;
}

}  // namespace

std::optional<cidl::Parameter> injected_parameter(const Context& context,
                                                  const pre::ParameterNode& parameter,
                                                  const std::string& subject) {
  auto name = injected_name(context, parameter, subject);
  if (!name) return std::nullopt;
  return cidl::Parameter{parameter.name,
                         {cidl::TypeKind::kInject, std::move(*name), {}},
                         cidl::Presence::kRequired,
                         {}};
}

std::vector<cidl::Method> analyse_methods(const Context& context, const BytesFinder& bytes,
                                          const ClassEntry& entry,
                                          const std::vector<cidl::Method>& taken) {
  std::vector<cidl::Method> methods;
  const auto is_called = [](std::string_view name) {
    return [name](const cidl::Method& method) { return method.name == name; };
  };
  for (const pre::MethodNode& node : entry.node->methods) {
    auto method = MethodAnalyser(context, bytes, entry, node).run();
    if (!method) continue;
    const bool of_crud = std::any_of(taken.begin(), taken.end(), is_called(node.name));
    if (of_crud || std::any_of(methods.begin(), methods.end(), is_called(node.name))) {
      std::vector<DiagnosticNote> notes;
      if (of_crud) {
        const pre::DecoratorNode* crud = find_mark(entry.node->decorators, Mark::kCrud);
        notes.push_back({"@CRUD makes one here", crud->span});
      } else if (const pre::MethodNode* other = first_node(entry, node.name, node)) {
        notes.push_back({"the other one is here", other->span});
      }
      context.reporter.report(
          Code::kRouteRepeated, node.span,
          fmt::format(FMT_COMPILE("there are two routes `{}`"),
                      member_text(entry.node->name, node.name)),
          of_crud ? "rename the method, or leave its kind out of @CRUD" : "rename one",
          std::move(notes));
      continue;
    }
    methods.push_back(std::move(*method));
  }
  return methods;
}

}  // namespace cloesce::sema
