// The classes of the generated client, and one short method for each route.
#include "compile/emit/client.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cidl/builtin_rules.h"
#include "cidl/find.h"
#include "cidl/store_rules.h"
#include "compile/emit/client_lists.h"
#include "compile/emit/client_saves.h"
#include "compile/emit/client_types.h"
#include "compile/emit/code_writer.h"
#include "compile/emit/emit.h"
#include "compile/emit/routes.h"
#include "compile/emit/typescript.h"

namespace cloesce::emit {
namespace {

/// A field of a class: its type for reviving, and how it is declared (`id!: number;`).
struct ClassField {
  std::string name;
  cidl::Type type;
  std::string declaration;
};

/// Adds what callers may see of a member.
void add_field(std::vector<ClassField>& fields, cidl::Access access, ClassField field) {
  if (access == cidl::Access::kHidden) return;
  if (access == cidl::Access::kReadOnly) field.declaration.insert(0, "readonly ");
  fields.push_back(std::move(field));
}

ClassField plain_field(const std::string& name, const cidl::Type& type, ClientNames& names) {
  return {name, type, property_name(name) + "!: " + type_text(type, Position::kField, names) + ";"};
}

/// What the worker leaves out: nothing where one object would be, an empty list where many would.
ClassField navigation_field(const cidl::Navigation& navigation) {
  const std::string name = property_name(navigation.name);
  const cidl::Type type = navigation_type(navigation);
  if (navigation.kind == cidl::NavigationKind::kOneToOne) {
    return {navigation.name, type, name + ": " + navigation.model + " | undefined;"};
  }
  return {navigation.name, type, name + ": " + navigation.model + "[] = [];"};
}

/// Likewise; null is what its storage does not have.
ClassField stored_field(const cidl::StoredField& field, ClientNames& names) {
  const cidl::Type type = stored_type(field);
  const std::string text =
      property_name(field.name) + ": " + type_text(type, Position::kField, names);
  const bool list = field.form == cidl::StoredForm::kList;
  return {field.name, type, text + (list ? " = [];" : " | undefined;")};
}

/// A member that the store gives. Any JSON may be absent, so nothing is said of it.
ClassField store_field(const cidl::StoreMember& member, const cidl::Type& type,
                       ClientNames& names) {
  const std::string name(member.name);
  if (member.required) return plain_field(name, type, names);
  return {name, type, name + ": unknown;"};
}

std::vector<ClassField> fields_of(const cidl::Model& model, ClientNames& names) {
  std::vector<ClassField> fields;
  for (const cidl::StoreMember& member : cidl::store_of(model).members) {
    const cidl::Type type = cidl::type_of(member, model);
    // A stream is never part of an instance.
    if (type.kind != cidl::TypeKind::kStream) fields.push_back(store_field(member, type, names));
  }
  for (const cidl::Column& column : model.columns) {
    add_field(fields, column.access, plain_field(column.name, column.type, names));
  }
  for (const cidl::Navigation& navigation : model.navigations) {
    add_field(fields, navigation.access, navigation_field(navigation));
  }
  for (const std::string& name : model.key_parameters) {
    fields.push_back(plain_field(name, {cidl::TypeKind::kText, {}, {}}, names));
  }
  for (const cidl::StoredField& field : model.stored) {
    add_field(fields, field.access, stored_field(field, names));
  }
  return fields;
}

std::vector<ClassField> fields_of(const cidl::PlainObject& object, ClientNames& names) {
  std::vector<ClassField> fields;
  for (const cidl::Field& field : object.fields) {
    add_field(fields, field.access, plain_field(field.name, field.type, names));
  }
  return fields;
}

/// Whether KV or R2 hold anything of the model or of a row below it.
bool reaches_stored(const cidl::Model& root, const ClientNames& names) {
  std::vector<const cidl::Model*> models = {&root};
  for (std::size_t at = 0; at < models.size(); ++at) {
    const cidl::Model& model = *models[at];
    if (!model.stored.empty()) return true;
    for (const cidl::Navigation& navigation : model.navigations) {
      const cidl::Model* target = names.index().model(navigation.model);
      const bool known = std::find(models.begin(), models.end(), target) != models.end();
      if (target != nullptr && !known) models.push_back(target);
    }
  }
  return false;
}

/// The member of MediaType, empty for JSON, which calls assume.
std::string_view media_member(cidl::MediaType media) {
  switch (media) {
    case cidl::MediaType::kJson:
      return {};
    case cidl::MediaType::kOctet:
      return ".Octet";
    case cidl::MediaType::kFormData:
      return ".FormData";
  }
  return {};
}

/// Of a KV model or an R2 model.
std::string storage_documentation(const cidl::Method& method, const cidl::Model& model) {
  const bool kv = cidl::store_of(model).values;
  switch (method.builtin) {
    case cidl::Builtin::kSave:
      return "Stores a value under this key, in the place of what is there.";
    case cidl::Builtin::kGet:
      return kv && model.value.kind != cidl::TypeKind::kStream
                 ? "Reads the " + model.name + " with this key."
                 : "Reads the bytes under this key.";
    case cidl::Builtin::kList:
      return kv ? "Reads a page of the entries whose keys begin with `prefix`, in the order of "
                  "keys."
                : "Describes a page of the objects whose keys begin with `prefix`, in the order of "
                  "keys.";
    case cidl::Builtin::kDelete:
      return "Deletes this " + model.name + ".";
    case cidl::Builtin::kHead:
      return "Describes the object under this key, without its bytes.";
    case cidl::Builtin::kPut:
      return "Stores bytes under this key, in the place of what is there.";
    case cidl::Builtin::kNone:
      break;
  }
  return {};
}

/// What a method of `@CRUD` does, for those that read the client.
std::string documentation(const cidl::Method& method, const cidl::Model* model,
                          std::string_view name) {
  if (!method.documentation.empty()) return method.documentation;
  if (model != nullptr && !has_data_sources(*model)) return storage_documentation(method, *model);
  const std::string target(name);
  switch (method.builtin) {
    case cidl::Builtin::kSave:
      return "Inserts or updates a " + target +
             " and what is nested in it; answers it as it was saved.";
    case cidl::Builtin::kGet:
      return "Reads the " + target + " with this key.";
    case cidl::Builtin::kList:
      return "Reads " + target + " by pages; `next` of a page asks for the one behind it.";
    case cidl::Builtin::kDelete:
      return "Deletes this " + target + ".";
    case cidl::Builtin::kHead:
    case cidl::Builtin::kPut:
    case cidl::Builtin::kNone:
      break;
  }
  return {};
}

/// Prints the methods of one class. `model` is null for a service.
class MethodWriter {
 public:
  MethodWriter(CodeWriter& writer, ClientNames& names, std::string_view class_name,
               const cidl::Model* model)
      : writer_(writer), names_(names), class_name_(class_name), model_(model) {}

