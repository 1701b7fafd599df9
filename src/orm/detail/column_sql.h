// How columns and keys are written in SQL, by kind.
#pragma once

#include <cstdint>
#include <string_view>

#include "orm/schema.h"
#include "sql/statement.h"

namespace cloesce::orm::detail {

/// `"alias"."column"` as a value that JSON can hold exactly: bytes as hexadecimal text, reals as
/// text with 17 digits, everything else as it is.
void append_json_value(sql::Statement& out, std::string_view alias, const ColumnSchema& column,
                       std::string_view column_name);

/// A bound text as a value to compare with or store in a column.
void append_bound_key(sql::Statement& out, ColumnKind kind, std::uint32_t parameter);

/// The key that a row of this batch got or will get: the largest key of `table` before the batch,
/// or the floor when that is larger, plus an offset. See orm/upsert_plan.h for why that holds in
/// every statement of the batch. `floor` is the number of a parameter.
void append_generated_base(sql::Statement& out, const ModelSchema& model, std::uint32_t floor);

/// `"alias"."a" = "other"."b" and …` for columns in step with each other.
void append_equal(sql::Statement& out, std::string_view left_alias, std::string_view left_name,
                  std::string_view right_alias, std::string_view right_name);

}  // namespace cloesce::orm::detail
