// Changing and deleting all rows that meet the conditions of a query.
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/query.h"
#include "orm/schema.h"
#include "orm/scopes.h"
#include "orm/statement.h"

namespace cloesce::orm {

/// The batch that deletes the rows in scope for which the conditions of `query` hold; its last
/// answer is `[[n]]`, how many they were. In the arena.
[[nodiscard]] Batch plan_delete_many(const ModelSchema& model, const Query& query,
                                     const Scopes& scopes, Arena& arena);

/// The batch that sets columns of those rows to `values`, an object of columns; its last answer is
/// as above. kQueryInvalid names what is no column of the model, or part of its key, and a value of
/// another type, and a column that the scope of the model asks for; kLimitExceeded, when values and
/// conditions have more than kMaximumParameters.
[[nodiscard]] Result<Batch> plan_update_many(const ModelSchema& model, const Query& query,
                                             const json::Value& values, const Scopes& scopes,
                                             Arena& arena);

}  // namespace cloesce::orm
