// The interface as the ORM needs it: names resolved to positions once, when an app is opened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/list.h"
#include "base/name_table.h"
#include "base/result.h"
#include "cidl/model.h"

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
  const cidl::Column* column = nullptr;
  std::string_view name;
  ColumnKind kind = ColumnKind::kText;
  Nullability nullability = Nullability::kRequired;
  /// What a foreign key points to: a model and the position of its column.
  const ModelSchema* references = nullptr;
  std::size_t referenced_column = 0;
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
  static constexpr bool kRelocatable = true;

  const cidl::Navigation* navigation = nullptr;
  std::string_view name;
  cidl::NavigationKind kind = cidl::NavigationKind::kOneToOne;
  cidl::KeyOwner key_owner = cidl::KeyOwner::kSelf;
  const ModelSchema* target = nullptr;
  List<std::size_t> columns;
  const cidl::Junction* junction = nullptr;
  List<std::string_view> source_columns;
  List<std::string_view> target_columns;
  TargetRows target_rows = TargetRows::kAny;

  [[nodiscard]] bool to_many() const { return kind != cidl::NavigationKind::kOneToOne; }
};

/// A field that is filled from KV or R2. A KV or R2 model is one itself: its first says what stands
/// under a key, its second what a page of keys with a prefix holds.
struct StoredSchema {
  std::string_view name;  // empty: the model itself
  cidl::StoredKind kind = cidl::StoredKind::kKv;
  cidl::StoredForm form = cidl::StoredForm::kOne;
  cidl::TypeKind value = cidl::TypeKind::kVoid;  // of KV
  std::string_view binding;
  std::string_view bucket;        // of kR2Download
  std::string_view key_template;  // empty: the key is given, or in `key_column`
  std::string_view key_column;
  std::uint32_t cache_ttl = 0;  // seconds, 0: the platform's
};

/// What a member of an object stands for.
struct MemberReference {
  enum class Kind : std::uint8_t { kNone, kColumn, kNavigation, kStored } kind = Kind::kNone;
  std::size_t index = 0;
};

struct ModelSchema {
  static constexpr bool kRelocatable = true;

  const cidl::Model* model = nullptr;
  std::size_t index = 0;  // in Schema
  std::string_view name;
  std::string_view table;
  List<ColumnSchema> columns;          // declaration order
  List<std::size_t> primary_key;       // positions, declaration order
  List<NavigationSchema> navigations;  // declaration order
  List<StoredSchema> stored;           // declaration order
  ColumnSet key_columns;
  ColumnSet required_columns;  // NOT NULL, key columns included
  /// The key column that gets a number from the database when a row is saved without it: a single
  /// Integer column that is no foreign key.
  std::optional<std::size_t> generated_key;
  NameTable members;  // columns by position, navigations and stored fields behind them

  [[nodiscard]] MemberReference member(std::string_view member_name) const;
  [[nodiscard]] const ColumnSchema& key(std::size_t position) const {
    return columns[primary_key[position]];
  }
};

/// All models of an interface; only those on D1 have columns. Borrows the interface, which must
/// outlive it and not change. Models have stable addresses, also when the schema is moved.
class Schema {
 public:
  /// kCidlInvalid when a name leads nowhere or a model is beyond the limits above.
  [[nodiscard]] static Result<Schema> build(const cidl::Interface& interface);

  /// nullptr when there is no model of that name.
  [[nodiscard]] const ModelSchema* model(std::string_view name) const;

  [[nodiscard]] const List<ModelSchema>& models() const { return models_; }

 private:
  List<ModelSchema> models_;
  NameTable names_;
};

}  // namespace cloesce::orm
