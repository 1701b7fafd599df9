// Saving: from a partial object to one atomic batch, and from its answer to the saved object or its
// key.
#pragma once

#include <string_view>

#include "base/result.h"
#include "json/reader.h"
#include "orm/include_tree.h"
#include "orm/upsert_plan.h"
#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// Starts the ready-made method `save`, whose one parameter `model` is validated. Which relations
/// are read back in the same batch is what the caller's data source names; which are saved, what
/// the model grants, once the hooks of nested rows have let them pass (`next_hook`).
[[nodiscard]] Result<Step*> start_save(AppContext& app, Exchange& exchange);

/// The next hook that is ready to look at a nested row; null when there is none: then the save is
/// to be started again with its body, and goes on behind the rows that hooks have let pass.
[[nodiscard]] Step* next_hook(Exchange& exchange);

/// Plans the save of `value`, the JSON object that user code gave. It is checked against the model
/// first: kOrmInputInvalid says all that is wrong with it.
[[nodiscard]] Result<Step*> save_step(AppContext& app, Exchange& exchange,
                                      const orm::IncludeTree& tree,
                                      simdjson::padded_string_view value, orm::SaveAnswer answer);

/// kSavedUnread: `error` came when everything was written.
[[nodiscard]] Failure saved_unread(const Exchange& exchange, const Error& error);

/// The saved object or its key, from the answer to the batch; kSavedUnread when it cannot be read.
[[nodiscard]] Result<std::string_view> saved(AppContext& app, Exchange& exchange,
                                             std::string_view answer);

}  // namespace cloesce::runtime
