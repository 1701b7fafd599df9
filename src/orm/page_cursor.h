// Cursors: where a page ended, as a text that a URL can hold. It is the values of the order's
// columns in the last row, its key among them, readable by anyone who decodes it.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/schema.h"

namespace cloesce::orm {

/// Bytes that a cursor may have: it travels in URLs and headers.
inline constexpr std::size_t kMaximumCursorBytes = 4096;

/// The cursor behind the row with `values`, JSON tokens with commas between them, in the order that
/// the code of a query says. kLimitExceeded when it would be too long.
[[nodiscard]] Result<std::string_view> write_cursor(const ModelSchema& model, std::string_view code,
                                                    std::string_view values, Arena& arena);

/// Reads a cursor: notes in `code`, which begins with an order, whether each value is null, and
/// appends the others to `parameters` as texts. Answers how many those are. kCursorInvalid when it
/// is none, or one of another order.
[[nodiscard]] Result<std::size_t> read_cursor(const ModelSchema& model, std::string_view cursor,
                                              ByteBuffer& code, ByteBuffer& parameters,
                                              json::Reader& reader);

}  // namespace cloesce::orm
