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

/// Which of the rows that a relation leads to are included, as it is written.
struct RowsInput {
  std::string_view where;  // JSON; empty: all
  std::string_view order;  // JSON; empty: that of the key
  std::size_t limit = 0;   // of each object; 0: all
};

/// A relation that is included, with what is included below it. Siblings are in declaration order.
struct IncludeEntry {
  const NavigationSchema* navigation = nullptr;
  std::span<const StoredEntry> stored;
  const RowsInput* input = nullptr;  // until it was checked
  /// Of a relation to many rows, which of them: the code of a query (orm/detail/query_code.h);
  /// empty: all in order of their key.
  std::string_view query;
  std::uint32_t first_value = 0;  // of the query, in IncludeTree::values

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
  /// Of the queries at its relations: texts, with commas between them. Empty without queries.
  std::string_view values = {};
};

/// The tree of `{ "likes": { "horse": {}, "limit": 5 }, "cover": { "expiresIn": 600 } }`; null, at
/// any level, includes nothing. A relation to many rows takes `where`, `orderBy` and `limit` (of
/// each object) beside what it includes, where its model has no such member.
/// kIncludeTreeInvalid names the path of what the model does not have; kQueryInvalid what is wrong
/// with a condition or an order; kLimitExceeded above the limits. `json` is a document of `reader`,
/// and read when this returns.
[[nodiscard]] Result<IncludeTree> parse_include_tree(const ModelSchema& model,
                                                     const json::Value& json, json::Reader& reader,
                                                     Arena& arena);

/// The tree of a data source; with View::kOpen without what is hidden. Fails as above.
[[nodiscard]] Result<IncludeTree> resolve_include_tree(const ModelSchema& model,
                                                       const DataSource& source,
                                                       json::Reader& reader, Arena& arena,
                                                       View view = View::kWhole);

/// The tree that includes nothing.
[[nodiscard]] IncludeTree empty_include_tree(const ModelSchema& model, Arena& arena,
                                             View view = View::kWhole);

}  // namespace cloesce::orm
