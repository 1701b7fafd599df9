// The interface as the ORM needs it: names resolved to positions once, when it is compiled. Made by
// compile/image/schema.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/engine.h"
#include "cidl/kinds.h"
#include "image/name_map.h"
#include "image/reference.h"

namespace cloesce::orm {

/// Columns a table may have; also D1's limit.
inline constexpr std::size_t kMaximumColumns = 100;

/// Columns a primary key may have.
inline constexpr std::size_t kMaximumKeyColumns = 16;

/// A set of columns of one table, by position.
class ColumnSet {
 public:
  void set(std::size_t position) { words_[position / 64] |= bit(position); }
  void reset(std::size_t position) { words_[position / 64] &= ~bit(position); }
  void reset() { *this = {}; }
  [[nodiscard]] bool test(std::size_t position) const {
    return (words_[position / 64] & bit(position)) != 0;
  }
  [[nodiscard]] bool any() const { return (words_[0] | words_[1]) != 0; }
  [[nodiscard]] bool none() const { return !any(); }
  /// Those of `left` that are not in `right`.
  friend ColumnSet operator-(const ColumnSet& left, const ColumnSet& right) {
    ColumnSet rest;
    rest.words_[0] = left.words_[0] & ~right.words_[0];
    rest.words_[1] = left.words_[1] & ~right.words_[1];
    return rest;
  }
  friend bool operator==(const ColumnSet& left, const ColumnSet& right) {
    return left.words_[0] == right.words_[0] && left.words_[1] == right.words_[1];
  }

 private:
  static std::uint64_t bit(std::size_t position) { return std::uint64_t{1} << (position % 64); }

  std::uint64_t words_[2] = {};
};
static_assert(kMaximumColumns <= 128);

/// How a column's value is stored and how it looks in JSON.
enum class ColumnKind : std::uint8_t {
  kInteger,
  kReal,
  kText,
  kBoolean,  // 0 or 1 in storage
  kDate,     // ISO-8601 text
  kBlob,     // base64 in JSON
};

enum class Nullability : std::uint8_t { kRequired, kNullable };

struct ModelSchema;

struct ColumnSchema {
  image::Text name;
  ColumnKind kind;
  Nullability nullability;
  cidl::Access access;
  /// What a foreign key points to: a model and the position of its column.
  image::Reference<ModelSchema> references;
  std::uint32_t referenced_column;
};

/// How many target rows one row can lead to, as far as the database guarantees it.
enum class TargetRows : std::uint8_t { kAtMostOne, kAny };

/// A navigation with its columns as positions.
/// - OneToOne with key owner kSelf: `columns` are positions in the owning model, in order of the
/// target's key.
/// - OneToOne with key owner kTarget, and OneToMany: positions in the target, in order of the
/// owning model's key.
/// - ManyToMany: `source_columns` and `target_columns` are the junction's columns, in order of each
/// side's key.
struct NavigationSchema {
  image::Text name;
  cidl::NavigationKind kind;
  cidl::KeyOwner key_owner;
  TargetRows target_rows;
  cidl::Access access;
  image::Reference<ModelSchema> target;
  image::Array<std::uint32_t> columns;
  image::Text junction;  // its table
  image::Array<image::Text> source_columns;
  image::Array<image::Text> target_columns;

  [[nodiscard]] bool to_many() const { return kind != cidl::NavigationKind::kOneToOne; }
};

/// A field that is filled from KV or R2. A KV or R2 model is one itself: its first says what stands
/// under a key, its second what a page of keys with a prefix holds.
struct StoredSchema {
  image::Text name;  // empty: the model itself
  cidl::StoredKind kind;
  cidl::StoredForm form;
  cidl::TypeKind value;  // of KV
  cidl::Access access;
  image::Text binding;
  image::Text bucket;        // of kR2Download
  image::Text key_template;  // empty: the key is given, or in `key_column`
  image::Text key_column;
  std::uint32_t cache_ttl;  // seconds, 0: the platform's
};

/// A declared option of a stored field in a data source.
struct SourceOption {
  image::Text name;
  image::Text value;
};

/// A member that a data source includes, with what it includes below.
struct SourceNode {
  image::Text name;
  image::Array<SourceNode> children;
  image::Array<SourceOption> options;
};

struct DataSource {
  image::Text name;
  image::Array<SourceNode> nodes;
  /// Of the rows of a list: JSON, empty where nothing is said; a limit of 0 is none.
  image::Text where;
  image::Text order;
  std::uint32_t limit;

