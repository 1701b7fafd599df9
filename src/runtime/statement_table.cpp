// Interning of SQL texts.
#include "runtime/statement_table.h"

namespace cloesce::runtime {

std::uint32_t StatementTable::number(std::string_view text) {
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  if (texts_.size() >= kMaximumTexts) {
    first_ += static_cast<std::uint32_t>(texts_.size());
    numbers_.clear();
    texts_.clear();
  }
  const auto number = first_ + static_cast<std::uint32_t>(texts_.size());
  numbers_.emplace(texts_.emplace_back(text), number);
  return number;
}

std::string_view StatementTable::text(std::uint32_t number) const {
  if (number < first_ || number - first_ >= texts_.size()) return {};
  return texts_[number - first_];
}

}  // namespace cloesce::runtime
