// Names, types and descriptions of the generated client.
#include "compile/emit/client_types.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compile/emit/code_writer.h"

namespace cloesce::emit {
namespace {

/// Something of `cloesce/client`. What is only a type is imported as one, and vanishes when
/// compiled.
struct Export {
  std::string_view name;
  std::string_view keyword;
};

constexpr std::array<Export, 26> kExports = {{
    {"Api", ""},
    {"ApiOptions", "type "},
    {"BlobSource", "type "},
    {"CallSettings", "type "},
    {"ColumnCondition", "type "},
    {"Conditions", "type "},
    {"DeepPartial", "type "},
    {"Direction", "type "},
    {"HttpResult", "type "},
    {"KValue", "type "},
    {"ListResult", "type "},
    {"ListSettings", "type "},
    {"MediaType", ""},
    {"Page", "type "},
    {"R2Download", "type "},
    {"R2Object", "type "},
    {"RowCondition", "type "},
    {"RowsCondition", "type "},
    {"SaveRules", "type "},
    {"Shape", "type "},
    {"Stream", "type "},
    {"StreamSource", "type "},
    {"fromJson", ""},
    {"given", ""},
    {"withoutRead", ""},
    {"writable", ""},
}};

// What a source writes for bytes that know their media type.
constexpr std::string_view kBlobClass = "Blob";

std::string_view find(const std::map<std::string, std::string, std::less<>>& names,
                      std::string_view name) {
  const auto found = names.find(name);
  return found == names.end() ? std::string_view() : found->second;
}

std::string array_of(std::string item) {
  if (item.find('|') != std::string::npos) item.insert(0, "(").append(")");
  return item.append("[]");
}

std::string generic(std::string_view name, std::string_view argument) {
  std::string result(name);
  return result.append("<").append(argument).append(">");
}

// A class as a parameter: what is read-only need not be there.
std::string given_class(const std::string& name, const ClientNames& names) {
  std::vector<std::string> left_out;
  for (const std::string_view member : names.read_only().own(name)) {
    left_out.push_back(quoted(member));
  }
  if (left_out.empty()) return name;
  return "Omit<" + name + ", " + join(left_out, " | ") + ">";
}

}  // namespace

ClientNames::ClientNames(const cidl::Interface& interface)
    : index_(interface),
      read_only_(interface, index_),
      access_(cidl::write_access(interface, index_)) {
  for (const cidl::PlainObject& object : interface.plain_objects) scope_.reserve(object.name);
  for (const cidl::Model& model : interface.models) scope_.reserve(model.name);
  for (const cidl::Service& service : interface.services) scope_.reserve(service.name);
  for (const Export& entry : kExports) {
    imports_.emplace(entry.name, Import{scope_.declare(entry.name), false});
  }
  api_ = scope_.declare("api");
  configure_ = scope_.declare("configure");
  create_client_ = scope_.declare("createClient");
  for (const cidl::PlainObject& object : interface.plain_objects) {
    shapes_.emplace(object.name, scope_.declare(object.name + "Shape"));
  }
  for (const cidl::Model& model : interface.models) {
    shapes_.emplace(model.name, scope_.declare(model.name + "Shape"));
    data_sources_.emplace(model.name, scope_.declare(model.name + "DataSource"));
    if (!model.list.has_value()) continue;
    wheres_.emplace(model.name, scope_.declare(model.name + "Where"));
    orders_.emplace(model.name, scope_.declare(model.name + "Order"));
  }
  for (const cidl::AccessLevel& level : access_.levels) {
    const std::string name = scope_.declare(level.model->name + "Save");
    saves_.push_back({name, scope_.declare(name + "Rules")});
  }
}

std::string_view ClientNames::import(std::string_view exported) {
  const auto found = imports_.find(exported);
  if (found == imports_.end()) return {};
  found->second.used = true;
  return found->second.local_name;
}

std::vector<std::string> ClientNames::import_specifiers() const {
  std::vector<std::string> specifiers;
  for (const Export& entry : kExports) {
    const Import& import = imports_.find(entry.name)->second;
    if (!import.used) continue;
    std::string specifier = std::string(entry.keyword).append(entry.name);
    if (import.local_name != entry.name) specifier.append(" as ").append(import.local_name);
    specifiers.push_back(std::move(specifier));
  }
  return specifiers;
}

std::string_view ClientNames::shape(std::string_view name) const { return find(shapes_, name); }

std::string_view ClientNames::data_source(std::string_view name) const {
  return find(data_sources_, name);
}

std::string_view ClientNames::where(std::string_view name) const { return find(wheres_, name); }

std::string_view ClientNames::order(std::string_view name) const { return find(orders_, name); }

const SaveNames* ClientNames::save(const cidl::Model& model) const {
  for (std::size_t number = 0; number < access_.roots.size(); ++number) {
    const std::size_t level = access_.roots[number];
    if (level == cidl::RelationAccess::kNoLevel || access_.levels[level].model != &model) continue;
    return cidl::has_more_than_columns(model) ? &saves_[level] : nullptr;
  }
  return nullptr;
}

std::string type_text(const cidl::Type& type, Position position, ClientNames& names) {
  const auto inner = [&] {
    return type.inner.empty() ? std::string("unknown")
                              : type_text(type.inner.front(), position, names);
  };
  const bool given = position == Position::kParameter;
  switch (type.kind) {
    case cidl::TypeKind::kVoid:
      return "void";
    case cidl::TypeKind::kInteger:
    case cidl::TypeKind::kReal:
      return "number";
    case cidl::TypeKind::kText:
      return "string";
    case cidl::TypeKind::kBoolean:
      return "boolean";
    case cidl::TypeKind::kDateIso:
      return "Date";
    case cidl::TypeKind::kBlob:
      if (given) return std::string(names.import("BlobSource"));
      return type.name == kBlobClass ? type.name : "Uint8Array";
    case cidl::TypeKind::kStream:
      return std::string(names.import(given ? "StreamSource" : "Stream"));
    case cidl::TypeKind::kJsonValue:
    case cidl::TypeKind::kInject:  // never on the wire
      return "unknown";
    case cidl::TypeKind::kR2Object:
      return std::string(names.import("R2Object"));
    case cidl::TypeKind::kR2Download:
      return std::string(names.import("R2Download"));
    case cidl::TypeKind::kObject:
      return given ? given_class(type.name, names) : type.name;
    case cidl::TypeKind::kPartial:
      return generic(names.import("DeepPartial"),
                     given ? given_class(type.name, names) : type.name);
    case cidl::TypeKind::kArray:
      return array_of(inner());
    case cidl::TypeKind::kNullable:
      // Null is part of any JSON.
      return type.inner.front().kind == cidl::TypeKind::kJsonValue ? inner() : inner() + " | null";
    case cidl::TypeKind::kKvValue:
      return generic(names.import("KValue"), inner());
    case cidl::TypeKind::kPage:
      return generic(names.import("Page"), inner());
    case cidl::TypeKind::kHttpResult:
      return inner();
    case cidl::TypeKind::kDataSource:
      return std::string(names.data_source(type.name));
  }
  return "unknown";
}

std::string wire_text(const cidl::Type& type, const ClientNames& names) {
  const auto inner = [&] {
    return type.inner.empty() ? std::string() : wire_text(type.inner.front(), names);
  };
  const auto class_text = [&] { return "() => " + std::string(names.shape(type.name)); };
  switch (type.kind) {
    case cidl::TypeKind::kVoid:
    case cidl::TypeKind::kInteger:
    case cidl::TypeKind::kReal:
    case cidl::TypeKind::kText:
    case cidl::TypeKind::kBoolean:
    case cidl::TypeKind::kJsonValue:
    case cidl::TypeKind::kInject:
    case cidl::TypeKind::kDataSource:
      return {};
    case cidl::TypeKind::kDateIso:
      return "\"date\"";
    case cidl::TypeKind::kBlob:
      return type.name == kBlobClass ? "\"file\"" : "\"blob\"";
    case cidl::TypeKind::kStream:
      return "\"stream\"";
    case cidl::TypeKind::kR2Object:
      return "\"r2object\"";
    case cidl::TypeKind::kR2Download:
      return "\"r2download\"";
    case cidl::TypeKind::kObject:
      return class_text();
    case cidl::TypeKind::kPartial:
      return "{ partial: " + class_text() + " }";
    case cidl::TypeKind::kArray: {
      const std::string item = inner();
      return item.empty() ? item : "[" + item + "]";
    }
    case cidl::TypeKind::kKvValue: {
      const std::string value = inner();
      return "{ kvalue: " + (value.empty() ? "\"json\"" : value) + " }";
    }
    case cidl::TypeKind::kPage: {
      const std::string item = inner();
      return item.empty() ? item : "{ page: " + item + " }";
    }
    case cidl::TypeKind::kNullable:
    case cidl::TypeKind::kHttpResult:
      return inner();
  }
  return {};
}

}  // namespace cloesce::emit
