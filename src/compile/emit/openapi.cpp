// Paths and operations of the OpenAPI document.
#include "compile/emit/openapi.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/byte_buffer.h"
#include "cidl/builtin_rules.h"
#include "cidl/find.h"
#include "cidl/list_path.h"
#include "cidl/scalar_rules.h"
#include "cidl/store_rules.h"
#include "compile/emit/emit.h"
#include "compile/emit/openapi_schema.h"
#include "compile/emit/routes.h"
#include "json/writer.h"

namespace cloesce::emit {
namespace {

/// A method with the class it belongs to; `model` is null for a service.
struct Operation {
  const cidl::Method* method;
  std::string_view class_name;
  const cidl::Model* model;
};

/// One path may answer several verbs.
using OperationsByPath = std::map<std::string, std::vector<Operation>, std::less<>>;

/// OpenAPI names verbs in lower case.
std::string verb_key(cidl::Verb verb) {
  std::string key(verb_text(verb));
  for (char& letter : key) letter = to_lower(letter);
  return key;
}

/// The key in the path; nothing when it is not about an instance.
std::vector<KeySegment> path_keys(const Operation& operation) {
  const cidl::Model* model = operation.model;
  if (model == nullptr || !addresses_instance(model, *operation.method)) return {};
  return key_segments(*model);
}

std::string path_of(const Operation& operation) {
  std::string path = "/" + std::string(operation.class_name);
  for (const KeySegment& segment : path_keys(operation)) {
    path.append("/{").append(segment.name).append("}");
  }
  return path.append("/").append(operation.method->name);
}

OperationsByPath collect(const cidl::Interface& interface) {
  OperationsByPath paths;
  const auto add = [&](const Operation& operation) {
    paths[path_of(operation)].push_back(operation);
  };
  for (const cidl::Model& model : interface.models) {
    for (const cidl::Method& method : model.methods) add({&method, model.name, &model});
  }
  for (const cidl::Service& service : interface.services) {
    for (const cidl::Method& method : service.methods) add({&method, service.name, nullptr});
  }
  return paths;
}

bool is_required(const cidl::Parameter& parameter) {
  return parameter.presence == cidl::Presence::kRequired && !cidl::is_nullable(parameter.type) &&
         parameter.type.kind != cidl::TypeKind::kDataSource;
}

bool is_json_in_query(const cidl::Type& type) {
  const cidl::TypeKind kind = cidl::without_nullable(type).kind;
  const cidl::ScalarRules* const scalar = cidl::scalar_of(kind);
  return scalar != nullptr ? !scalar->in_query : kind != cidl::TypeKind::kDataSource;
}

class DocumentWriter {
 public:
  DocumentWriter(json::Writer& json, const cidl::Interface& interface)
      : json_(json), interface_(interface), schemas_(json, interface) {}

  void write() {
    json_.begin_object();
    json_.key("openapi").string("3.1.0");
    json_.key("info").begin_object();
    json_.key("title").string(interface_.name);
    json_.key("version").string("1");
    json_.end_object();
    json_.key("servers").begin_array().begin_object();
    const std::string url = base_url(interface_);
    json_.key("url").string(url.empty() ? "/" : url);
    json_.end_object().end_array();
    write_tags();
    json_.key("paths").begin_object();
    for (const auto& [path, operations] : collect(interface_)) {
      json_.key(path).begin_object();
      for (const Operation& operation : operations) write_operation(operation);
      json_.end_object();
    }
    json_.end_object();
    json_.key("components").begin_object();
    schemas_.write_components();
    json_.end_object();
    json_.end_object();
  }

 private:
  void write_tags() {
    const auto tag = [&](std::string_view name, std::string_view documentation) {
      json_.begin_object();
      json_.key("name").string(name);
      if (!documentation.empty()) json_.key("description").string(documentation);
      json_.end_object();
    };
    json_.key("tags").begin_array();
    for (const cidl::Model& model : interface_.models) {
      if (!model.methods.empty()) tag(model.name, model.documentation);
    }
    for (const cidl::Service& service : interface_.services) {
      if (!service.methods.empty()) tag(service.name, service.documentation);
    }
    json_.end_array();
  }

