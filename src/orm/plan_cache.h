// Select plans that were made before, by model, include tree and selection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "orm/include_tree.h"
#include "orm/select_plan.h"

namespace cloesce::orm {

/// Owned by an app. Bounded by number and by bytes: what was used longest ago goes first. A plan that was handed out lives
/// on, with its texts where they are, until its last holder lets go.
class PlanCache {
 public:
  static constexpr std::size_t kMaximumPlans = 512;
  static constexpr std::size_t kMaximumBytes = 4 * 1024 * 1024;

  explicit PlanCache(std::size_t maximum_plans = kMaximumPlans,
                     std::size_t maximum_bytes = kMaximumBytes)
      : maximum_plans_(maximum_plans), maximum_bytes_(maximum_bytes) {}

  /// The plan for `tree` and `selection`, made when it is not there. Fails as plan_select does.
  [[nodiscard]] Result<std::shared_ptr<const SelectPlan>> select(const IncludeTree& tree,
                                                                 const RowSelection& selection);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::string tree_key;
    Selection selection = Selection::kAll;
    std::uint16_t generated_keys = 0;
    std::string from;
    std::shared_ptr<const SelectPlan> plan;
    std::size_t bytes = 0;
  };
  using Entries = std::list<Entry>;  // most recently used first

  void remove(Entries::iterator entry);

  std::size_t maximum_plans_;
  std::size_t maximum_bytes_;
  std::size_t bytes_ = 0;
  Entries entries_;
  std::unordered_map<std::uint64_t, Entries::iterator> by_hash_;
};

}  // namespace cloesce::orm
