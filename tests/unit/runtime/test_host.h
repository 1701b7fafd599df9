// A host for App: performs its steps as the shim does, with a real SQLite database behind the
// queries.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cidl/model.h"
#include "orm/sqlite_database.h"
#include "runtime/app.h"
#include "runtime/step.h"

namespace cloesce::runtime::testing {

/// The step that ended an exchange, copied.
struct Ending {
  StepKind kind = StepKind::kForeign;
  std::uint32_t route = kNoRoute;
  std::uint32_t status = 0;
  std::uint32_t flags = 0;
  std::string text;   // header lines, or the instance
  std::string bytes;  // body, arguments or result
  std::vector<std::string> blobs;
};

struct Request {
  std::string_view verb = "GET";
  std::string_view target;
  std::optional<std::string> body = std::nullopt;      // of a form: what the host says of its parts
  std::string_view content_type = "application/json";  // of requests with a body
  std::string_view accept = {};
};

/// The head of a request in the form of the ABI. Without a body there is neither content type nor
/// length.
[[nodiscard]] std::string head_of(const Request& request);

/// Copies `text` into the exchange's buffer, as a host must, and resumes with it.
[[nodiscard]] Step reply(App& app, std::uint32_t exchange, Outcome outcome, std::string_view text);

/// A word for each kind of step.
[[nodiscard]] std::string_view kind_name(StepKind kind);

/// A statement as a host keeps it while its batch runs.
struct Prepared {
  std::string sql;
  std::string parameters;
};

/// The statements of a query step; where it repeats the batch before, `last` has that.
[[nodiscard]] std::vector<Prepared> prepare(const App& app, const Step& step,
                                            const std::vector<Prepared>& last);

class TestHost {
 public:
  explicit TestHost(const cidl::Interface& interface, const std::string& settings = "\n");

  [[nodiscard]] App& app() { return *app_; }
  [[nodiscard]] orm::testing::SqliteDatabase& database() { return database_; }

  void set_hooks(std::string_view text);

  /// Sends a request through to its end.
  Ending send(const Request& request);
  /// Runs an ORM call to its end.
  Ending operate(std::string_view description);

  /// Goes on from `step` to the end of its exchange.
  Ending run(Step step, std::string_view body = {});
  /// Performs one step.
  [[nodiscard]] Step perform(const Step& step, std::string_view body = {});

  /// What was asked for since the last `send`, `operate` or `run`: `services [0] | middleware 1 |
  /// body | query 3`.
  [[nodiscard]] const std::string& trace() const { return trace_; }

  /// `Horse.greet`, the route of a step.
  [[nodiscard]] std::string route_name(std::uint32_t route) const;

  /// The message that the next batch fails with, instead of being run.
  std::string next_failure;
  int failures = 1;  // how many batches fail with it

  /// What the app answers when it is asked for scopes.
  std::string scopes = "{}";

 private:
  std::unique_ptr<App> app_;
  cidl::Interface interface_;
  orm::testing::SqliteDatabase database_;
  std::string trace_;
  std::vector<Prepared> last_batch_;
};

}  // namespace cloesce::runtime::testing
