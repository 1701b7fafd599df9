// Look-ups over the declared names.
#include "compile/sema/class_table.h"

#include <algorithm>

namespace cloesce::sema {
namespace {

template <class Map>
auto find_or_null(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : found->second;
}

}  // namespace

ClassTable::ClassTable(const pre::Project& project) : project_(&project) {
  for (const pre::AliasNode& alias : project.aliases) aliases_.emplace(alias.name, &alias);
  for (const pre::InterfaceNode& interface : project.interfaces) {
    interfaces_.emplace(interface.name, &interface);
  }
}

const ClassEntry* ClassTable::add(const ClassEntry& entry) {
  if (entry.kind == ClassKind::kUndecorated) {
    undecorated_.emplace(entry.node->name, entry.node);
    return nullptr;
  }
  const auto [place, is_new] = by_name_.emplace(entry.node->name, classes_.size());
  if (!is_new) return &classes_[place->second];
  classes_.push_back(entry);
  return nullptr;
}

const ClassEntry* ClassTable::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &classes_[found->second];
}

const ClassEntry* ClassTable::find(std::string_view name, ClassKind kind) const {
  const ClassEntry* entry = find(name);
  return entry != nullptr && entry->kind == kind ? entry : nullptr;
}

std::vector<std::string_view> ClassTable::names(ClassKind kind) const {
  std::vector<std::string_view> names;
  for (const ClassEntry& entry : classes_) {
    if (entry.kind == kind) names.push_back(entry.node->name);
  }
  return names;
}

const pre::ClassNode* ClassTable::undecorated(std::string_view name) const {
  return find_or_null(undecorated_, name);
}

const pre::InterfaceNode* ClassTable::interface(std::string_view name) const {
  return find_or_null(interfaces_, name);
}

const pre::AliasNode* ClassTable::alias(std::string_view name, FileId file) const {
  const auto [first, last] = aliases_.equal_range(name);
  const pre::AliasNode* elsewhere = nullptr;
  for (auto at = first; at != last; ++at) {
    const pre::AliasNode* alias = at->second;
    if (alias->span.file == file) return alias;
    // The order of a hash table must not decide: the first file's alias does.
    if (elsewhere == nullptr || alias->span.file < elsewhere->span.file) elsewhere = alias;
  }
  return elsewhere;
}

std::vector<std::string_view> ClassTable::alias_names() const {
  std::vector<std::string_view> names;
  for (const pre::AliasNode& alias : project_->aliases) names.push_back(alias.name);
  return names;
}

bool is_model(ClassKind kind) {
  switch (kind) {
    case ClassKind::kD1:
    case ClassKind::kKv:
    case ClassKind::kR2:
    case ClassKind::kKeys:
      return true;
    default:
      return false;
  }
}

std::string_view describe(ClassKind kind) {
  switch (kind) {
    case ClassKind::kUndecorated:
      return "a class without decorator";
    case ClassKind::kD1:
      return "a D1 model";
    case ClassKind::kKv:
      return "a KV model";
    case ClassKind::kR2:
      return "an R2 model";
    case ClassKind::kKeys:
      return "a model of keys";
    case ClassKind::kService:
      return "a service";
    case ClassKind::kPlainObject:
      return "a plain object";
    case ClassKind::kEnvironment:
      return "the environment";
  }
  return {};
}

}  // namespace cloesce::sema
