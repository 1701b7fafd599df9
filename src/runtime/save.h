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
/// the model grants, once the hooks of nested rows have let them pass.
[[nodiscard]] Result<Step*> start_save(AppContext& app, Exchange& exchange);

/// Goes on after a hook has let a nested row pass: to the next hook, or to the batch.
[[nodiscard]] Result<Step*> go_on_save(AppContext& app, Exchange& exchange);

/// Plans the save of `value`, the JSON object that user code gave. It is checked against the model
/// first: kOrmInputInvalid says all that is wrong with it.
[[nodiscard]] Result<Step*> save_step(AppContext& app, Exchange& exchange,
                                      const orm::IncludeTree& tree,
                                      simdjson::padded_string_view value, orm::SaveAnswer answer);

/// The saved object or its key, from the answer to the batch.
[[nodiscard]] Result<std::string_view> saved(AppContext& app, Exchange& exchange,
                                             std::string_view answer);

}  // namespace cloesce::runtime
