// Batches of an exchange: from the ORM's plans to query steps, and from answers to objects.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "json/reader.h"
#include "orm/delete_plan.h"
#include "orm/include_tree.h"
#include "orm/map_rows.h"
#include "orm/schema.h"
#include "orm/select_plan.h"
#include "orm/statement.h"
#include "runtime/app.h"
#include "runtime/exchange.h"

namespace cloesce::runtime {

/// The tree of the data source that the caller named; without a name that of `default`, if the
/// model has one. The name must have been checked. Ready-made methods read what callers may see.
[[nodiscard]] Result<orm::IncludeTree> caller_tree(AppContext& app, Exchange& exchange);

/// The parameters of Selection::kKey for the keys in the URL.
[[nodiscard]] Result<std::string_view> url_key_parameters(AppContext& app, Exchange& exchange,
                                                          const orm::ModelSchema& model);

/// kLimitExceeded when there is no parameter left for the values of the scopes.
[[nodiscard]] Result<void> expect_room_for(const orm::Narrowing& narrowing);

/// What a page begins with that is the result of an ORM call: its rows follow, and where the next
/// one begins.
inline constexpr std::string_view kPageOfOperation = "{\"items\":";

/// Who takes the awaited answer in pieces: null where something is still to be put into it, or
/// where it is looked at first.
[[nodiscard]] Pieces* pieces_of(AppContext& app, const Exchange& exchange);

/// A query step for `batch` on the model's database. kLimitExceeded when it has more statements
/// than StatementTable::kMaximumBatch.
[[nodiscard]] Result<Step*> query_step(AppContext& app, Exchange& exchange,
                                       const orm::ModelSchema& model, orm::Batch batch);

/// Plans a select of what is in the exchange's scopes, remembers it in the exchange and answers its
/// query step.
[[nodiscard]] Result<Step*> select_step(AppContext& app, Exchange& exchange,
                                        const orm::IncludeTree& tree, orm::RowSelection selection,
                                        std::string_view parameters);

/// After a failed batch: the same with rows that come one by one, when their joined text was too
/// large for the database: nothing was written then. Or all of it once more, after `limit`
/// milliseconds, when the failure passes and it may be run twice; so a few times. The host still
/// has what it was handed: `status` says how many statements of that batch come first as they were,
/// and the new ones have the parameters of its last. Nothing for any other failure.
[[nodiscard]] Step* query_again(AppContext& app, Exchange& exchange, std::string_view message);

/// Asks for the deletion of the row that `parameters` name, if it is in the exchange's scopes.
[[nodiscard]] Result<Step*> delete_step(AppContext& app, Exchange& exchange,
                                        const orm::ModelSchema& model, std::string_view parameters);

/// The objects of the exchange's select from the answer to its batch.
[[nodiscard]] Result<std::string_view> selected_objects(AppContext& app, Exchange& exchange,
                                                        orm::Cardinality cardinality,
                                                        std::string_view answer);

/// Whether there was a row, from the answer to its deletion.
[[nodiscard]] Result<orm::Deletion> deleted(AppContext& app, std::string_view answer);

/// `text` as simdjson wants it. It lies in memory with padding behind it, as that of App::buffer
/// and json::pad, or is a part of such a text.
[[nodiscard]] simdjson::padded_string_view padded(std::string_view text);

}  // namespace cloesce::runtime
