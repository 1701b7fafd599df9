// Names followed through imports, re-exports and constants that only rename.
#include "compile/sema/scope.h"

#include <algorithm>
#include <vector>

namespace cloesce::sema {
namespace {

// Names that one look-up passes through; a circle of constants ends here.
constexpr unsigned kMaximumScopeDepth = 256;

bool is_cloesce(std::string_view module) {
  return module == "cloesce" || module.starts_with("cloesce/");
}

bool fits(const pre::NameNode& node, NameSpace space) {
  switch (node.kind) {
    case pre::NameKind::kClass:
    case pre::NameKind::kEnum:
    case pre::NameKind::kNamespace:
      return true;
    case pre::NameKind::kAlias:
    case pre::NameKind::kInterface:
      return space == NameSpace::kType;
    case pre::NameKind::kFunction:
      return space == NameSpace::kValue;
    case pre::NameKind::kVariable:
      // `import Name = A.B` names types too.
      return space == NameSpace::kValue || node.target.has_value();
  }
  return false;
}

Found elsewhere(const std::string& from, std::string name) {
  return {Origin::kElsewhere, std::move(name), from, {}, {}};
}

std::vector<std::string> joined(std::span<const std::string> head,
                                std::span<const std::string> tail) {
  std::vector<std::string> path(head.begin(), head.end());
  path.insert(path.end(), tail.begin(), tail.end());
  return path;
}

}  // namespace

Scopes::Scopes(const pre::Project& project) {
  for (const pre::ModuleNode& module : project.modules) modules_.emplace(module.file, &module);
}

Found Scopes::find(FileId file, std::span<const std::string> qualifier, std::string_view name,
                   NameSpace space) const {
  std::vector<std::string> path(qualifier.begin(), qualifier.end());
  path.emplace_back(name);
  Search search{space, 0, {}};
  return find(file, path, search);
}

const std::string* Scopes::exported_as(FileId file, std::string_view name) const {
  const auto module = modules_.find(file);
  if (module == modules_.end()) return nullptr;
  for (const pre::ExportNode& node : module->second->exports) {
    if (!node.from && node.local == name) return &node.name;
  }
  return nullptr;
}

Found Scopes::find(FileId file, Path path, Search& search) const {
  if (++search.depth > kMaximumScopeDepth) return {};
  const auto module = modules_.find(file);
  if (module == modules_.end()) return {Origin::kUnread, {}, {}, {}, {}};
  const std::string& first = path.front();
  const Path rest = path.subspan(1);
  const bool alone = rest.empty();
  for (const pre::NameNode& node : module->second->names) {
    if (node.name != first || !fits(node, alone ? search.space : NameSpace::kValue)) continue;
    if (node.target && !node.target->empty()) {
      const Found found = find(file, joined(*node.target, rest), search);
      if (found.origin != Origin::kNothing) return found;
    }
    // A member of a class, an enum or a namespace of the project is no declaration of its own.
    return {Origin::kProject,
            alone ? first : path.back(),
            {},
            file,
            alone ? node.kind : pre::NameKind::kVariable};
  }
  for (const pre::ImportNode& node : module->second->imports) {
    if (node.name != first) continue;
    if (node.imported == "*") return find_inside(node.from, node.file, rest, search);
    const std::string imported[] = {node.imported};
    Found found = find_inside(node.from, node.file, joined(imported, rest), search);
    // A default export goes by the name that the file gives it.
    if (found.origin == Origin::kElsewhere && found.name == "default") found.name = node.name;
    return found;
  }
  return {};
}

Found Scopes::find_inside(const std::string& from, std::optional<FileId> file, Path path,
                          Search& search) const {
  if (path.empty()) return elsewhere(from, "*");
  const std::string& name = path.front();
  const Path rest = path.subspan(1);
  if (is_cloesce(from)) {
    if (!rest.empty() || name == "default") return elsewhere(from, path.back());
    return {Origin::kCloesce, name, from, {}, {}};
  }
  if (!file) return elsewhere(from, path.back());
  const auto module = modules_.find(*file);
  if (module == modules_.end()) return {Origin::kUnread, {}, {}, {}, {}};
  if (!search.followed.emplace(*file, name).second) return {};
  const auto follow = [&](const pre::ExportNode& node) {
    const std::string local[] = {node.local};
    if (!node.from) return find(*file, joined(local, rest), search);
    if (node.local == "*") return find_inside(*node.from, node.file, rest, search);
    return find_inside(*node.from, node.file, joined(local, rest), search);
  };
  // One name may be exported as a type and as a value.
  for (const pre::ExportNode& node : module->second->exports) {
    if (node.name != name) continue;
    const Found found = follow(node);
    if (found.origin != Origin::kNothing) return found;
  }
  Found last = elsewhere(from, path.back());
  for (const pre::ExportNode& node : module->second->exports) {
    if (node.name != "*" || !node.from) continue;
    const Found found = find_inside(*node.from, node.file, path, search);
    if (found.origin == Origin::kElsewhere) {
      last = found;
    } else if (found.origin != Origin::kNothing) {
      return found;
    }
  }
  // What is declared there without being exported is told where the classes are judged.
  const Found own = last.from == from ? find(*file, path, search) : Found{};
  return own.origin == Origin::kProject ? own : last;
}

}  // namespace cloesce::sema
