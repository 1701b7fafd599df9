// A hash that is already taken by another key gives its place up: rare, and only a plan made once more.
#include "orm/plan_cache.h"

#include <iterator>
#include <utility>

#include "base/hash.h"

namespace cloesce::orm {
namespace {

std::uint64_t hash_of(const IncludeTree& tree, const RowSelection& selection) {
  const std::uint64_t seed =
      static_cast<std::uint64_t>(selection.kind) << 16 | selection.generated_keys;
  return hash_text(tree.key, selection.from.empty() ? seed : hash_text(selection.from, seed));
}

}  // namespace

Result<std::shared_ptr<const SelectPlan>> PlanCache::select(const IncludeTree& tree,
                                                            const RowSelection& selection) {
  const std::uint64_t hash = hash_of(tree, selection);
  if (const auto found = by_hash_.find(hash); found != by_hash_.end()) {
    const Entries::iterator entry = found->second;
    if (entry->tree_key == tree.key && entry->selection == selection.kind &&
        entry->generated_keys == selection.generated_keys && entry->from == selection.from) {
      if (entry != entries_.begin()) entries_.splice(entries_.begin(), entries_, entry);
      return entry->plan;
    }
    remove(entry);
  }

  Result<SelectPlan> made = plan_select(tree, selection);
  if (!made.ok()) return Failure{std::move(made).error()};
  auto plan = std::make_shared<const SelectPlan>(std::move(made).value());
  const std::size_t bytes =
      sizeof(Entry) + plan->bytes + tree.key.size() + selection.from.size();
  // One plan may not drive out all others.
  if (bytes > maximum_bytes_ / 4) return plan;

  entries_.push_front(Entry{hash, std::string(tree.key), selection.kind, selection.generated_keys,
                            std::string(selection.from), plan, bytes});
  by_hash_[hash] = entries_.begin();
  bytes_ += bytes;
  while (entries_.size() > maximum_plans_ || bytes_ > maximum_bytes_) {
    remove(std::prev(entries_.end()));
  }
  return plan;
}

void PlanCache::remove(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  by_hash_.erase(entry->hash);
  entries_.erase(entry);
}

}  // namespace cloesce::orm
