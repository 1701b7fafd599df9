// App: a loaded interface with everything derived from it, and the exchanges that are under way.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cidl/find.h"
#include "cidl/model.h"
#include "json/reader.h"
#include "orm/plan_cache.h"
#include "orm/schema.h"
#include "route/route_table.h"
#include "runtime/hooks.h"
#include "runtime/manifest.h"
#include "runtime/service_order.h"
#include "runtime/statement_table.h"
#include "runtime/step.h"
#include "validate/limits.h"
#include "validate/validator.h"

namespace cloesce::runtime {

struct Exchange;

/// Bounds on what one request may bring. `docs/limits.md` describes them.
struct Limits {
  std::uint32_t json_bytes = 4 * 1024 * 1024;
  validate::Limits values;
};

/// What the parts of an exchange share. Immutable but for the caches, the reader and the hooks.
struct AppContext {
  AppContext(cidl::Interface loaded, Limits given);

  cidl::Interface interface;
  Limits limits;
  cidl::NameIndex names;
  route::RouteTable routes;
  validate::Validator validator;
  orm::Schema schema;
  orm::PlanCache plans;
  ShapeTable shapes;
  ServiceOrder services;
  HookTable hooks;
  StatementTable statements;
  json::Reader reader;  // lent to one call at a time
};

/// A state machine for each request and each ORM call, none of which does I/O: the host performs the step that it is
/// handed and resumes with what came of it. Not thread-safe, as nothing in a Worker is.
class App {
 public:
  /// `text`: `{"cidl": {...}, "limits": {"jsonBytes", "depth", "items"}, "routePrefix": "..."}`; all but the first optional.
  [[nodiscard]] static Result<std::unique_ptr<App>> open(std::string_view text);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  [[nodiscard]] const std::string& manifest() const { return manifest_; }

  /// Replaces the hooks; exchanges under way go on with the new ones.
  [[nodiscard]] Result<void> set_hooks(std::string_view text);

  /// Starts a request from its head (runtime/head.h), which is copied.
  [[nodiscard]] Step begin(std::string_view head);

  /// Starts an ORM call (runtime/operation.h); `text` is copied.
  [[nodiscard]] Step begin_operation(std::string_view text);

  /// `bytes` of memory in the exchange's arena, with padding behind them, for the reply to a step. Null for a stale handle.
  [[nodiscard]] char* buffer(std::uint32_t exchange, std::uint32_t bytes);

  /// Goes on after a step. `payload` must be the beginning of `buffer` memory of this exchange, or be empty: the padding
  /// behind it is overwritten.
  [[nodiscard]] Step resume(std::uint32_t exchange, Outcome outcome, std::string_view payload);

  /// Frees an exchange that will not be continued; stale handles are ignored.
  void end(std::uint32_t exchange);

  /// The SQL of a statement number, empty when it is unknown.
  [[nodiscard]] std::string_view statement_text(std::uint32_t statement) const {
    return context_->statements.text(statement);
  }

  /// Exchanges begun and not over.
  [[nodiscard]] std::size_t live() const { return live_; }
  /// Bytes that all arenas hold.
  [[nodiscard]] std::size_t arena_bytes() const;

 private:
  explicit App(std::unique_ptr<AppContext> context);

  [[nodiscard]] Exchange& acquire();
  [[nodiscard]] Exchange* find(std::uint32_t handle);
  void collect();
  [[nodiscard]] Step finish(Exchange& exchange, Step step);
  void release(Exchange& exchange);

  std::unique_ptr<AppContext> context_;
  std::string manifest_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<std::uint32_t> free_;
  // The exchange that ended with the last step: its memory is read until the next call.
  Exchange* ended_ = nullptr;
  std::size_t live_ = 0;
};

}  // namespace cloesce::runtime
