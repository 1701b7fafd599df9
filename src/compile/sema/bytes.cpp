// A search over classes that may refer to each other in circles.
#include "compile/sema/bytes.h"

#include <unordered_set>

namespace cloesce::sema {
namespace {

const cidl::Type& innermost(const cidl::Type& type) {
  const cidl::Type* at = &type;
  while (!at->inner.empty()) at = &at->inner.front();
  return *at;
}

}  // namespace

BytesFinder::BytesFinder(const std::vector<ModelDraft>& drafts,
                         const std::vector<cidl::PlainObject>& plain_objects) {
  for (const ModelDraft& draft : drafts) models_.emplace(draft.model.name, &draft.model);
  for (const cidl::PlainObject& object : plain_objects)
    plain_objects_.emplace(object.name, &object);
}

bool BytesFinder::holds_blob(const cidl::Type& type, Reach reach) const {
  std::vector<std::string_view> waiting;
  std::unordered_set<std::string_view> seen;
  const auto visit = [&](const cidl::Type& member) {
    const cidl::Type& inner = innermost(member);
    if (inner.kind == cidl::TypeKind::kObject || inner.kind == cidl::TypeKind::kPartial) {
      if (seen.insert(inner.name).second) waiting.push_back(inner.name);
    }
    return inner.kind == cidl::TypeKind::kBlob;
  };
  if (visit(type)) return true;
  while (!waiting.empty()) {
    const std::string_view name = waiting.back();
    waiting.pop_back();
    if (const auto found = models_.find(name); found != models_.end()) {
      if (visit(found->second->value)) return true;
      for (const cidl::Column& column : found->second->columns) {
        if (column.access != cidl::Access::kHidden && visit(column.type)) return true;
      }
      if (reach == Reach::kOwnMembers) continue;
      for (const cidl::Navigation& navigation : found->second->navigations) {
        if (navigation.access == cidl::Access::kHidden) continue;
        if (seen.insert(navigation.model).second) waiting.push_back(navigation.model);
      }
    } else if (const auto object = plain_objects_.find(name); object != plain_objects_.end()) {
      for (const cidl::Field& field : object->second->fields) {
        if (field.access != cidl::Access::kHidden && visit(field.type)) return true;
      }
    }
  }
  return false;
}

}  // namespace cloesce::sema
