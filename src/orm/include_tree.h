// Include trees: which relations a call hydrates or saves, checked against the model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/schema.h"

namespace cloesce::orm {

/// Levels and relations of one tree. They keep every statement within 64 joins, and within the
/// fixed parser stack of SQLite before 3.46.
inline constexpr std::size_t kMaximumTreeDepth = 8;
inline constexpr std::size_t kMaximumTreeNodes = 60;

/// How a stored field is filled. Numbers are kept as they are written.
struct IncludeOption {
  std::string_view name;
  std::string_view value;
};

/// A stored field that is included.
struct StoredEntry {
  const StoredSchema* field = nullptr;
  std::span<const IncludeOption> options;
};

/// A relation that is included, with what is included below it. Siblings are in declaration order.
struct IncludeEntry {
  const NavigationSchema* navigation = nullptr;
  std::span<const StoredEntry> stored;

  [[nodiscard]] std::span<const IncludeEntry> children() const { return {first_, count_}; }
  void set_children(std::span<const IncludeEntry> entries) {
    first_ = entries.data();
    count_ = entries.size();
  }

 private:
  // Newer libraries have no span of a type that is not complete yet.
  const IncludeEntry* first_ = nullptr;
  std::size_t count_ = 0;
};

/// What is read of each object: all of it, as the Worker's own code does, or what callers may see.
enum class View : std::uint8_t { kWhole, kOpen };

/// A checked tree. `key` is the same for trees with equal relations of the same model in the same
/// view, whatever order they were written in, and never for different ones; stored fields are none
/// of a plan's business. Lives in the arena it was made in.
struct IncludeTree {
  const ModelSchema* model = nullptr;
  std::span<const IncludeEntry> entries;
  std::string_view key;
  std::span<const StoredEntry> stored;
  bool has_stored = false;  // at any level
  View view = View::kWhole;
};

/// The tree of `{ "likes": { "horse": {} }, "cover": { "expiresIn": 600 } }`; null, at any level,
/// includes nothing.
/// kIncludeTreeInvalid names the path of what the model does not have; kLimitExceeded above the
/// limits.
[[nodiscard]] Result<IncludeTree> parse_include_tree(const ModelSchema& model,
                                                     const json::Value& json, Arena& arena);

/// The tree of a data source; with View::kOpen without what is hidden.
[[nodiscard]] Result<IncludeTree> resolve_include_tree(const ModelSchema& model,
                                                       const DataSource& source, Arena& arena,
                                                       View view = View::kWhole);

/// The tree that includes nothing.
[[nodiscard]] IncludeTree empty_include_tree(const ModelSchema& model, Arena& arena,
                                             View view = View::kWhole);

}  // namespace cloesce::orm
