// Kahn's algorithm with ties broken by name, and a depth-first search for cycles. Both keep their
// stack on the heap: the depth is the number of classes.
#include "compile/sema/order.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace cloesce::sema {
namespace {

std::vector<std::size_t> ranks_by_name(const std::vector<std::string>& names) {
  std::vector<std::size_t> sorted(names.size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  std::stable_sort(sorted.begin(), sorted.end(), [&names](std::size_t left, std::size_t right) {
    return names[left] < names[right];
  });
  return sorted;
}

}  // namespace

std::vector<std::size_t> order_by_dependency(const std::vector<std::string>& names,
                                             const std::vector<Dependency>& dependencies) {
  const std::vector<std::size_t> by_name = ranks_by_name(names);
  std::vector<std::size_t> rank(names.size());
  for (std::size_t position = 0; position < by_name.size(); ++position) {
    rank[by_name[position]] = position;
  }
  std::set<std::pair<std::size_t, std::size_t>> required;
  std::set<std::pair<std::size_t, std::size_t>> optional;
  for (const Dependency& edge : dependencies) {
    if (edge.dependent == edge.dependency) continue;
    auto& edges = edge.strength == Strength::kRequired ? required : optional;
    edges.emplace(edge.dependency, edge.dependent);
  }
  std::vector<std::size_t> missing_required(names.size());
  std::vector<std::size_t> missing_optional(names.size());
  for (const auto& [from, to] : required) ++missing_required[to];
  for (const auto& [from, to] : optional) ++missing_optional[to];

  // The place of a class in the line: what needs least, then what comes first by name.
  const auto place = [&](std::size_t index) {
    const std::size_t need = missing_required[index] > 0   ? 2U
                             : missing_optional[index] > 0 ? 1U
                                                           : 0U;
    return std::pair(need, rank[index]);
  };
  std::set<std::pair<std::size_t, std::size_t>> line;
  for (std::size_t index = 0; index < names.size(); ++index) line.insert(place(index));

  std::vector<std::size_t> order;
  const auto release = [&](const auto& edges, std::vector<std::size_t>& missing,
                           std::size_t index) {
    for (auto at = edges.lower_bound({index, 0}); at != edges.end() && at->first == index; ++at) {
      const bool waiting = line.erase(place(at->second)) > 0;
      --missing[at->second];
      if (waiting) line.insert(place(at->second));
    }
  };
  while (!line.empty()) {
    const std::size_t index = by_name[line.begin()->second];
    line.erase(line.begin());
    order.push_back(index);
    release(required, missing_required, index);
    release(optional, missing_optional, index);
  }
  return order;
}

std::vector<std::vector<std::size_t>> find_cycles(const std::vector<std::string>& names,
                                                  const std::vector<Dependency>& dependencies) {
  const std::vector<std::size_t> by_name = ranks_by_name(names);
  std::vector<std::vector<std::size_t>> needs(names.size());
  for (const Dependency& edge : dependencies) {
    if (edge.strength == Strength::kRequired) needs[edge.dependent].push_back(edge.dependency);
  }
  for (auto& list : needs) {
    std::sort(list.begin(), list.end(),
              [&names](std::size_t left, std::size_t right) { return names[left] < names[right]; });
  }

  enum class State : std::uint8_t { kNew, kOnPath, kDone };
  std::vector<State> states(names.size(), State::kNew);
  std::vector<std::vector<std::size_t>> cycles;
  for (const std::size_t start : by_name) {
    if (states[start] != State::kNew) continue;
    std::vector<std::pair<std::size_t, std::size_t>> path;  // a class, and its next need to follow
    path.emplace_back(start, 0);
    states[start] = State::kOnPath;
    while (!path.empty()) {
      auto& [at, next] = path.back();
      if (next == needs[at].size()) {
        states[at] = State::kDone;
        path.pop_back();
        continue;
      }
      const std::size_t need = needs[at][next++];
      if (states[need] == State::kNew) {
        states[need] = State::kOnPath;
        path.emplace_back(need, 0);
      } else if (states[need] == State::kOnPath) {
        std::vector<std::size_t> cycle;
        while (true) {
          const std::size_t member = path.back().first;
          states[member] = State::kDone;  // so that cycles share no member
          path.pop_back();
          cycle.push_back(member);
          if (member == need) break;
        }
        std::reverse(cycle.begin(), cycle.end());
        std::rotate(cycle.begin(),
                    std::min_element(cycle.begin(), cycle.end(),
                                     [&names](std::size_t left, std::size_t right) {
                                       return names[left] < names[right];
                                     }),
                    cycle.end());
        cycles.push_back(std::move(cycle));
      }
    }
  }
  return cycles;
}

std::string cycle_text(const std::vector<std::string>& names,
                       const std::vector<std::size_t>& cycle) {
  std::string text;
  for (const std::size_t member : cycle) text.append(names[member]).append(" -> ");
  return text.append(names[cycle.front()]);
}

}  // namespace cloesce::sema
