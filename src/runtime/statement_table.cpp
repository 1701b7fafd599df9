// Interning of SQL texts.
#include "runtime/statement_table.h"

#include <utility>

namespace cloesce::runtime {

std::uint32_t StatementTable::number(std::string_view text) {
  const std::uint32_t known = newer_->numbers.find(text);
  if (known != NameTable::kNone) return known;
  const auto next = newer_->first + static_cast<std::uint32_t>(newer_->texts.size());
  if (newer_->texts.size() == kMaximumBatch || newer_->arena.capacity() > kMaximumBytes) {
    std::swap(newer_, older_);
    newer_->arena.reset();
    newer_->texts.clear();
    newer_->numbers = NameTable();
    newer_->first = next;
  }
  // A text of the older half gets a new number: the old one is about to be forgotten.
  newer_->texts.push_back(newer_->arena.copy(text));
  newer_->numbers.insert(newer_->texts.back(), next);
  return next;
}

std::string_view StatementTable::text(std::uint32_t number) const {
  for (const Half* half : {newer_, older_}) {
    if (number >= half->first && number - half->first < half->texts.size()) {
      return half->texts[number - half->first];
    }
  }
  return {};
}

}  // namespace cloesce::runtime
