// What was planned before: select plans by model, include tree and selection, and texts of saves by
// their shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/arena.h"
#include "base/counted.h"
#include "base/list.h"
#include "base/name_table.h"
#include "base/result.h"
#include "base/string.h"
#include "orm/include_tree.h"
#include "orm/select_plan.h"

namespace cloesce::orm {

/// Owned by an app. Bounded by number and by bytes: what was used longest ago goes first. A plan
/// that was handed out lives on, with its texts where they are, until its last holder lets go.
class PlanCache {
 public:
  static constexpr std::size_t kMaximumPlans = 512;
  static constexpr std::size_t kMaximumBytes = 4 * 1024 * 1024;
  static constexpr std::size_t kMaximumTextBytes = 1024 * 1024;

  explicit PlanCache(std::size_t maximum_plans = kMaximumPlans,
                     std::size_t maximum_bytes = kMaximumBytes)
      : maximum_plans_(maximum_plans), maximum_bytes_(maximum_bytes) {}

  /// The plan for `tree` and `selection`, made when it is not there. Fails as plan_select does.
  [[nodiscard]] Result<Counted<SelectPlan>> select(const IncludeTree& tree,
                                                   const RowSelection& selection);

  /// The text kept under `key`, or else what `make()` answers, which is kept. A copy in the arena:
  /// texts may be forgotten at any time.
  template <class Make>
  [[nodiscard]] std::string_view text(std::string_view key, Arena& arena, const Make& make) {
    const std::uint32_t kept = text_numbers_.find(key);
    return arena.copy(kept != NameTable::kNone ? texts_[kept] : keep_text(key, make()));
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::uint64_t hash = 0;
    String tree_key;
    String from;
    String scopes;
    RowSelection selection;  // its views are of the texts above
    Counted<SelectPlan> plan;
    std::size_t bytes = 0;
  };

  void to_front(std::size_t index);
  [[nodiscard]] std::string_view keep_text(std::string_view key, std::string_view text);

  std::size_t maximum_plans_;
  std::size_t maximum_bytes_;
  std::size_t bytes_ = 0;
  List<std::unique_ptr<Entry>> entries_;  // most recently used first
  Arena text_arena_;
  List<std::string_view> texts_;
  NameTable text_numbers_;  // by key
};

}  // namespace cloesce::orm