  [[nodiscard]] bool asks() const {
    return limit != 0 || !where.view().empty() || !order.view().empty();
  }
};

struct WriteLevel;

struct RelationWrites {
  cidl::WriteRight right;
  /// Of kOwned: a statement that fails with `CLO1211:n` when a row that is there does not belong to
  /// the row above. Its parameter is a list of rows: n, the key, and the key of the row above.
  image::Text guard;
  image::Reference<WriteLevel> below;  // none where nothing is granted
};

/// What a caller's save may write besides a row, at one place of it.
struct WriteLevel {
  image::Array<RelationWrites> relations;  // by navigation
};

/// Whether a change of a row of a model with a version must bring the revision that it changes.
enum class Revisions : std::uint8_t {
  kWhereGiven,  // what brings none changes whatever is there
  kNeeded,      // what brings none must be new
};

/// What callers may ask of a LIST: paths of columns, and how many rows. A limit of 0 answers whole
/// tables to who asks for no page.
struct ListSchema {
  image::Array<image::Text> where;
  image::Array<image::Text> order;
  std::uint32_t limit;
  std::uint32_t maximum;
};

/// What a member of an object stands for.
struct MemberReference {
  enum class Kind : std::uint8_t { kNone, kColumn, kNavigation, kStored } kind = Kind::kNone;
  std::size_t index = 0;
};

struct ModelSchema {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  image::Text name;
  image::Text table;
  image::Text binding;
  cidl::StorageKind storage;
  /// Whether the model, or one that its relations lead to, has hidden members. 0 or 1.
  std::uint8_t conceals;
  std::uint32_t index;  // in Schema
  /// The key column that gets a number from the database when a row is saved without it: a single
  /// Integer column that is no foreign key. Or kNone.
  std::uint32_t generated_key;
  image::Array<ColumnSchema> columns;          // declaration order
  image::Array<std::uint32_t> primary_key;     // positions, declaration order
  image::Array<NavigationSchema> navigations;  // declaration order
  image::Array<StoredSchema> stored;           // declaration order
  image::Array<image::Text> key_parameters;    // in the order of the URL
  image::Array<DataSource> data_sources;
  image::Reference<WriteLevel> writes;  // of its SAVE; none when data sources say what is written
  std::uint32_t save_route;             // of its SAVE, or kNone
  ListSchema list;
  std::uint32_t version;  // the column that counts saves, or kNone
  /// With a version: a statement that fails with `CLO1216:{what}` when a row is not at the revision
  /// that is given, and with `CLO1217:{what}` when it is there and should not be. Its parameter is
  /// a list of rows: the revision, or null, and the key.
  image::Text version_guard;
  ColumnSet key_columns;
  ColumnSet required_columns;  // NOT NULL, key columns included
  image::NameMap members;      // columns by position, navigations and stored fields behind them

  // What instances are. An engine that serves D1 alone knows but one answer.
  /// Rows of a table.
  [[nodiscard]] bool has_rows() const {
    return !serves_storage() || storage == cidl::StorageKind::kD1;
  }
  /// Values in KV.
  [[nodiscard]] bool has_entries() const {
    return serves_storage() && storage == cidl::StorageKind::kKv;
  }
  /// Bytes in R2, of which an instance has the head.
  [[nodiscard]] bool has_objects() const {
    return serves_storage() && storage == cidl::StorageKind::kR2;
  }
  /// Keys alone: nothing is read but what their fields name.
  [[nodiscard]] bool has_keys_alone() const {
    return serves_storage() && storage == cidl::StorageKind::kKeys;
  }
  /// Each under one key in the store.
  [[nodiscard]] bool kept_by_key() const { return has_entries() || has_objects(); }

  [[nodiscard]] MemberReference member(std::string_view member_name) const;
  [[nodiscard]] const ColumnSchema& key(std::size_t position) const {
    return columns[primary_key[position]];
  }
  /// nullptr when there is none.
  [[nodiscard]] const DataSource* data_source(std::string_view source_name) const;
};

/// All models of an interface; only those on D1 have columns. Part of an app image.
struct Schema {
  image::Array<ModelSchema> models;
  image::NameMap names;

  /// nullptr when there is no model of that name.
  [[nodiscard]] const ModelSchema* model(std::string_view name) const;
};

}  // namespace cloesce::orm