  void write_operation(const Operation& operation) {
    const cidl::Method& method = *operation.method;
    json_.key(verb_key(method.verb)).begin_object();
    json_.key("tags").begin_array().string(operation.class_name).end_array();
    const std::string separator =
        addresses_instance(operation.model, *operation.method) ? ".instance." : ".";
    json_.key("operationId").string(std::string(operation.class_name) + separator + method.name);
    if (!method.documentation.empty()) json_.key("description").string(method.documentation);
    write_parameters(operation);
    write_body(operation);
    write_responses(method);
    json_.end_object();
  }

  void write_parameters(const Operation& operation) {
    const cidl::Method& method = *operation.method;
    json_.key("parameters").begin_array();
    for (const KeySegment& segment : path_keys(operation)) {
      write_parameter("path", {segment.name, segment.type, cidl::Presence::kRequired, {}});
    }
    for (const cidl::Parameter& parameter : method.parameters) {
      if (!is_sent(method, parameter) || !is_in_query(method, parameter)) continue;
      write_parameter("query", parameter, list_description(operation, parameter.name));
    }
    if (operation.model != nullptr && takes_data_source(operation.model, method))
      write_data_source(*operation.model);
    json_.end_array();
  }

  // What a parameter of a LIST of rows takes; empty for others.
  static std::string list_description(const Operation& operation, std::string_view name) {
    const cidl::Model* model = operation.model;
    if (model == nullptr || !cidl::has_rows(*model) || !cidl::rules_of(*operation.method).lists) {
      return {};
    }
    const cidl::ListRules rules =
        model->list.value_or(cidl::ListRules{{}, {}, cidl::kListRows, cidl::kListRows});
    if (name == "limit") {
      return "Rows of a page, from 1 to " + std::to_string(rules.maximum) + "." +
             (rules.limit == 0 ? " Without it all rows are answered."
                               : " Without it " + std::to_string(rules.limit) + ".");
    }
    if (name == "after") {
      return "Where the page begins: the header `Link` of the page before it has the whole "
             "address, with `rel=\"next\"`.";
    }
    const std::vector<std::string>& paths = name == "where" ? rules.where : rules.order_by;
    std::string text = name == "where" ? "Conditions on "
                                       : "An object or a list of them, each "
                                         "with `asc` or `desc` for one of ";
    for (const std::string& path : paths) {
      if (&path != paths.data()) text += ", ";
      text += "`" + path + "`";
    }
    return text + ".";
  }

  void write_parameter(std::string_view place, const cidl::Parameter& parameter,
                       std::string_view description = {}) {
    const cidl::Type& type = parameter.type;
    const bool json_text = place == "query" && is_json_in_query(type);
    json_.begin_object();
    json_.key("name").string(parameter.name);
    json_.key("in").string(place);
    json_.key("required").boolean(is_required(parameter));
    if (!description.empty()) json_.key("description").string(description);
    if (json_text) json_.key("content").begin_object().key("application/json").begin_object();
    json_.key("schema");
    // A null cannot be written in a URL: it is left out.
    schemas_.write_request(json_text ? type : cidl::without_nullable(type), BlobForm::kBase64,
                           parameter.fallback == "null" ? std::string_view() : parameter.fallback);
    if (json_text) json_.end_object().end_object();
    json_.end_object();
  }

  void write_data_source(const cidl::Model& model) {
    json_.begin_object();
    json_.key("name").string("__datasource");
    json_.key("in").string("query");
    json_.key("description").string("What to read along with it.");
    json_.key("schema");
    schemas_.write({cidl::TypeKind::kDataSource, model.name, {}}, BlobForm::kBase64);
    json_.end_object();
  }

