// From what an exchange is to answer to its JSON: rows of a database, values from KV and R2, or
// both.
#pragma once

#include <string_view>

#include "base/result.h"
#include "orm/include_tree.h"
#include "orm/map_rows.h"
#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// The step that must come next; when there is none a return step with the JSON.
using Objects = Step*;

[[nodiscard]] inline bool is_ready(const Step* objects) {
  return objects->kind == StepKind::kReturn;
}
[[nodiscard]] Objects ready(Exchange& exchange, std::string_view json);

/// What is known from a URL of the object it names, as `ExchangeState::known`: its keys by name.
[[nodiscard]] Result<void> know_url_keys(AppContext& app, Exchange& exchange);

/// Lets `step`, a query for one object with `state.known`, bring along what needs no row.
[[nodiscard]] Result<Step*> with_foreseen(AppContext& app, Exchange& exchange, Step* step);

/// What stands under a key of a KV or R2 model, or its page of keys with the prefix `key`. A value
/// that is not there is `null`.
[[nodiscard]] Result<Objects> read_stored(AppContext& app, Exchange& exchange,
                                          const orm::StoredEntry& entry, std::string_view key);

/// `json`, objects of the tree's model, with what the tree names from KV and R2.
[[nodiscard]] Result<Objects> complete(AppContext& app, Exchange& exchange,
                                       const orm::IncludeTree& tree, std::string_view json);

/// Goes on with the reply to any step of a select, a save, or of the functions above; to one that
/// failed with kStorageFailed or a better code. What a save has written is answered whatever
/// happens to the rest, with flag kIncomplete; kSavedUnread says so where not even its row can be
/// read. With kTooLarge `payload` has the root's row alone.
[[nodiscard]] Result<Objects> objects_of(AppContext& app, Exchange& exchange,
                                         orm::Cardinality cardinality, Outcome outcome,
                                         std::string_view payload);

}  // namespace cloesce::runtime
