// ORM calls of user code: the same steps as a request's, from a description to a value.
#pragma once

#include <string_view>

#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// Starts the call that `text`, which has padding behind it, describes: a JSON object with
/// `operation` and `model`, and by operation
/// - `get`: `key`, `tree`; answers the object or null
/// - `list`: `tree`, `from` (a SELECT or null); answers an array
/// - `save`, `upsert`: `value`, `tree`; answers the saved object, or its primary key
/// - `delete`: `key`; answers whether there was such a row
/// - `map`: `rows`, `tree`; answers an array
/// - `listQuery`: `tree`, `from`, `tagCte`, and `getQuery`: `tree`; answer SQL as a JSON string
/// A key is a value, or an object of all key columns by name. Answers a query step, a return step,
/// or a respond step whose body says what was wrong.
[[nodiscard]] Step* begin_operation(AppContext& app, Exchange& exchange, std::string_view text);

/// Goes on after the batch.
[[nodiscard]] Step* resume_operation(AppContext& app, Exchange& exchange, Outcome outcome,
                                     std::string_view payload);

}  // namespace cloesce::runtime
