// Responses that the core writes itself: failures, and the results of ready-made methods.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "base/string.h"
#include "runtime/exchange.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// A failure as `text/plain`, or as RFC 9457 problem JSON when the request accepts that. `headers`
/// are further header lines, each ended by `\n`.
[[nodiscard]] Step* respond_failure(Exchange& exchange, const Error& error,
                                    std::string_view headers = {});

[[nodiscard]] Step* respond_failure(Exchange& exchange, ErrorCode code,
                                    std::string_view detail = {}, std::string_view headers = {});

/// A failure that the host answers, in the form that `accept` asks for: the content type, `\n`, the
/// body. A `message` that begins with a code is one of the framework's own.
[[nodiscard]] String write_failure(std::uint32_t status, std::string_view accept,
                                   std::string_view message);

/// Whether a caller that sends `accept` wants bytes inside a result as form data, not JSON.
[[nodiscard]] bool prefers_form(std::string_view accept);

/// The step, or the response of its failure.
[[nodiscard]] Step* or_failure(Exchange& exchange, const Result<Step*>& step);

/// Several failures of one input, one a line; the first gives the status. `errors` is not empty.
[[nodiscard]] Step* respond_failures(Exchange& exchange, std::span<const Error> errors);

/// `json` goes out as it is. It must live in the exchange's arena.
[[nodiscard]] Step* respond_json(Exchange& exchange, std::uint32_t status, std::string_view json);

/// A status without a body.
[[nodiscard]] Step* respond_empty(Exchange& exchange, std::uint32_t status);

}  // namespace cloesce::runtime
