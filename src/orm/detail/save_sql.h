// The texts of the statements that write rows. Rows travel as one parameter, a JSON array of
// arrays.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/string.h"
#include "orm/schema.h"
#include "sql/statement.h"

namespace cloesce::orm::detail {

enum class SaveRole : std::uint8_t {
  kValue,
  kKey,
  kVersion,  // a value of new rows; one more at each change
};

/// One value of a row as it travels: a column of the table that is written, and for a generated key
/// the model that generates it. Then the row holds an offset that the statement adds to that
/// model's base (append_generated_base). The floors of the bases are the parameters from the second
/// on, one for each generator in the order in which they first appear.
struct SaveValue {
  std::string_view column;
  ColumnKind kind = ColumnKind::kText;
  SaveRole role = SaveRole::kValue;
  const ModelSchema* generator = nullptr;
};

using SaveValues = std::span<const SaveValue>;

/// The number of the floor parameter of values[index].
[[nodiscard]] std::uint32_t floor_parameter(SaveValues values, std::size_t index);

/// The value at `index` of the row `"r"` of json_each. Parameters up to `before` are other ones
/// than floors.
void append_row_value(sql::Statement& out, SaveValues values, std::size_t index,
                      std::uint32_t before = 1);

/// Adds rows that the table does not have.
[[nodiscard]] String insert_sql(std::string_view table, SaveValues values);

/// Adds rows, or replaces the values of those whose key is there; without values keeps them as they
/// are.
[[nodiscard]] String write_sql(std::string_view table, SaveValues values);

/// Replaces the values of rows.
[[nodiscard]] String change_sql(std::string_view table, SaveValues values);

/// Adds those rows whose key is not there. For rows without all required columns that is how a
/// missing row fails the batch, with the name of a column that it lacks.
[[nodiscard]] String guard_sql(std::string_view table, SaveValues values);

/// Adds rows of a junction that are not there yet.
[[nodiscard]] String link_sql(std::string_view table, SaveValues values);

}  // namespace cloesce::orm::detail
