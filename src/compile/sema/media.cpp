// Inference of media types.
#include "compile/sema/media.h"

#include <cstddef>

namespace cloesce::sema {

cidl::MediaType parameters_media(const cidl::Method& method, const BytesFinder& bytes) {
  std::size_t sent = 0;
  bool has_bytes = false;
  bool is_bytes = false;
  for (const cidl::Parameter& parameter : method.parameters) {
    if (parameter.type.kind == cidl::TypeKind::kInject) continue;
    ++sent;
    is_bytes = parameter.type.kind == cidl::TypeKind::kBlob ||
               parameter.type.kind == cidl::TypeKind::kStream;
    has_bytes = has_bytes || is_bytes || bytes.holds_blob(parameter.type, Reach::kRelations);
  }
  if (!has_bytes) return cidl::MediaType::kJson;
  return sent == 1 && is_bytes ? cidl::MediaType::kOctet : cidl::MediaType::kFormData;
}

cidl::MediaType returns_media(const cidl::Type& returns) {
  const cidl::TypeKind kind = payload_of(returns).kind;
  return kind == cidl::TypeKind::kBlob || kind == cidl::TypeKind::kStream ? cidl::MediaType::kOctet
                                                                          : cidl::MediaType::kJson;
}

const cidl::Type& payload_of(const cidl::Type& returns) {
  const cidl::Type* at = &returns;
  while ((at->kind == cidl::TypeKind::kHttpResult || at->kind == cidl::TypeKind::kNullable) &&
         !at->inner.empty()) {
    at = &at->inner.front();
  }
  return *at;
}

}  // namespace cloesce::sema
