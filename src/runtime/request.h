// A request's way through the router's states, from its head to its response.
#pragma once

#include <string_view>

#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// Starts a request whose head is already in the exchange; answers its first step.
[[nodiscard]] Step* begin_request(AppContext& app, Exchange& exchange);

/// Goes on with the reply to the last step. `payload` lies in the arena of the call, with padding
/// behind it, and may be written over.
[[nodiscard]] Step* resume_request(AppContext& app, Exchange& exchange, Outcome outcome,
                                   std::string_view payload);

}  // namespace cloesce::runtime
