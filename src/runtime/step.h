// Steps: what the core asks its host to do next, and how the host got on with it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"

namespace cloesce::runtime {

enum class StepKind : std::uint32_t {
  kForeign = 1,   // the path is not the app's
  kRespond = 2,   // send `status`, header lines `text`, body `bytes`
  kServices = 3,  // make the services whose indices are the JSON array `text` ready, in that order
  // Run the hooks of stage `status` of `route`. What they may look at, as far as it is known:
  // `text` is the instance, `bytes` the arguments as in a dispatch, `beside` the key of the URL.
  // Of stage kScope: answer the scopes of the models whose names are `text`, with commas between
  // them, as a JSON object by name.
  kMiddleware = 4,
  kBody = 5,  // read the body in the form `status`, at most `limit` bytes
  // Run `statements` as one batch on the binding `text`, after `limit` milliseconds; see
  // `query_again`.
  kQuery = 6,
  kDispatch = 7,  // call the route's method: `text` is the instance, `bytes` the arguments
  kReturn = 8,    // the result of an ORM call is `bytes`; `status` is its shape plus one
  kStorage = 9,   // perform the operations on KV and R2 that are the JSON array `bytes`
  kObject = 10,   // serve the object `bytes` of the R2 binding `text`
};

enum class HookStage : std::uint32_t {
  kRequest = 0,
  kNamespace = 1,
  kMethod = 2,
  kInstance = 3,
  kScope = 4,
};
enum class BodyForm : std::uint32_t { kBytes = 0, kForm = 1, kKept = 2, kAgain = 3 };
enum class Outcome : std::uint32_t { kDone = 0, kFailed = 1, kTooLarge = 2 };

/// Flag of a dispatch, or of a hook that may look at the arguments: they are the body's bytes as
/// they were read; `bytes` is empty.
inline constexpr std::uint32_t kArgumentsAreBody = 1;

/// Flag of a dispatch: the one parameter that is a stream is the request's body.
inline constexpr std::uint32_t kBlobIsStream = 2;

/// Flag of a dispatch: the host runs the ready-made method `status` (cidl::Builtin) itself.
inline constexpr std::uint32_t kReadyMade = 4;

/// Flag of a step that is waited for: nobody asks for the body any more.
inline constexpr std::uint32_t kBodyDone = 8;

/// Flag of an answer: something was written, and not all of what it is now could be read.
inline constexpr std::uint32_t kIncomplete = 16;

/// Flag of an answer: `bytes` are its end, what comes before went to App::give_pieces_to.
inline constexpr std::uint32_t kInPieces = 32;

/// Route of a step that belongs to none.
inline constexpr std::uint32_t kNoRoute = UINT32_MAX;

/// One statement of a batch: its number (App::statement_text) and its parameters, a JSON array.
struct StatementCall {
  std::uint32_t statement = 0;
  std::string_view parameters;
};

/// One step. Views point into the arena of the call or the app and are valid until the app is next
/// called. The app fills in `exchange`, which stays 0 in steps that end the exchange (foreign,
/// respond, dispatch, return, object), and a `route` that is not set.
struct Step {
  std::uint32_t exchange = 0;
  StepKind kind = StepKind::kForeign;
  std::uint32_t route = kNoRoute;
  std::uint32_t status = 0;
  std::uint32_t flags = 0;
  std::string_view text;
  std::string_view bytes;
  std::span<const StatementCall> statements;
  std::span<const std::string_view> blobs;  // of a dispatch: bytes that the arguments count
  std::uint32_t limit = 0;
  /// Of a query: operations on KV and R2 to be performed at the same time. Of middleware: the key
  /// in the URL, a JSON array.
  std::string_view beside;
};

/// A step in the arena, the only place where steps are made: they are handed on by address.
[[nodiscard]] Step* new_step(Arena& arena, StepKind kind, std::string_view text = {},
                             std::uint32_t status = 0);

}  // namespace cloesce::runtime