  void write(const cidl::Method& method) {
    if (model_ != nullptr && has_data_sources(*model_) && cidl::rules_of(method).lists) {
      return write_list(method);
    }
    Scope scope = names_.inner_scope();
    std::vector<std::string> signature;
    std::vector<std::string> sent;
    std::vector<std::string> queried;  // beside a stream
    std::string choice;                // a parameter that is the data source
    const auto needed = std::find_if(
        method.parameters.rbegin(), method.parameters.rend(), [&](const cidl::Parameter& one) {
          return is_sent(method, one) && one.presence == cidl::Presence::kRequired &&
                 one.type.kind != cidl::TypeKind::kDataSource;
        });
    // TypeScript wants what may be left out behind what may not.
    const auto trailing = needed.base();
    for (auto at = method.parameters.begin(); at != method.parameters.end(); ++at) {
      const cidl::Parameter& parameter = *at;
      if (!is_sent(method, parameter)) continue;
      const std::string local = scope.declare(parameter.name);
      if (parameter.type.kind == cidl::TypeKind::kDataSource && model_ != nullptr &&
          parameter.type.name == model_->name) {
        choice = local;
      }
      const SaveNames* save = saved_by(method);
      signature.push_back(save != nullptr ? local + ": " + save->type
                                          : declaration(method, parameter, local, at >= trailing));
      if (save != nullptr) {
        std::string writable =
            std::string(names_.import("writable")) + "(" + save->rules + ", " + local + ")";
        sent.push_back(argument(method, parameter, writable));
        continue;
      }
      if (leaves_out_read(method)) {
        const std::string own = std::string(names_.import("withoutRead")) + "(" + local + ")";
        sent.push_back(argument(method, parameter, own));
        continue;
      }
      const bool beside = !sends_query(method) && is_in_query(method, parameter);
      (beside ? queried : sent).push_back(argument(method, parameter, local));
    }

    std::vector<std::string> options;
    if (!sent.empty()) options.push_back("parameters: { " + join(sent, ", ") + " }");
    if (!queried.empty()) options.push_back("query: { " + join(queried, ", ") + " }");
    if (model_ != nullptr && takes_data_source(model_, method) && !choice.empty()) {
      options.push_back(entry("dataSource", choice));
    } else if (model_ != nullptr && takes_data_source(model_, method)) {
      const std::string local = scope.declare("dataSource");
      signature.push_back(local + ": " + std::string(names_.data_source(model_->name)) +
                          " = \"none\"");
      options.push_back(entry("dataSource", local));
    }
    const std::string fetch = scope.declare("fetchImpl");
    signature.push_back(fetch + "?: " + std::string(names_.import("CallSettings")));
    options.push_back(entry("fetchImpl", fetch));
    add_media(method, options);

    writer_.blank();
    writer_.documentation(documentation(method, model_, class_name_));
    const std::string_view modifier =
        addresses_instance(model_, method) ? "async " : "static async ";
    const std::string result = std::string(names_.import("HttpResult")) + "<" +
                               type_text(method.returns, Position::kResult, names_) + ">";
    writer_.list(std::string(modifier) + property_name(method.name) + "(", signature,
                 "): Promise<" + result + "> {");
    writer_.indent();
    writer_.list("return " + std::string(names_.api()) + ".call(" + quoted(verb_text(method.verb)) +
                     ", [" + path(method) + "], {",
                 options, "});", " ");
    writer_.close("}");
  }

