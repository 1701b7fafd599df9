// What the core does itself of a route: the methods of @CRUD, and hydrating the instance of the
// others.
#pragma once

#include <string_view>

#include "base/result.h"
#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/objects.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// Asks for the instance that the URL names.
[[nodiscard]] Result<Objects> start_instance(AppContext& app, Exchange& exchange);

/// The instance as JSON; kNotFound when there is none.
[[nodiscard]] Result<Objects> go_on_instance(AppContext& app, Exchange& exchange, Outcome outcome,
                                             std::string_view payload);

/// The key that the URL names of a KV or R2 model; kKeyInvalid when the storage takes no such key.
[[nodiscard]] Result<std::string_view> stored_key(AppContext& app, Exchange& exchange);

/// Starts a ready-made method that the core does itself and whose arguments are validated.
[[nodiscard]] Step* start_builtin(AppContext& app, Exchange& exchange);

/// Goes on with it, up to its response.
[[nodiscard]] Step* go_on_builtin(AppContext& app, Exchange& exchange, Outcome outcome,
                                  std::string_view payload);

}  // namespace cloesce::runtime
