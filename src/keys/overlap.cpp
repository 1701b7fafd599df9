// Two templates are read side by side, byte by byte, through every pair of places that the same
// bytes can lead to.
#include "keys/overlap.h"

#include <cstddef>
#include <string>
#include <utility>

#include "base/list.h"

namespace cloesce::keys {
namespace {

/// A byte of a literal, or a placeholder: one or more bytes that are not a slash.
struct Symbol {
  PartKind kind;
  char byte;
};

List<Symbol> symbols_of(const Template& source) {
  List<Symbol> symbols;
  for (const Part& part : source.parts) {
    if (part.kind == PartKind::kPlaceholder) {
      symbols.push_back({PartKind::kPlaceholder, '\0'});
      continue;
    }
    for (const char byte : part.text) symbols.push_back({PartKind::kLiteral, byte});
  }
  return symbols;
}

bool share_a_byte(const Symbol& left, const Symbol& right) {
  if (left.kind == PartKind::kLiteral && right.kind == PartKind::kLiteral) {
    return left.byte == right.byte;
  }
  if (left.kind == PartKind::kLiteral) return left.byte != '/';
  return right.kind == PartKind::kPlaceholder || right.byte != '/';
}

}  // namespace

bool overlap(const Template& left, Reach left_reach, const Template& right, Reach right_reach) {
  const List<Symbol> first = symbols_of(left);
  const List<Symbol> second = symbols_of(right);
  const std::size_t columns = second.size() + 1;
  List<bool> reached((first.size() + 1) * columns);
  List<std::pair<std::size_t, std::size_t>> waiting;
  const auto reach = [&](std::size_t row, std::size_t column) {
    if (reached[row * columns + column]) return;
    reached[row * columns + column] = true;
    waiting.emplace_back(row, column);
  };
  reach(0, 0);
  while (!waiting.empty()) {
    const auto [row, column] = waiting.back();
    waiting.pop_back();
    const bool first_ended = row == first.size();
    const bool second_ended = column == second.size();
    // The rest of the longer one can be had whatever it is.
    if (first_ended && (second_ended || left_reach == Reach::kPrefix)) return true;
    if (second_ended && right_reach == Reach::kPrefix) return true;
    if (first_ended || second_ended || !share_a_byte(first[row], second[column])) continue;
    // A placeholder may take a further byte.
    const bool first_stays = first[row].kind == PartKind::kPlaceholder;
    const bool second_stays = second[column].kind == PartKind::kPlaceholder;
    reach(row + 1, column + 1);
    if (first_stays) reach(row, column + 1);
    if (second_stays) reach(row + 1, column);
  }
  return false;
}

}  // namespace cloesce::keys
