// The body of a request: how it is to be read, and what the method's arguments are then.
#pragma once

#include <string_view>

#include "base/list.h"
#include "base/result.h"
#include "media/body.h"
#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/step.h"
#include "validate/validator.h"

namespace cloesce::runtime {

/// The step that reads a body of `kind`, which is neither kNone nor kStream.
[[nodiscard]] Step* body_step(const AppContext& app, Exchange& exchange, media::BodyKind kind);

/// A parameter that chooses a data source of the method's model chooses what is hydrated too,
/// unless the query names one.
void take_choice(Exchange& exchange, const validate::DataSourceChoice& choice);

/// Arguments of a method whose only parameter is the body itself: `{"name":0}`.
void take_whole_body(Exchange& exchange);

/// Makes the arguments out of the host's reply to a body step. Answers all that is wrong with it,
/// nothing when it is fine. JSON and forms are validated; bytes that
/// the host keeps are not looked at.
[[nodiscard]] List<Error> take_body(AppContext& app, Exchange& exchange, Outcome outcome,
                                    std::string_view payload);

}  // namespace cloesce::runtime
