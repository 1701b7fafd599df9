// A real SQLite database that treats migrations as D1 does: foreign keys always on, one file one
// transaction.
#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>
#include <vector>

namespace cloesce::migrate::testing {

using Row = std::vector<std::string>;

class Database {
 public:
  Database();
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs all statements in one transaction; rolls back on a failure. Answers SQLite's message,
  /// empty on success.
  [[nodiscard]] std::string apply(const std::string& script);

  /// Rows with every value as text; NULL is "NULL".
  [[nodiscard]] std::vector<Row> query(const std::string& sql);

  /// The first value of the first row; empty when there is none.
  [[nodiscard]] std::string scalar(const std::string& sql);

  /// Columns, keys, indexes and foreign keys of all tables, one line each, sorted; column order and
  /// defaults are left out.
  [[nodiscard]] std::vector<std::string> describe();

  /// Every table with all its rows, sorted.
  [[nodiscard]] std::vector<std::string> dump();

  [[nodiscard]] std::vector<std::string> tables();

 private:
  [[nodiscard]] std::string execute(const std::string& sql);

  sqlite3* handle_ = nullptr;
};

}  // namespace cloesce::migrate::testing