 private:
  // A page of rows, which leads to the next.
  void write_list(const cidl::Method& method) {
    Scope scope = names_.inner_scope();
    const std::string source = scope.declare("dataSource");
    const std::string settings = scope.declare("settings");
    std::vector<std::string> options = {entry("dataSource", source), entry("settings", settings)};
    const std::string wire = wire_text(method.returns, names_);
    if (!wire.empty()) options.push_back("returns: " + wire);
    writer_.blank();
    writer_.documentation(documentation(method, model_, class_name_));
    writer_.list(
        "static async " + property_name(method.name) + "(",
        {source + ": " + std::string(names_.data_source(model_->name)) + " = \"none\"",
         settings + "?: " + list_settings(names_, *model_)},
        "): Promise<" + std::string(names_.import("ListResult")) + "<" + model_->name + ">> {");
    writer_.indent();
    writer_.list("return " + std::string(names_.api()) + ".list([" + path(method) + "], {", options,
                 "});", " ");
    writer_.close("}");
  }

  // What the one parameter of a SAVE with limits is called.
  [[nodiscard]] const SaveNames* saved_by(const cidl::Method& method) const {
    const bool saves = model_ != nullptr && cidl::rules_of(method).saves;
    return saves ? names_.save(*model_) : nullptr;
  }

  // Whether a SAVE without limits is given what KV and R2 held when it was read.
  [[nodiscard]] bool leaves_out_read(const cidl::Method& method) const {
    return model_ != nullptr && cidl::rules_of(method).saves && cidl::has_rows(*model_) &&
           saved_by(method) == nullptr && reaches_stored(*model_, names_);
  }

