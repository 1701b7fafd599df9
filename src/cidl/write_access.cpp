// One level for each set of grants that can hold at a place of a save: those that began further up,
// and those of the model itself where its own SAVE could write the row.
#include "cidl/write_access.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cidl/builtin_rules.h"
#include "cidl/store_rules.h"

namespace cloesce::cidl {
namespace {

// Trees whose relations are granted; in order, once each.
using Grants = std::vector<const IncludeTree*>;

void add(Grants& grants, const IncludeTree& tree) {
  if (!tree.nodes.empty()) grants.push_back(&tree);
}

class Levels {
 public:
  Levels(WriteAccess& access, const NameIndex& names) : access_(access), names_(names) {}

  std::size_t level(const Model& model, Grants grants) {
    std::sort(grants.begin(), grants.end());
    grants.erase(std::unique(grants.begin(), grants.end()), grants.end());
    const auto [place, added] =
        known_.emplace(std::pair(&model, std::move(grants)), access_.levels.size());
    const std::size_t number = place->second;
    if (!added) return number;
    access_.levels.push_back({&model, {}});
    std::vector<RelationAccess> relations;
    for (const Navigation& navigation : model.navigations) {
      relations.push_back(relation(model, navigation, place->first.second));
    }
    access_.levels[number].relations = std::move(relations);
    return number;
  }

 private:
  RelationAccess relation(const Model& model, const Navigation& navigation, const Grants& grants) {
    const Model* target = names_.model(navigation.model);
    if (target == nullptr) return {};
    bool granted = false;
    Grants below;
    for (const IncludeTree* tree : grants) {
      for (const IncludeNode& node : tree->nodes) {
        if (node.name != navigation.name) continue;
        granted = true;
        add(below, node.children);
      }
    }
    const bool linked = navigation.kind == NavigationKind::kManyToMany;
    RelationAccess access;
    if (has_save(*target) && (!linked || granted || has_save(model))) {
      access.right = WriteRight::kFree;
      add(below, target->writes);
    } else if (granted) {
      access.right = WriteRight::kOwned;
    } else {
      return access;
    }
    if (has_more_than_columns(*target)) access.below = level(*target, std::move(below));
    return access;
  }

  WriteAccess& access_;
  const NameIndex& names_;
  std::map<std::pair<const Model*, Grants>, std::size_t> known_;
};

}  // namespace

bool has_more_than_columns(const Model& model) {
  return !model.navigations.empty() || !model.stored.empty();
}

bool has_save(const Model& model) {
  return std::any_of(model.methods.begin(), model.methods.end(),
                     [](const Method& method) { return rules_of(method).saves; });
}

WriteAccess write_access(const Interface& interface, const NameIndex& names) {
  WriteAccess access;
  Levels levels(access, names);
  for (const Model& model : interface.models) {
    const bool limited =
        interface.nested_writes == NestedWrites::kGranted && has_rows(model) && has_save(model);
    Grants grants;
    add(grants, model.writes);
    access.roots.push_back(limited ? levels.level(model, std::move(grants))
                                   : RelationAccess::kNoLevel);
  }
  return access;
}

}  // namespace cloesce::cidl
