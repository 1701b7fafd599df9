// Binds what the statements' parameters say, and splices the rows' texts as the shim does.
#include "orm/sqlite_database.h"

#include <gtest/gtest.h>

#include "sql/quote.h"

namespace cloesce::orm::testing {
namespace {

// unhex() as SQLite 3.41 and later have it.
void unhex(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return sqlite3_result_null(context);
  const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  const std::string_view digits(text, static_cast<std::size_t>(sqlite3_value_bytes(arguments[0])));
  std::string bytes;
  if (digits.size() % 2 != 0) return sqlite3_result_null(context);
  for (std::size_t index = 0; index < digits.size(); index += 2) {
    unsigned byte = 0;
    for (const char digit : digits.substr(index, 2)) {
      byte *= 16;
      if (digit >= '0' && digit <= '9')
        byte += static_cast<unsigned>(digit - '0');
      else if (digit >= 'A' && digit <= 'F')
        byte += static_cast<unsigned>(digit - 'A' + 10);
      else if (digit >= 'a' && digit <= 'f')
        byte += static_cast<unsigned>(digit - 'a' + 10);
      else
        return sqlite3_result_null(context);
    }
    bytes.push_back(static_cast<char>(byte));
  }
  sqlite3_result_blob(context, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
}

std::string column_text(sqlite3_stmt* statement, int column) {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  if (text == nullptr) return "NULL";
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

std::string_view sql_type(const cidl::Type& type) {
  switch (type.kind) {
    case cidl::TypeKind::kInteger:
    case cidl::TypeKind::kBoolean:
      return "INTEGER";
    case cidl::TypeKind::kReal:
      return "REAL";
    case cidl::TypeKind::kBlob:
      return "BLOB";
    default:
      return "TEXT";
  }
}

std::size_t key_size(const cidl::Interface& interface, std::string_view name) {
  std::size_t size = 0;
  for (const cidl::Model& model : interface.models) {
    if (model.name != name) continue;
    for (const cidl::Column& column : model.columns) {
      if (column.key == cidl::KeyRole::kPrimaryKey) ++size;
    }
  }
  return size;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ", ";
    out += sql::quote_identifier(name);
  }
  return out;
}

}  // namespace

SqliteDatabase::SqliteDatabase() {
  EXPECT_EQ(sqlite3_open(":memory:", &handle_), SQLITE_OK);
  sqlite3_create_function(handle_, "unhex", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, unhex,
                          nullptr, nullptr);
  sqlite3_limit(handle_, SQLITE_LIMIT_VARIABLE_NUMBER, 100);
  sqlite3_limit(handle_, SQLITE_LIMIT_COLUMN, 100);
  sqlite3_limit(handle_, SQLITE_LIMIT_SQL_LENGTH, 100'000);
  sqlite3_limit(handle_, SQLITE_LIMIT_FUNCTION_ARG, 32);
  sqlite3_limit(handle_, SQLITE_LIMIT_COMPOUND_SELECT, 5);
  sqlite3_limit(handle_, SQLITE_LIMIT_EXPR_DEPTH, 100);
  sqlite3_limit(handle_, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50);
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, 2'000'000);
  execute("pragma foreign_keys = on");
}

SqliteDatabase::~SqliteDatabase() { sqlite3_close(handle_); }

void SqliteDatabase::create_tables(const cidl::Interface& interface) {
  for (const cidl::Model& model : interface.models) {
    std::string sql = "create table " + sql::quote_identifier(model.table) + " (";
    std::vector<std::string> key;
    std::string constraints;
    for (const cidl::Column& column : model.columns) {
      const bool nullable = column.type.kind == cidl::TypeKind::kNullable;
      sql += sql::quote_identifier(column.name) + " ";
      sql += sql_type(nullable ? column.type.inner[0] : column.type);
      if (!nullable) sql += " not null";
      if (column.uniqueness == cidl::Uniqueness::kUnique) sql += " unique";
      sql += ", ";
      if (column.key == cidl::KeyRole::kPrimaryKey) key.push_back(column.name);
      if (column.references && key_size(interface, column.references->model) == 1) {
        constraints += ", foreign key (" + sql::quote_identifier(column.name) + ") references " +
                       sql::quote_identifier(column.references->model) + "(" +
                       sql::quote_identifier(column.references->column) + ")";
      }
    }
    // Columns that point to a composite key are one constraint.
    for (const cidl::Model& target : interface.models) {
      std::vector<std::string> from;
      std::vector<std::string> to;
      for (const cidl::Column& column : model.columns) {
        if (!column.references || column.references->model != target.name) continue;
        from.push_back(column.name);
        to.push_back(column.references->column);
      }
      if (from.empty() || key_size(interface, target.name) == 1) continue;
      constraints += ", foreign key (" + list_of(from) + ") references " +
                     sql::quote_identifier(target.table) + "(" + list_of(to) + ")";
    }
    execute(sql + "primary key (" + list_of(key) + ")" + constraints + ")");
    for (const cidl::Column& column : model.columns) {
      if (!column.references) continue;
      execute("create index " + sql::quote_identifier(model.table + "_" + column.name) + " on " +
              sql::quote_identifier(model.table) + "(" + sql::quote_identifier(column.name) + ")");
    }
  }
  for (const cidl::Junction& junction : interface.junctions) {
    std::string sql = "create table " + sql::quote_identifier(junction.name) + " (";
    std::vector<std::string> key;
    std::string constraints;
    for (const cidl::JunctionSide* side : {&junction.left, &junction.right}) {
      std::vector<std::string> target_key;
      for (const cidl::Model& model : interface.models) {
        if (model.name != side->model) continue;
        std::size_t index = 0;
        for (const cidl::Column& column : model.columns) {
          if (column.key != cidl::KeyRole::kPrimaryKey) continue;
          sql += sql::quote_identifier(side->columns[index++]) + " ";
          sql += sql_type(column.type);
          sql += " not null, ";
          target_key.push_back(column.name);
        }
      }
      key.insert(key.end(), side->columns.begin(), side->columns.end());
      constraints += ", foreign key (" + list_of(side->columns) + ") references " +
                     sql::quote_identifier(side->model) + "(" + list_of(target_key) + ")";
    }
    execute(sql + "primary key (" + list_of(key) + ")" + constraints + ")");
  }
}

void SqliteDatabase::execute(const std::string& sql) {
  char* message = nullptr;
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message);
  EXPECT_EQ(code, SQLITE_OK) << (message == nullptr ? "" : message) << "\n" << sql;
  sqlite3_free(message);
}

std::string SqliteDatabase::query(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr);
  EXPECT_EQ(code, SQLITE_OK) << sqlite3_errmsg(handle_) << "\n" << sql;
  std::string out;
  while (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
    if (!out.empty()) out += ";";
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      if (column > 0) out += "|";
      out += column_text(statement, column);
    }
  }
  sqlite3_finalize(statement);
  return out;
}

