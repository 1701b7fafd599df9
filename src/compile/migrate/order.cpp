// Strongly connected components of the foreign keys (Kosaraju), with explicit stacks.
#include "compile/migrate/order.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace cloesce::migrate {
namespace {

using Edges = std::vector<std::vector<std::size_t>>;

struct Frame {
  std::size_t table;
  std::size_t next_edge;
};

// Appends to `finished` what `start` reaches, each table after all that it reaches.
void visit(std::size_t start, const Edges& edges, std::vector<bool>& seen,
           std::vector<std::size_t>& finished) {
  if (seen[start]) return;
  seen[start] = true;
  std::vector<Frame> stack{{start, 0}};
  while (!stack.empty()) {
    Frame& frame = stack.back();
    if (frame.next_edge == edges[frame.table].size()) {
      finished.push_back(frame.table);
      stack.pop_back();
      continue;
    }
    const std::size_t target = edges[frame.table][frame.next_edge++];
    if (seen[target]) continue;
    seen[target] = true;
    stack.push_back({target, 0});
  }
}

}  // namespace

std::vector<TableCycle> order_by_reference(const std::vector<const Table*>& tables) {
  std::unordered_map<std::string, std::size_t> by_name;
  for (std::size_t index = 0; index < tables.size(); ++index) {
    by_name.emplace(fold_name(tables[index]->name), index);
  }
  Edges parents(tables.size());
  Edges children(tables.size());
  for (std::size_t index = 0; index < tables.size(); ++index) {
    for (const ForeignKey& key : tables[index]->foreign_keys) {
      const auto parent = by_name.find(fold_name(key.table));
      if (parent == by_name.end()) continue;
      parents[index].push_back(parent->second);
      children[parent->second].push_back(index);
    }
  }

  // The table that finishes last in a walk towards the children is in a circle that references no
  // table outside itself; taking tables in that order yields parents before children.
  std::vector<bool> seen(tables.size(), false);
  std::vector<std::size_t> finished;
  for (std::size_t index = tables.size(); index > 0; --index) {
    visit(index - 1, children, seen, finished);
  }

  std::vector<TableCycle> ordered;
  std::fill(seen.begin(), seen.end(), false);
  for (std::size_t index = finished.size(); index > 0; --index) {
    std::vector<std::size_t> members;
    visit(finished[index - 1], parents, seen, members);
    if (members.empty()) continue;
    std::sort(members.begin(), members.end());
    TableCycle cycle;
    for (const std::size_t member : members) cycle.push_back(tables[member]);
    ordered.push_back(std::move(cycle));
  }
  return ordered;
}

}  // namespace cloesce::migrate
