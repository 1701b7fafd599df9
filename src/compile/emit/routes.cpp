// The rules of the routes.
#include "compile/emit/routes.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cidl/builtin_rules.h"
#include "cidl/find.h"
#include "cidl/store_rules.h"

namespace cloesce::emit {

std::string_view verb_text(cidl::Verb verb) {
  switch (verb) {
    case cidl::Verb::kGet:
      return "GET";
    case cidl::Verb::kHead:
      return "HEAD";
    case cidl::Verb::kPost:
      return "POST";
    case cidl::Verb::kPut:
      return "PUT";
    case cidl::Verb::kPatch:
      return "PATCH";
    case cidl::Verb::kDelete:
      return "DELETE";
  }
  return "GET";
}

bool sends_query(const cidl::Method& method) {
  return method.verb == cidl::Verb::kGet || method.verb == cidl::Verb::kHead;
}

bool is_in_query(const cidl::Method& method, const cidl::Parameter& parameter) {
  if (sends_query(method)) return true;
  if (cidl::is_own(method.builtin)) return false;
  if (parameter.type.kind == cidl::TypeKind::kStream) return false;
  return std::any_of(
      method.parameters.begin(), method.parameters.end(),
      [](const cidl::Parameter& other) { return other.type.kind == cidl::TypeKind::kStream; });
}

bool is_sent(const cidl::Method& method, const cidl::Parameter& parameter) {
  if (parameter.type.kind == cidl::TypeKind::kInject) return false;
  return parameter.type.kind != cidl::TypeKind::kDataSource || cidl::is_own(method.builtin);
}

bool addresses_instance(const cidl::Model* model, const cidl::Method& method) {
  return model != nullptr && method.scope == cidl::MethodScope::kInstance;
}

std::vector<KeySegment> key_segments(const cidl::Model& model) {
  const cidl::Type text{cidl::TypeKind::kText, {}, {}};
  if (!has_data_sources(model)) return {{"key", text}};
  std::vector<KeySegment> segments;
  for (const cidl::Column* column : cidl::primary_key(model)) {
    segments.push_back({column->name, column->type});
  }
  for (const std::string& name : model.key_parameters) segments.push_back({name, text});
  return segments;
}

cidl::Type navigation_type(const cidl::Navigation& navigation) {
  cidl::Type target{cidl::TypeKind::kObject, navigation.model, {}};
  if (navigation.kind == cidl::NavigationKind::kOneToOne) return target;
  return {cidl::TypeKind::kArray, {}, {std::move(target)}};
}

cidl::Type stored_type(const cidl::StoredField& field) {
  cidl::Type type = cidl::filled_type(field);
  if (field.form != cidl::StoredForm::kOne) return type;
  return cidl::type_around(cidl::TypeKind::kNullable, std::move(type));
}

bool has_data_sources(const cidl::Model& model) { return cidl::store_of(model).trees; }

bool takes_data_source(const cidl::Model* model, const cidl::Method& method) {
  if (model == nullptr || !has_data_sources(*model)) return false;
  // Deleting reads nothing back, so there is nothing to choose.
  if (!cidl::rules_of(method).answers) return false;
  return !cidl::is_own(method.builtin) || addresses_instance(model, method);
}

}  // namespace cloesce::emit