BatchOutcome SqliteDatabase::run(Batch batch) {
  // A transaction, or a part of the one that is open.
  execute("savepoint batch");
  std::string out = "[";
  for (const Statement& statement : batch) {
    if (out.size() > 1) out += ",";
    out += "[";
    if (!run_statement(statement, out)) {
      execute("rollback to batch; release batch");
      return {false, out};
    }
    out += "]";
  }
  execute("release batch");
  return {true, out + "]"};
}

std::string SqliteDatabase::explain(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const std::string text = "explain query plan " + std::string(sql);
  EXPECT_EQ(sqlite3_prepare_v2(handle_, text.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sqlite3_errmsg(handle_);
  std::string out;
  while (sqlite3_step(statement) == SQLITE_ROW) out += column_text(statement, 3) + "\n";
  sqlite3_finalize(statement);
  return out;
}

std::vector<std::pair<bool, std::string>> SqliteDatabase::parse_parameters(std::string_view json) {
  std::vector<std::pair<bool, std::string>> parameters;
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(
      sqlite3_prepare_v2(handle_, "select type, value from json_each(?1)", -1, &statement, nullptr),
      SQLITE_OK);
  sqlite3_bind_text(statement, 1, json.data(), static_cast<int>(json.size()), SQLITE_TRANSIENT);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    const std::string type = column_text(statement, 0);
    // Numbers would be bound as reals by D1, so the ORM may not ask for them.
    EXPECT_TRUE(type == "text" || type == "null") << json;
    parameters.emplace_back(type != "null", column_text(statement, 1));
  }
  EXPECT_EQ(code, SQLITE_DONE) << sqlite3_errmsg(handle_) << "\n" << json;
  sqlite3_finalize(statement);
  return parameters;
}

bool SqliteDatabase::run_statement(const Statement& statement, std::string& out) {
  sqlite3_stmt* prepared = nullptr;
  const char* tail = nullptr;
  if (sqlite3_prepare_v2(handle_, statement.sql.data(), static_cast<int>(statement.sql.size()),
                         &prepared, &tail) != SQLITE_OK) {
    out = sqlite3_errmsg(handle_);
    ADD_FAILURE() << out << "\n" << statement.sql;
    return false;
  }
  EXPECT_EQ(tail, statement.sql.data() + statement.sql.size()) << statement.sql;
  const auto parameters = parse_parameters(statement.parameters);
  // D1 refuses a wrong number of parameters.
  EXPECT_EQ(static_cast<int>(parameters.size()), sqlite3_bind_parameter_count(prepared))
      << statement.sql;
  for (std::size_t index = 0; index < parameters.size(); ++index) {
    const auto& [is_text, text] = parameters[index];
    const int number = static_cast<int>(index + 1);
    if (is_text) {
      sqlite3_bind_text(prepared, number, text.data(), static_cast<int>(text.size()),
                        SQLITE_TRANSIENT);
    } else {
      sqlite3_bind_null(prepared, number);
    }
  }
  int code = SQLITE_ROW;
  bool first = true;
  while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
    EXPECT_EQ(sqlite3_column_count(prepared), 1) << statement.sql;
    EXPECT_STREQ(sqlite3_column_name(prepared, 0), "j") << statement.sql;
    if (!first) out += ",";
    first = false;
    out += column_text(prepared, 0);
  }
  const std::string message = sqlite3_errmsg(handle_);
  sqlite3_finalize(prepared);
  if (code == SQLITE_DONE) return true;
  out = message;
  return false;
}

}  // namespace cloesce::orm::testing
