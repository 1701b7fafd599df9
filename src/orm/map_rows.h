// Turns the rows of a select plan into JSON objects, by copying the tokens that the database
// printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/pieces.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/select_plan.h"

namespace cloesce::orm {

enum class Cardinality : std::uint8_t {
  kOne,   // the object, or `null` when there is no row
  kMany,  // an array
};

/// The answer to a batch: its text, and how many of its statements came before those of the plan.
struct BatchAnswer {
  simdjson::padded_string_view text;  // [[row,…],…], one list per statement
  std::size_t skipped = 0;
};

/// A page of the root's rows: how many it has, and what came of it.
struct Page {
  std::size_t limit = 0;  // 0: no page, all rows count
  bool more = false;      // there were rows behind it
  std::string_view values =
      {};  // then: of its last row, as tokens with commas (SelectPlan::cursor)
};

/// The objects as compact JSON: columns in declaration order, then relations. A to-many relation
/// that is not included is `[]`, a to-one relation that is not included or leads nowhere is left
/// out. Borrowed from the arena. A long answer goes to `pieces`, if that is not null, but for its
/// end. kIntegerUnsafe names the column of an integer beyond 2^53; kStorageFailed one whose value
/// has another type than its column; kOutcomeUnexpected when the rows do not have the plan's form.
[[nodiscard]] Result<std::string_view> map_rows(const SelectPlan& plan, Cardinality cardinality,
                                                const BatchAnswer& answer, json::Reader& reader,
                                                Arena& arena, Page* page = nullptr,
                                                Pieces* pieces = nullptr);

}  // namespace cloesce::orm
