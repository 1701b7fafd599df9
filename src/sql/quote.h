// Quoting of SQL identifiers and literals; the one place that knows how.
#pragma once

#include <string>
#include <string_view>

#include "base/string.h"

namespace cloesce::sql {

/// `name` as a quoted SQLite identifier: `"My ""table"""`.
[[nodiscard]] std::string quote_identifier(std::string_view name);
void append_identifier(String& out, std::string_view name);

/// `text` as an SQL string literal: `'it''s'`. For text known at compile time, such as member names
/// inside json_object; values of a request are always bound.
[[nodiscard]] std::string quote_literal(std::string_view text);
void append_literal(String& out, std::string_view text);

}  // namespace cloesce::sql
