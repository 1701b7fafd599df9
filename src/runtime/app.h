// App: a project's image, and the exchanges that are under way.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/account.h"
#include "base/arena.h"
#include "base/list.h"
#include "base/pieces.h"
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
  std::uint32_t memory = 64 * 1024 * 1024;      // of the core, at most kMaximumMemory
  validate::Limits values;
};

/// What the parts of an exchange share. Immutable but for the caches, the reader and the hooks.
struct AppContext {
  /// `bytes` are an image that was looked at.
  AppContext(List<std::uint64_t> bytes, const Limits& given);

  Account account;  // of requests and ORM calls
  List<std::uint64_t> held;
  const AppImage& image;
  Limits limits;
  String route_prefix;
  const orm::Schema& schema;
  validate::Validator validator;
  orm::PlanCache plans;
  HookTable hooks;
  StatementTable statements;
  Pieces pieces;
  json::Reader reader{&account};  // lent to one call at a time
};

/// A state machine for each request and each ORM call, none of which does I/O: the host performs
/// the step that it is handed and resumes with what came of it. Not thread-safe, as nothing in a
/// Worker is.
class App {
 public:
  /// Exchanges that can be under way at a time.
  static constexpr std::size_t kMaximumLive = 4096;

  /// What a module may grow to, whatever the app says: the MAXIMUM_MEMORY of wasm/CMakeLists.txt.
  static constexpr std::uint32_t kMaximumMemory = 64 * 1024 * 1024;

  /// One part in so many of the memory is not for requests: code's data, the image, plans, texts of
  /// statements, and the holes between what is large.
  static constexpr std::uint32_t kReservedPart = 4;

  /// Of the memory of requests, a large body that comes new leaves one part in so many to others.
  static constexpr std::uint32_t kOthersPart = 4;

  /// `text` is of lines, each ended by a line feed: the image in base64; the limits jsonBytes,
  /// bodyBytes, blobBytes, blobs, depth, items and memory with commas between them, empty ones by
  /// default; and, where it is not to be that of the image, the route prefix. kCidlInvalid says
  /// what is wrong with it.
  [[nodiscard]] static Result<std::unique_ptr<App>> open(std::string_view text);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// In the form of docs/internals/abi.md.
  [[nodiscard]] String manifest() const;

  /// Replaces the hooks; exchanges under way go on with the new ones.
  [[nodiscard]] Result<void> set_hooks(std::string_view text);

  /// Long answers go to `take` while they are written, but for their end, which is in a step with
  /// kInPieces. What a step without the flag leaves there is of a failed answer, to be forgotten.
  void give_pieces_to(Pieces::Take take, void* context) { context_->pieces = {take, context}; }

  /// Starts a request from its head (runtime/head.h), which is copied.
  [[nodiscard]] const Step& begin(std::string_view head);

  /// Starts an ORM call (runtime/operation.h). `text` is the beginning of the memory that `buffer`
  /// gave for exchange 0, or is copied.
  [[nodiscard]] const Step& begin_operation(std::string_view text);

  /// `bytes` of uninitialised memory for the reply to a step, or with 0 for an exchange for the
  /// text of an ORM call; valid until the app is next called, but for that. Null for a stale
  /// handle, and when there is no room: the exchange, or the call, then answers 503 (kNoRoom).
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
  /// Bytes that waiting exchanges hold.
  [[nodiscard]] std::size_t held() const;
  /// What all memory of requests is counted in.
  [[nodiscard]] const Account& account() const { return context_->account; }

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
  [[nodiscard]] const Step& refuse(ErrorCode code, std::string_view detail = {});
  void release(std::uint32_t handle);
  void collect();
  [[nodiscard]] bool take_reply(std::string_view text);
  [[nodiscard]] bool wait(Exchange& exchange);

  std::unique_ptr<AppContext> context_;
  Arena arena_;          // of the call under way; what is in it is read until the next
  void* old_ = nullptr;  // what the exchange of the last step held before; the step may be in it
  // What `buffer` gave last, without its padding, and to whom.
  std::span<char> reply_;
  std::uint32_t reply_to_ = 0;
  bool no_room_ = false;  // or gave not
  List<Slot> slots_;
  List<std::uint32_t> free_;
  List<std::unique_ptr<Exchange>> spare_;
  std::unique_ptr<Exchange> nobody_;  // for answers to calls of no exchange
  // The exchange that ended with the last step: its memory is read until the next call.
  std::unique_ptr<Exchange> ended_;
};

}  // namespace cloesce::runtime