  void write_body(const Operation& operation) {
    const cidl::Method& method = *operation.method;
    std::vector<const cidl::Parameter*> sent;
    for (const cidl::Parameter& parameter : method.parameters) {
      if (is_sent(method, parameter) && !is_in_query(method, parameter)) {
        sent.push_back(&parameter);
      }
    }
    if (sent.empty()) return;
    json_.key("requestBody").begin_object();
    json_.key("required").boolean(true);
    json_.key("content").begin_object();
    switch (method.parameters_media) {
      case cidl::MediaType::kJson:
        json_.key("application/json").begin_object().key("schema");
        if (operation.model != nullptr && cidl::has_rows(*operation.model) &&
            cidl::rules_of(method).saves) {
          write_saved(*operation.model, *sent.front());
        } else {
          write_parameter_object(sent, BlobForm::kBase64);
        }
        json_.end_object();
        break;
      case cidl::MediaType::kOctet:
        json_.key("application/octet-stream").begin_object().end_object();
        break;
      case cidl::MediaType::kFormData:
        json_.key("multipart/form-data").begin_object().key("schema");
        write_form(sent);
        json_.end_object();
        break;
    }
    json_.end_object().end_object();
  }

  void write_saved(const cidl::Model& model, const cidl::Parameter& parameter) {
    json_.begin_object();
    json_.key("type").string("object");
    json_.key("properties").begin_object().key(parameter.name);
    schemas_.write_save(model);
    json_.end_object();
    json_.key("required").begin_array().string(parameter.name).end_array();
    json_.end_object();
  }

  void write_parameter_object(const std::vector<const cidl::Parameter*>& parameters,
                              BlobForm form) {
    json_.begin_object();
    json_.key("type").string("object");
    json_.key("properties").begin_object();
    for (const cidl::Parameter* parameter : parameters) {
      json_.key(parameter->name);
      schemas_.write_request(parameter->type, form, parameter->fallback);
    }
    json_.end_object();
    json_.key("required").begin_array();
    for (const cidl::Parameter* parameter : parameters) {
      if (is_required(*parameter)) json_.string(parameter->name);
    }
    json_.end_array();
    json_.end_object();
  }

  void write_form(const std::vector<const cidl::Parameter*>& parameters) {
    json_.begin_object();
    json_.key("type").string("object");
    json_.key("properties").begin_object();
    json_.key("json");
    write_parameter_object(parameters, BlobForm::kIndex);
    json_.key("blob").begin_object();
    json_.key("type").string("array");
    json_.key("items").begin_object();
    json_.key("type").string("string").key("format").string("binary");
    json_.end_object().end_object();
    json_.end_object();
    json_.end_object();
  }

  void write_responses(const cidl::Method& method) {
    json_.key("responses").begin_object();
    json_.key("200").begin_object();
    json_.key("description").string("Success.");
    const cidl::Type* type = &method.returns;
    if (type->kind == cidl::TypeKind::kHttpResult && !type->inner.empty()) type = &type->inner[0];
    if (type->kind != cidl::TypeKind::kVoid && method.verb != cidl::Verb::kHead) {
      json_.key("content").begin_object();
      if (method.returns_media == cidl::MediaType::kOctet) {
        json_.key("application/octet-stream").begin_object().end_object();
      } else {
        json_.key("application/json").begin_object().key("schema");
        schemas_.write(*type, BlobForm::kBase64);
        json_.end_object();
      }
      json_.end_object();
    }
    json_.end_object();
    json_.key("default").begin_object();
    json_.key("description").string("Failure: why, as text or as problem details.");
    json_.key("content").begin_object();
    json_.key("text/plain").begin_object().key("schema").begin_object();
    json_.key("type").string("string").end_object().end_object();
    json_.key("application/problem+json").begin_object().key("schema").begin_object();
    json_.key("type").string("object").end_object().end_object();
    json_.end_object().end_object();
    json_.end_object();
  }

  json::Writer& json_;
  const cidl::Interface& interface_;
  SchemaWriter schemas_;
};

}  // namespace

std::string emit_openapi(const cidl::Interface& interface) {
  Arena arena;
  ByteBuffer out(arena);
  json::Writer json(out, json::Layout::kIndented);
  DocumentWriter(json, interface).write();
  out.push('\n');
  return std::string(out.view());
}

}  // namespace cloesce::emit
