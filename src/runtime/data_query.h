// Batches of an exchange: from the ORM's plans to query steps, and from answers to objects.
#pragma once

#include <string_view>

#include "base/result.h"
#include "orm/include_tree.h"
#include "orm/map_rows.h"
#include "orm/schema.h"
#include "orm/select_plan.h"
#include "orm/statement.h"
#include "runtime/app.h"
#include "runtime/exchange.h"

namespace cloesce::runtime {

/// The tree of the data source that the caller named; without a name that of `default`, if the model has one.
/// The name must have been checked.
[[nodiscard]] Result<orm::IncludeTree> caller_tree(AppContext& app, Exchange& exchange);

/// The parameters of Selection::kKey for the keys in the URL.
[[nodiscard]] Result<std::string_view> url_key_parameters(AppContext& app, Exchange& exchange,
                                                          const orm::ModelSchema& model);

/// A query step for `batch` on the model's database.
[[nodiscard]] Step query_step(AppContext& app, Exchange& exchange, const orm::ModelSchema& model,
                              orm::Batch batch);

/// Plans a select, remembers it in the exchange and answers its query step.
[[nodiscard]] Result<Step> select_step(AppContext& app, Exchange& exchange,
                                       const orm::IncludeTree& tree,
                                       const orm::RowSelection& selection,
                                       std::string_view parameters);

/// The objects of the exchange's select from the host's reply to its step. A failed batch becomes its storage failure.
[[nodiscard]] Result<std::string_view> selected_objects(AppContext& app, Exchange& exchange,
                                                        orm::Cardinality cardinality,
                                                        Outcome outcome, std::string_view payload);

/// `payload`, which lies in memory that App::buffer made, as simdjson wants it.
[[nodiscard]] simdjson::padded_string_view padded(std::string_view payload);

}  // namespace cloesce::runtime