  std::string declaration(const cidl::Method& method, const cidl::Parameter& parameter,
                          const std::string& local, bool trails) {
    const cidl::Type& type = parameter.type;
    const bool may_miss = parameter.presence == cidl::Presence::kOptional;
    // What may be null comes last in a ready-made method, and need not be given.
    const bool optional =
        !cidl::is_own(method.builtin) ? cidl::is_nullable(type) : may_miss && trails;
    std::string text =
        local + (optional ? "?: " : ": ") + type_text(type, Position::kParameter, names_);
    if (may_miss && !optional) text.append(" | undefined");
    if (type.kind == cidl::TypeKind::kDataSource) text.append(" = \"none\"");
    return text;
  }

  /// `horse`, `"odd-name": odd_name`, `filter: JSON.stringify(filter)`.
  std::string argument(const cidl::Method& method, const cidl::Parameter& parameter,
                       const std::string& local) {
    if (names_.read_only().reached_by(parameter.type)) {
      return entry(parameter.name, std::string(names_.import("given")) + "(" + local + ", " +
                                       wire_text(parameter.type, names_) + ")");
    }
    // In a query any JSON is JSON text; all other types say themselves how they are written there.
    const bool json = is_in_query(method, parameter) &&
                      cidl::without_nullable(parameter.type).kind == cidl::TypeKind::kJsonValue;
    return entry(parameter.name, json ? "JSON.stringify(" + local + ")" : local);
  }

  static std::string entry(std::string_view name, const std::string& value) {
    const std::string property = property_name(name);
    return property == value ? value : property + ": " + value;
  }

  /// `"Horse", this.id, "like"`.
  [[nodiscard]] std::string path(const cidl::Method& method) const {
    std::string result = quoted(class_name_);
    if (model_ != nullptr && addresses_instance(model_, method)) {
      std::string self = "this";
      const std::string_view inside = cidl::store_of(*model_).inside;
      if (!inside.empty()) self.append(".").append(inside);
      for (const KeySegment& segment : key_segments(*model_)) {
        result.append(", ").append(member(self, segment.name));
      }
    }
    return result.append(", ").append(quoted(method.name));
  }

  void add_media(const cidl::Method& method, std::vector<std::string>& options) {
    const std::string_view sends = media_member(method.parameters_media);
    if (!sends.empty() && !sends_query(method)) {
      options.push_back("sends: " + std::string(names_.import("MediaType")).append(sends));
    }
    const std::string_view receives = media_member(method.returns_media);
    if (!receives.empty()) {
      options.push_back("receives: " + std::string(names_.import("MediaType")).append(receives));
    }
    const std::string wire = wire_text(method.returns, names_);
    if (!wire.empty()) options.push_back("returns: " + wire);
  }

