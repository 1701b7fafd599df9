// Classes that hold some, then those that lead to them.
#include "compile/emit/read_only.h"

#include <algorithm>

namespace cloesce::emit {
namespace {

template <class Members>
void add_read_only(const Members& members, std::vector<std::string_view>& names) {
  for (const auto& member : members) {
    if (member.access == cidl::Access::kReadOnly) names.emplace_back(member.name);
  }
}

template <class Members>
void add_targets(const Members& members, std::vector<std::string_view>& names) {
  for (const auto& member : members) {
    if (member.access != cidl::Access::kOpen) continue;
    const cidl::Type* at = &member.type;
    while (!at->inner.empty()) at = &at->inner.front();
    names.emplace_back(at->name);
  }
}

}  // namespace

ReadOnlyMembers::ReadOnlyMembers(const cidl::Interface& interface, const cidl::NameIndex& index)
    : index_(index) {
  struct Class {
    std::string_view name;
    std::vector<std::string_view> targets;
  };
  std::vector<Class> classes;
  for (const cidl::Model& model : interface.models) {
    Class& added = classes.emplace_back(Class{model.name, {}});
    for (const cidl::Navigation& navigation : model.navigations) {
      if (navigation.access == cidl::Access::kOpen) added.targets.emplace_back(navigation.model);
    }
  }
  for (const cidl::PlainObject& object : interface.plain_objects) {
    add_targets(object.fields, classes.emplace_back(Class{object.name, {}}).targets);
  }
  for (const Class& known : classes) {
    if (!own(known.name).empty()) reaching_.insert(known.name);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const Class& known : classes) {
      const bool leads = std::any_of(known.targets.begin(), known.targets.end(),
                                     [this](auto target) { return reaching_.contains(target); });
      if (leads && reaching_.insert(known.name).second) changed = true;
    }
  }
}

std::vector<std::string_view> ReadOnlyMembers::own(std::string_view class_name) const {
  std::vector<std::string_view> names;
  if (const cidl::Model* model = index_.model(class_name); model != nullptr) {
    add_read_only(model->columns, names);
    add_read_only(model->navigations, names);
    add_read_only(model->stored, names);
  }
  if (const cidl::PlainObject* object = index_.plain_object(class_name); object != nullptr) {
    add_read_only(object->fields, names);
  }
  return names;
}

bool ReadOnlyMembers::reached_by(const cidl::Type& type) const {
  const cidl::Type* at = &type;
  while (!at->inner.empty()) at = &at->inner.front();
  return (at->kind == cidl::TypeKind::kObject || at->kind == cidl::TypeKind::kPartial) &&
         reaching_.contains(at->name);
}

}  // namespace cloesce::emit
