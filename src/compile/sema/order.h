// Dependency order and cycles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cloesce::sema {

/// Whether a dependency may be left for later.
enum class Strength : std::uint8_t { kRequired, kOptional };

/// `dependent` needs `dependency`; both are indices into the list of names.
struct Dependency {
  std::size_t dependent = 0;
  std::size_t dependency = 0;
  Strength strength = Strength::kRequired;
};

/// Indices of `names`, what is depended on first, then by name. Where that is impossible, optional
/// dependencies are given up first. Depends only on the names and the dependencies, not on their
/// order.
[[nodiscard]] std::vector<std::size_t> order_by_dependency(
    const std::vector<std::string>& names, const std::vector<Dependency>& dependencies);

/// Cycles of required dependencies that share no member, each beginning with its smallest name:
/// every member needs the next one, the last one needs the first.
[[nodiscard]] std::vector<std::vector<std::size_t>> find_cycles(
    const std::vector<std::string>& names, const std::vector<Dependency>& dependencies);

/// `A -> B -> A`.
[[nodiscard]] std::string cycle_text(const std::vector<std::string>& names,
                                     const std::vector<std::size_t>& cycle);

}  // namespace cloesce::sema
