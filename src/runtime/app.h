// App: a project's image, and the exchanges that are under way.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/list.h"
#include "base/result.h"
#include "base/string.h"
#include "json/reader.h"
#include "orm/plan_cache.h"
#include "runtime/app_image.h"
#include "runtime/hooks.h"
#include "runtime/statement_table.h"
#include "runtime/step.h"
#include "validate/limits.h"
#include "validate/validator.h"

namespace cloesce::runtime {

struct Exchange;

/// Bounds on what one request may bring. `docs/limits.md` describes them.
struct Limits {
  std::uint32_t json_bytes = 4 * 1024 * 1024;   // of a JSON body, of a form's part `json`
  std::uint32_t body_bytes = 32 * 1024 * 1024;  // of every other body that is read into memory
  std::uint32_t blob_bytes = 32 * 1024 * 1024;  // of one blob
  std::uint32_t blobs = 100;                    // in one body
  validate::Limits values;
};

/// What the parts of an exchange share. Immutable but for the caches, the reader and the hooks.
struct AppContext {
  /// `bytes` are an image that was looked at.
  AppContext(List<std::uint64_t> bytes, const Limits& given);

  List<std::uint64_t> held;
  const AppImage& image;
  Limits limits;
  String route_prefix;
  const orm::Schema& schema;
  validate::Validator validator;
  orm::PlanCache plans;
  HookTable hooks;
  StatementTable statements;
  json::Reader reader;  // lent to one call at a time
};

/// A state machine for each request and each ORM call, none of which does I/O: the host performs
/// the step that it is handed and resumes with what came of it. Not thread-safe, as nothing in a
/// Worker is.
class App {
 public:
  /// Exchanges that can be under way at a time: more would not fit into an isolate's memory.
  static constexpr std::size_t kMaximumLive = 4096;

  /// Bytes that all exchanges may hold together. The rest of a module's memory is for reading them.
  static constexpr std::size_t kMaximumHeldBytes = 56 * 1024 * 1024;

  /// `text` is of lines, each ended by a line feed: the image in base64; the limits jsonBytes,
  /// bodyBytes, blobBytes, blobs, depth and items with commas between them, empty ones by default;
  /// and, where it is not to be that of the image, the route prefix. kCidlInvalid says what is
  /// wrong with it.
  [[nodiscard]] static Result<std::unique_ptr<App>> open(std::string_view text);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// In the form of docs/internals/abi.md.
  [[nodiscard]] String manifest() const;

  /// Replaces the hooks; exchanges under way go on with the new ones.
  [[nodiscard]] Result<void> set_hooks(std::string_view text);

  /// Starts a request from its head (runtime/head.h), which is copied.
  [[nodiscard]] const Step& begin(std::string_view head);

  /// Starts an ORM call (runtime/operation.h); `text` is copied.
  [[nodiscard]] const Step& begin_operation(std::string_view text);

  /// `bytes` of uninitialised memory in the exchange's arena for the reply to a step; each call
  /// takes new memory. Null for a stale handle, for more than any reply has, and when the exchanges
  /// would hold too much; the exchange then answers 503 (kNoRoom).
  [[nodiscard]] char* buffer(std::uint32_t exchange, std::uint32_t bytes);

  /// Goes on after a step with the reply to it: the beginning of the memory that `buffer` gave
  /// last, or nothing.
  [[nodiscard]] const Step& resume(std::uint32_t exchange, Outcome outcome,
                                   std::string_view payload);

  /// Frees an exchange that will not be continued; stale handles are ignored.
  void end(std::uint32_t exchange);

  /// The SQL of a statement number, empty when it is unknown.
  [[nodiscard]] std::string_view statement_text(std::uint32_t statement) const {
    return context_->statements.text(statement);
  }

  /// Exchanges begun and not over.
  [[nodiscard]] std::size_t live() const { return slots_.size() - free_.size(); }
  /// Bytes that all arenas hold, those kept for later exchanges included.
  [[nodiscard]] std::size_t arena_bytes() const;

 private:
  // Where a handle leads. The generation tells a stale handle apart.
  struct Slot {
    std::uint32_t generation = 1;
    std::unique_ptr<Exchange> exchange;  // null in a free slot
  };

  explicit App(std::unique_ptr<AppContext> context);

  [[nodiscard]] Exchange* acquire();
  [[nodiscard]] Exchange* find(std::uint32_t handle);
  [[nodiscard]] const Step& finish(Exchange& exchange, Step* step);
  [[nodiscard]] const Step& refuse(ErrorCode code);
  void release(std::uint32_t handle);
  void collect();

  std::unique_ptr<AppContext> context_;
  List<Slot> slots_;
  List<std::uint32_t> free_;
  List<std::unique_ptr<Exchange>> spare_;
  Step refusal_;  // of no exchange
  // The exchange that ended with the last step: its memory is read until the next call.
  std::unique_ptr<Exchange> ended_;
};

}  // namespace cloesce::runtime
