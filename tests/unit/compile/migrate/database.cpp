// SQLite in memory, with foreign keys enforced.
#include "compile/migrate/database.h"

#include <algorithm>
#include <map>
#include <utility>

#include "sql/quote.h"

namespace cloesce::migrate::testing {

Database::Database() {
  sqlite3_open(":memory:", &handle_);
  static_cast<void>(execute("PRAGMA foreign_keys = on"));
}

Database::~Database() { sqlite3_close(handle_); }

std::string Database::execute(const std::string& sql) {
  char* message = nullptr;
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return {};
  std::string text = message == nullptr ? "failed without a message" : message;
  sqlite3_free(message);
  return text;
}

std::string Database::apply(const std::string& script) {
  std::string failure = execute("BEGIN");
  if (!failure.empty()) return failure;
  failure = execute(script);
  if (failure.empty()) failure = execute("COMMIT");
  if (!failure.empty()) static_cast<void>(execute("ROLLBACK"));
  return failure;
}

std::vector<Row> Database::query(const std::string& sql) {
  std::vector<Row> rows;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    return {{"error", sqlite3_errmsg(handle_)}};
  }
  while (sqlite3_step(statement) == SQLITE_ROW) {
    Row row;
    for (int index = 0; index < sqlite3_column_count(statement); ++index) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
      row.emplace_back(text == nullptr ? "NULL" : text);
    }
    rows.push_back(std::move(row));
  }
  sqlite3_finalize(statement);
  return rows;
}

std::string Database::scalar(const std::string& sql) {
  const std::vector<Row> rows = query(sql);
  return rows.empty() || rows.front().empty() ? std::string() : rows.front().back();
}

std::vector<std::string> Database::tables() {
  std::vector<std::string> names;
  for (const Row& row :
       query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
    names.push_back(row.front());
  }
  return names;
}

std::vector<std::string> Database::describe() {
  std::vector<std::string> lines;
  for (const std::string& table : tables()) {
    const std::string literal = sql::quote_literal(table);
    for (const Row& row :
         query("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(" + literal + ")")) {
      lines.push_back(table + " column " + row[0] + ' ' + row[1] + " required=" + row[2] +
                      " key=" + row[3]);
    }
    for (const Row& row :
         query("SELECT name, \"unique\", origin FROM pragma_index_list(" + literal + ")")) {
      std::string line = table + " index " + row[0] + " unique=" + row[1] + " (";
      for (const Row& column :
           query("SELECT name FROM pragma_index_info(" + sql::quote_literal(row[0]) + ")")) {
        line += column[0] + ' ';
      }
      lines.push_back(line + ')');
    }
    std::map<std::string, std::string> keys;
    for (const Row& row : query("SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM "
                                "pragma_foreign_key_list(" +
                                literal + ") ORDER BY id, seq")) {
      std::string& line = keys[row[0]];
      if (line.empty()) {
        line = table + " references " + row[1] + " update " + row[4] + " delete " + row[5];
      }
      line += ' ' + row[2] + "->" + row[3];
    }
    for (auto& [id, line] : keys) lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> Database::dump() {
  std::vector<std::string> lines = describe();
  for (const std::string& table : tables()) {
    for (const Row& row : query("SELECT * FROM " + sql::quote_identifier(table))) {
      std::string line = table;
      for (const std::string& value : row) line += '|' + value;
      lines.push_back(std::move(line));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace cloesce::migrate::testing
