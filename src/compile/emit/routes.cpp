// The rules of the routes.
#include "compile/emit/routes.h"

#include <string_view>

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

bool is_sent(const cidl::Method& method, const cidl::Parameter& parameter) {
  if (parameter.type.kind == cidl::TypeKind::kInject) return false;
  return parameter.type.kind != cidl::TypeKind::kDataSource ||
         method.builtin == cidl::Builtin::kNone;
}

bool addresses_instance(const cidl::Model* model, const cidl::Method& method) {
  return model != nullptr && method.scope == cidl::MethodScope::kInstance;
}

bool takes_data_source(const cidl::Model* model, const cidl::Method& method) {
  if (model == nullptr || model->storage != cidl::StorageKind::kD1) return false;
  // Deleting reads nothing back, so there is nothing to choose.
  if (method.builtin == cidl::Builtin::kDelete) return false;
  return method.builtin != cidl::Builtin::kNone || addresses_instance(model, method);
}

}  // namespace cloesce::emit
