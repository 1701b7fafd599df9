// What was planned before: select plans by model, include tree and selection, and texts of saves by
// their shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/arena.h"
#include "base/hash.h"
#include "base/result.h"
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
  [[nodiscard]] Result<std::shared_ptr<const SelectPlan>> select(const IncludeTree& tree,
                                                                 const RowSelection& selection);

  /// The text kept under `key`, or else what `make()` answers, which is kept. A copy in the arena:
  /// texts may be forgotten at any time.
  template <class Make>
  [[nodiscard]] std::string_view text(std::string_view key, Arena& arena, const Make& make) {
    if (const std::string* const kept = find_text(key)) return arena.copy(*kept);
    return arena.copy(keep_text(key, make()));
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::string tree_key;
    std::string from;
    RowSelection selection;  // its `from` is the text above
    std::shared_ptr<const SelectPlan> plan;
    std::size_t bytes = 0;
  };
  using Entries = std::list<Entry>;  // most recently used first

  struct TextHash {
    using is_transparent = void;
    [[nodiscard]] std::size_t operator()(std::string_view key) const {
      return static_cast<std::size_t>(hash_text(key));
    }
  };

  void remove(Entries::iterator entry);
  [[nodiscard]] const std::string* find_text(std::string_view key) const;
  [[nodiscard]] const std::string& keep_text(std::string_view key, std::string text);

  std::size_t maximum_plans_;
  std::size_t maximum_bytes_;
  std::size_t bytes_ = 0;
  Entries entries_;
  std::unordered_map<std::uint64_t, Entries::iterator> by_hash_;
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> texts_;
  std::size_t text_bytes_ = 0;
};

}  // namespace cloesce::orm
