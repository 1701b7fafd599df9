// A hash that is already taken by another key gives its place up: rare, and only a plan made once
// more.
#include "orm/plan_cache.h"

#include <iterator>
#include <utility>

namespace cloesce::orm {
namespace {

std::uint64_t hash_of(const IncludeTree& tree, const RowSelection& selection) {
  const std::uint64_t seed = static_cast<std::uint64_t>(selection.rows) << 25 |
                             static_cast<std::uint64_t>(selection.projection) << 24 |
                             static_cast<std::uint64_t>(selection.kind) << 16 |
                             selection.generated_keys;
  return hash_text(tree.key, selection.from.empty() ? seed : hash_text(selection.from, seed));
}

}  // namespace

Result<std::shared_ptr<const SelectPlan>> PlanCache::select(const IncludeTree& tree,
                                                            const RowSelection& selection) {
  const std::uint64_t hash = hash_of(tree, selection);
  if (const auto found = by_hash_.find(hash); found != by_hash_.end()) {
    const Entries::iterator entry = found->second;
    // `from` is part of the selection, as a view of the entry's own text.
    if (entry->tree_key == tree.key && entry->selection == selection) {
      if (entry != entries_.begin()) entries_.splice(entries_.begin(), entries_, entry);
      return entry->plan;
    }
    remove(entry);
  }

  Result<SelectPlan> made = plan_select(tree, selection);
  if (!made.ok()) return Failure{std::move(made).error()};
  auto plan = std::make_shared<const SelectPlan>(std::move(made).value());
  const std::size_t bytes = sizeof(Entry) + plan->bytes + tree.key.size() + selection.from.size();
  // One plan may not drive out all others.
  if (bytes > maximum_bytes_ / 4) return plan;

  Entry& entry = entries_.emplace_front();
  entry.hash = hash;
  entry.tree_key = tree.key;
  entry.from = selection.from;
  entry.selection = selection;
  entry.selection.from = entry.from;
  entry.plan = plan;
  entry.bytes = bytes;
  by_hash_[hash] = entries_.begin();
  bytes_ += bytes;
  while (entries_.size() > maximum_plans_ || bytes_ > maximum_bytes_) {
    remove(std::prev(entries_.end()));
  }
  return plan;
}

const std::string* PlanCache::find_text(std::string_view key) const {
  const auto found = texts_.find(key);
  return found == texts_.end() ? nullptr : &found->second;
}

const std::string& PlanCache::keep_text(std::string_view key, std::string text) {
  // An app has few shapes of saves. Somebody who makes up new ones only makes the texts be made
  // again.
  if (text_bytes_ > kMaximumTextBytes) {
    texts_.clear();
    text_bytes_ = 0;
  }
  text_bytes_ += key.size() + text.size() + sizeof(std::string) * 4;
  return texts_.insert_or_assign(std::string(key), std::move(text)).first->second;
}

void PlanCache::remove(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  by_hash_.erase(entry->hash);
  entries_.erase(entry);
}

}  // namespace cloesce::orm
