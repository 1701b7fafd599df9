// An app has few plans and asks for few of them often, so the most recently used are looked at
// first.
#include "orm/plan_cache.h"

#include <utility>

#include "base/hash.h"

namespace cloesce::orm {
namespace {

std::uint64_t hash_of(const IncludeTree& tree, const RowSelection& selection) {
  const std::uint64_t seed = static_cast<std::uint64_t>(selection.limit) << 32 |
                             static_cast<std::uint64_t>(selection.rows) << 25 |
                             static_cast<std::uint64_t>(selection.projection) << 24 |
                             static_cast<std::uint64_t>(selection.kind) << 16 |
                             selection.generated_keys;
  const std::uint64_t rows = selection.from.empty() ? seed : hash_text(selection.from, seed);
  const std::string_view scopes = selection.narrowing.scopes;
  return hash_text(tree.key, scopes.empty() ? rows : hash_text(scopes, rows));
}

}  // namespace

Result<Counted<SelectPlan>> PlanCache::select(const IncludeTree& tree,
                                              const RowSelection& selection) {
  const std::uint64_t hash = hash_of(tree, selection);
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    const Entry& entry = *entries_[index];
    // `from` and the scopes are part of the selection, as views of the entry's own texts.
    if (entry.hash != hash || entry.tree_key != tree.key || !(entry.selection == selection))
      continue;
    to_front(index);
    return entries_.front()->plan;
  }

  Result<SelectPlan> made = plan_select(tree, selection);
  if (!made.ok()) return std::move(made).failure();
  Counted<SelectPlan> plan = Counted<SelectPlan>::make(std::move(made).value());
  const std::size_t bytes = sizeof(Entry) + plan->bytes + tree.key.size() + selection.from.size() +
                            selection.narrowing.scopes.size();
  // One plan may not drive out all others.
  if (bytes > maximum_bytes_ / 4) return plan;

  auto entry = std::make_unique<Entry>();
  entry->hash = hash;
  entry->tree_key = tree.key;
  entry->from = selection.from;
  entry->selection = selection;
  entry->selection.from = entry->from;
  entry->scopes = selection.narrowing.scopes;
  entry->selection.narrowing.scopes = entry->scopes;
  entry->plan = plan;
  entry->bytes = bytes;
  entries_.push_back(std::move(entry));
  to_front(entries_.size() - 1);
  bytes_ += bytes;
  while (entries_.size() > maximum_plans_ || bytes_ > maximum_bytes_) {
    bytes_ -= entries_.back()->bytes;
    entries_.pop_back();
  }
  return plan;
}

void PlanCache::to_front(std::size_t index) {
  for (; index > 0; --index) std::swap(entries_[index], entries_[index - 1]);
}

std::string_view PlanCache::keep_text(std::string_view key, std::string_view text) {
  // An app has few shapes of saves. Somebody who makes up new ones only makes the texts be made
  // again.
  if (text_arena_.capacity() > kMaximumTextBytes) {
    text_numbers_ = NameTable();
    texts_.clear();
    text_arena_.reset();
  }
  text_numbers_.insert(text_arena_.copy(key), texts_.size());
  texts_.push_back(text_arena_.copy(text));
  return texts_.back();
}

}  // namespace cloesce::orm
