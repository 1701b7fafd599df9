// A real SQLite database behind the ORM's statements: runs a batch the way D1 does.
#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>
#include <vector>

#include "cidl/model.h"
#include "orm/statement.h"

namespace cloesce::orm::testing {

/// What a batch answered: `[[row,…],…]`, or the message of the statement that failed.
struct BatchOutcome {
  bool ok = false;
  std::string text;
};

/// An in-memory database with D1's limits, foreign keys on and `unhex`, which older SQLite lacks.
class SqliteDatabase {
 public:
  SqliteDatabase();
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  /// The tables of all D1 models and junctions.
  void create_tables(const cidl::Interface& interface);

  /// Runs SQL without parameters; fails the test when that fails.
  void execute(const std::string& sql);

  /// All values of the first row as text, `NULL` for null, separated by `|`; rows by `;`.
  [[nodiscard]] std::string query(const std::string& sql);

  /// One transaction: everything or nothing.
  [[nodiscard]] BatchOutcome run(Batch batch);

  /// The plan SQLite would follow, one step per line.
  [[nodiscard]] std::string explain(std::string_view sql);

  [[nodiscard]] sqlite3* handle() { return handle_; }

 private:
  [[nodiscard]] std::vector<std::pair<bool, std::string>> parse_parameters(std::string_view json);
  [[nodiscard]] bool run_statement(const Statement& statement, std::string& out);

  sqlite3* handle_ = nullptr;
};

}  // namespace cloesce::orm::testing
