// The body of a request: how it is to be read, and what the method's arguments are then.
#pragma once

#include <string_view>

#include "base/list.h"
#include "base/result.h"
#include "media/body.h"
#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/step.h"
#include "validate/type_table.h"

namespace cloesce::runtime {

/// Whether the body is the one parameter that is a stream, and the query string holds the others:
/// uploads that Cloesce itself does.
[[nodiscard]] bool takes_query_beside_body(const cidl::Method& method);

/// What decides which bodies a method takes: its parameters, injected ones aside.
[[nodiscard]] media::ParametersShape parameters_shape(const cidl::Method& method);

/// The step that reads a body of `kind`, which is neither kNone nor kStream.
[[nodiscard]] Step body_step(const AppContext& app, Exchange& exchange, media::BodyKind kind);

/// Arguments of a method whose only parameter is the body itself: `{"name":0}`.
void take_whole_body(Exchange& exchange);

/// Makes the arguments out of the host's reply to a body step. Answers all that is wrong with it,
/// nothing when it is fine. `parameters` is the method's. JSON and forms are validated; bytes that
/// the host keeps are not looked at.
[[nodiscard]] List<Error> take_body(AppContext& app, Exchange& exchange,
                                    validate::ShapeId parameters, Outcome outcome,
                                    std::string_view payload);

}  // namespace cloesce::runtime
