// Writes the value of a column as the database printed it, in the form it has in JSON.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_buffer.h"
#include "json/reader.h"
#include "orm/schema.h"

namespace cloesce::orm::detail {

/// What kept a value from being written.
enum class ColumnFault : std::uint8_t { kNone, kType, kInteger, kDate };

/// How bytes are written in the rows that are read.
enum class BlobForm : std::uint8_t {
  kHex,    // as select plans ask for
  kPlain,  // as D1 answers a column: an array of numbers; or base64 already
};

/// Appends `value`, a scalar with the token `token`, as JSON of `kind`.
[[nodiscard]] ColumnFault append_column(ByteBuffer& out, ColumnKind kind, const json::Value& value,
                                        std::string_view token, BlobForm blobs);

/// The failure that `fault` stands for, in `model`.`column` of the row with the key `key`, as far
/// as that is known.
[[nodiscard]] Error column_error(ColumnFault fault, std::string_view model, std::string_view column,
                                 std::string_view token, std::string_view key = {});

}  // namespace cloesce::orm::detail
