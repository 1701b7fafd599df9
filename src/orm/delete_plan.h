// Deleting a row by its key.
#pragma once

#include "base/result.h"
#include "base/string.h"
#include "json/reader.h"
#include "orm/schema.h"
#include "orm/scopes.h"

namespace cloesce::orm {

/// The statement that deletes one row, if it is in the scope of its model. Its parameters are those
/// of Selection::kKey (orm/key.h), and that of the scopes. It answers one row when there was one,
/// none otherwise. Rows that refer to it are the database's business.
[[nodiscard]] String plan_delete(const ModelSchema& model, const Narrowing& narrowing = {});

enum class Deletion : std::uint8_t { kNoSuchRow, kDeleted };

/// Reads the answer `[[…]]` to a batch of that one statement.
[[nodiscard]] Result<Deletion> map_deletion(simdjson::padded_string_view answer,
                                            json::Reader& reader);

}  // namespace cloesce::orm
