// The tables of one D1 database, as SQLite has them: what a snapshot holds and what two migrations
// differ in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloesce::migrate {

enum class StorageClass : std::uint8_t { kInteger, kReal, kText, kBlob };

enum class Nullability : std::uint8_t { kRequired, kNullable };

/// What happens to a row when the row it references is deleted. On update it is always CASCADE.
enum class DeleteAction : std::uint8_t { kRestrict, kSetNull, kCascade };

enum class IndexKind : std::uint8_t { kPlain, kUnique };

struct Column {
  std::string name;
  StorageClass storage = StorageClass::kText;
  Nullability nullability = Nullability::kRequired;
  /// SQL literal of the DEFAULT that the database has, empty for none. A column gets one only when
  /// it was added as required to a table that may have had rows.
  std::string default_literal;
  /// SQL literal that stands for "nothing yet" in this type. Known for current columns only, not
  /// saved.
  std::string neutral_literal;
};

struct ForeignKey {
  std::vector<std::string> columns;
  std::string table;
  std::vector<std::string> references;  // as many as `columns`
  DeleteAction on_delete = DeleteAction::kRestrict;
};

struct Index {
  std::string name;
  IndexKind kind = IndexKind::kPlain;
  std::vector<std::string> columns;
};

/// `primary_key` names one column or more, in key order.
struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> primary_key;
  std::vector<ForeignKey> foreign_keys;
  std::vector<Index> indexes;
};

enum class Origin : std::uint8_t {
  kThisRelease,
  kEarlierRelease,  // Cloesce 0.0.5: other type words and names of junction columns
};

/// Tables are sorted by name.
struct Schema {
  std::string binding;
  std::vector<Table> tables;
  Origin origin = Origin::kThisRelease;
  std::vector<std::string> views;  // that an earlier release made; nothing reads them any more
};

/// SQLite compares the names of tables and columns without regard to ASCII case.
[[nodiscard]] bool same_name(std::string_view left, std::string_view right);
[[nodiscard]] bool same_names(const std::vector<std::string>& left,
                              const std::vector<std::string>& right);
[[nodiscard]] bool contains_name(const std::vector<std::string>& names, std::string_view name);
/// The key under which a name is looked up: ASCII letters in lower case.
[[nodiscard]] std::string fold_name(std::string_view name);

/// nullptr when there is none.
[[nodiscard]] const Table* find_table(const Schema& schema, std::string_view name);
[[nodiscard]] const Column* find_column(const Table& table, std::string_view name);

/// Equal in all that matters to the database; spelling may differ in case.
[[nodiscard]] bool same_foreign_key(const ForeignKey& left, const ForeignKey& right);
[[nodiscard]] bool same_index(const Index& left, const Index& right);
[[nodiscard]] bool has_foreign_key(const Table& table, const ForeignKey& wanted);
[[nodiscard]] bool has_index(const Table& table, const Index& wanted);

/// Is `column` part of a foreign key; of the primary key; of a unique index; unique by itself?
[[nodiscard]] bool is_foreign_key_column(const Table& table, std::string_view column);
[[nodiscard]] bool is_key_column(const Table& table, std::string_view column);
[[nodiscard]] bool is_in_unique_key(const Table& table, std::string_view column);
[[nodiscard]] bool is_unique_column(const Table& table, std::string_view column);

/// A primary key of one INTEGER column is an alias of the rowid: SQLite fills it in.
[[nodiscard]] bool is_rowid_alias(const Table& table, std::string_view column);

/// The SQL word: `INTEGER`, `SET NULL`.
[[nodiscard]] std::string_view storage_word(StorageClass storage);
[[nodiscard]] std::string_view action_word(DeleteAction action);

}  // namespace cloesce::migrate
