// What the core does itself of a route: the methods of @CRUD, and hydrating the instance of the
// others.
#pragma once

#include <string_view>

#include "base/result.h"
#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// Asks for the rows of the instance that the URL names.
[[nodiscard]] Result<Step> query_instance(AppContext& app, Exchange& exchange);

/// The instance as JSON; kNotFound when there is no such row.
[[nodiscard]] Result<std::string_view> map_instance(AppContext& app, Exchange& exchange,
                                                    Outcome outcome, std::string_view payload);

/// Starts a ready-made method, whose arguments are validated.
[[nodiscard]] Result<Step> start_builtin(AppContext& app, Exchange& exchange);

/// Writes its response.
[[nodiscard]] Step finish_builtin(AppContext& app, Exchange& exchange, Outcome outcome,
                                  std::string_view payload);

}  // namespace cloesce::runtime