  CodeWriter& writer_;
  ClientNames& names_;
  std::string_view class_name_;
  const cidl::Model* model_;
};

bool has_static(const std::vector<cidl::Method>& methods, std::string_view name) {
  return std::any_of(methods.begin(), methods.end(), [&](const cidl::Method& method) {
    return method.name == name && method.scope == cidl::MethodScope::kStatic;
  });
}

void write_fields(CodeWriter& writer, const std::vector<ClassField>& fields) {
  for (const ClassField& field : fields) writer.line(field.declaration);
}

void write_from_json(CodeWriter& writer, ClientNames& names, std::string_view name) {
  writer.blank();
  writer.documentation("An instance from JSON as the worker writes it, nested ones included.");
  writer.open("static fromJson(data: unknown): ", name, " {");
  writer.line("return ", names.import("fromJson"), "(", names.shape(name), ", data);");
  writer.close("}");
}

/// The constant that says how to revive the class; only fields that are more than JSON are in it.
void write_shape(CodeWriter& writer, ClientNames& names, std::string_view name,
                 const std::vector<ClassField>& fields) {
  std::vector<std::string> wires;
  for (const ClassField& field : fields) {
    const std::string wire = wire_text(field.type, names);
    if (!wire.empty()) wires.push_back(property_name(field.name) + ": " + wire);
  }
  writer.blank();
  writer.open("const ", names.shape(name), ": ", names.import("Shape"), "<", name, "> = {");
  writer.line("make: () => new ", name, "(),");
  writer.list("fields: {", wires, "},", " ");
  std::vector<std::string> read_only;
  for (const std::string_view member : names.read_only().own(name)) {
    read_only.push_back(quoted(member));
  }
  if (!read_only.empty()) writer.list("readOnly: [", read_only, "],");
  writer.close("};");
}

void write_plain_object(CodeWriter& writer, ClientNames& names, const cidl::PlainObject& object) {
  const std::vector<ClassField> fields = fields_of(object, names);
  writer.blank();
  writer.documentation(object.documentation);
  writer.open("export class ", object.name, " {");
  write_fields(writer, fields);
  write_from_json(writer, names, object.name);
  writer.close("}");
  write_shape(writer, names, object.name, fields);
}

void write_data_sources(CodeWriter& writer, const ClientNames& names, const cidl::Model& model) {
  std::string choices;
  for (const cidl::DataSource& source : model.data_sources) {
    if (source.name != "none") choices.append(quoted(source.name)).append(" | ");
  }
  writer.blank();
  writer.documentation("What may be read along with a " + model.name + ".");
  writer.line("export type ", names.data_source(model.name), " = ", choices, "\"none\";");
}

void write_model(CodeWriter& writer, ClientNames& names, const cidl::Model& model) {
  const std::vector<ClassField> fields = fields_of(model, names);
  if (has_data_sources(model)) write_data_sources(writer, names, model);
  write_list_types(writer, names, model);
  writer.blank();
  writer.documentation(model.documentation);
  writer.open("export class ", model.name, " {");
  write_fields(writer, fields);
  if (!has_static(model.methods, "fromJson")) write_from_json(writer, names, model.name);
  MethodWriter methods(writer, names, model.name, &model);
  for (const cidl::Method& method : model.methods) methods.write(method);
  writer.close("}");
  write_shape(writer, names, model.name, fields);
}

void write_service(CodeWriter& writer, ClientNames& names, const cidl::Service& service) {
  writer.blank();
  writer.documentation(service.documentation);
  writer.open("export class ", service.name, " {");
  MethodWriter methods(writer, names, service.name, nullptr);
  for (const cidl::Method& method : service.methods) methods.write(method);
  writer.close("}");
}

}  // namespace

std::string emit_client(const cidl::Interface& interface) {
  ClientNames names(interface);

  // The classes come first: only they know what has to be imported.
  CodeWriter classes;
  for (const cidl::PlainObject& object : interface.plain_objects) {
    write_plain_object(classes, names, object);
  }
  for (const cidl::Model& model : interface.models) write_model(classes, names, model);
  for (const cidl::Service& service : interface.services) write_service(classes, names, service);
  write_saves(classes, names);
  const std::string api_class(names.import("Api"));
  const std::string options_type(names.import("ApiOptions"));

  CodeWriter writer;
  writer.line("// Generated by Cloesce. Do not edit: `cloesce compile` overwrites this file.");
  writer.line("/* eslint-disable */");
  writer.list("import {", names.import_specifiers(), "} from \"cloesce/client\";", " ");
  writer.blank();
  writer.line("const ", names.api(), " = /* @__PURE__ */ new ", api_class, "(",
              quoted(base_url(interface)), ");");
  writer.blank();
  writer.documentation(
      "Changes how the worker is reached: base URL, `fetch`, headers to send along.");
  writer.open("export function ", names.configure(), "(options: ", options_type, "): void {");
  writer.line(names.api(), ".configure(options);");
  writer.close("}");
  writer.blank();
  writer.documentation(
      "A client of its own beside that one, for `{ client }` as the last argument of a call.");
  writer.open("export function ", names.create_client(), "(options: ", options_type,
              "): ", api_class, " {");
  writer.line("return ", names.api(), ".create(options);");
  writer.close("}");
  const std::string body = std::move(classes).take();
  if (!body.empty()) writer.blank();
  return std::move(writer).take() + body;
}

}  // namespace cloesce::emit
