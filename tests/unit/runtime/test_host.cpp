// Steps of the core against a body in memory and SQLite.
#include "runtime/test_host.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "compile/image/routes.h"
#include "runtime/stable_interface.h"

namespace cloesce::runtime::testing {

std::string head_of(const Request& request) {
  std::string head(request.verb);
  head.append("\n").append(request.target).append("\n");
  if (request.body) head.append(request.content_type);
  head.append("\n").append(request.accept).append("\n");
  if (request.body) head.append(std::to_string(request.body->size()));
  return head.append("\n");
}

Step reply(App& app, std::uint32_t exchange, Outcome outcome, std::string_view text) {
  char* memory = app.buffer(exchange, static_cast<std::uint32_t>(text.size()));
  if (memory == nullptr) return app.resume(exchange, outcome, {});
  text.copy(memory, text.size());
  // Whatever was there before must not be taken for a part of the text.
  std::memset(memory + text.size(), '}', json::kPadding);
  return app.resume(exchange, outcome, {memory, text.size()});
}

std::vector<Prepared> prepare(const App& app, const Step& step, const std::vector<Prepared>& last) {
  std::vector<Prepared> batch(last.begin(), last.begin() + step.status);
  for (const StatementCall& call : step.statements) {
    std::string parameters(call.parameters);
    if (parameters.empty()) parameters = last.back().parameters;
    batch.push_back({std::string(app.statement_text(call.statement)), parameters});
  }
  return batch;
}

std::string_view kind_name(StepKind kind) {
  switch (kind) {
    case StepKind::kForeign:
      return "foreign";
    case StepKind::kRespond:
      return "respond";
    case StepKind::kServices:
      return "services";
    case StepKind::kMiddleware:
      return "middleware";
    case StepKind::kBody:
      return "body";
    case StepKind::kQuery:
      return "query";
    case StepKind::kDispatch:
      return "dispatch";
    case StepKind::kReturn:
      return "return";
    case StepKind::kStorage:
      return "storage";
    case StepKind::kObject:
      return "object";
  }
  return "unknown";
}

TestHost::TestHost(const cidl::Interface& interface, const std::string& settings)
    : interface_(interface) {
  auto opened = App::open(open_text(interface, settings));
  EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : render(opened.error()));
  app_ = std::move(opened).value();
  database_.create_tables(interface_);
}

void TestHost::set_hooks(std::string_view text) {
  const auto set = app_->set_hooks(text);
  EXPECT_TRUE(set.ok()) << (set.ok() ? "" : render(set.error()));
}

Ending TestHost::send(const Request& request) {
  trace_.clear();
  return run(app_->begin(head_of(request)), request.body.value_or(""));
}

Ending TestHost::operate(std::string_view description) {
  trace_.clear();
  return run(app_->begin_operation(description));
}

Ending TestHost::run(Step step, std::string_view body) {
  while (step.exchange != 0) step = perform(step, body);
  return {step.kind,
          step.route,
          step.status,
          step.flags,
          std::string(step.text),
          std::string(step.bytes),
          std::vector<std::string>(step.blobs.begin(), step.blobs.end())};
}

Step TestHost::perform(const Step& step, std::string_view body) {
  if (!trace_.empty()) trace_ += " | ";
  trace_ += kind_name(step.kind);
  switch (step.kind) {
    case StepKind::kServices:
      trace_.append(" ").append(step.text);
      return app_->resume(step.exchange, Outcome::kDone, {});
    case StepKind::kMiddleware:
      trace_.append(" ").append(std::to_string(step.status));
      if (step.status == static_cast<std::uint32_t>(HookStage::kScope)) {
        trace_.append(" ").append(step.text);
        return reply(*app_, step.exchange, Outcome::kDone, scopes);
      }
      return app_->resume(step.exchange, Outcome::kDone, {});
    case StepKind::kBody:
      trace_.append(" ").append(std::to_string(step.status));
      if (step.status != static_cast<std::uint32_t>(BodyForm::kAgain) && body.size() > step.limit)
        return app_->resume(step.exchange, Outcome::kTooLarge, {});
      // Bytes that stay with the host; those of a form are described by `body`.
      if (step.status == static_cast<std::uint32_t>(BodyForm::kKept)) body = {};
      return reply(*app_, step.exchange, Outcome::kDone, body);
    case StepKind::kQuery: {
      trace_.append(" ").append(std::to_string(step.status + step.statements.size()));
      EXPECT_EQ(step.text, "db");
      last_batch_ = prepare(*app_, step, last_batch_);
      if (!next_failure.empty()) {
        const std::string message = next_failure;
        if (--failures == 0) next_failure.clear();
        failures = std::max(failures, 1);
        return reply(*app_, step.exchange, Outcome::kFailed, message);
      }
      std::vector<orm::Statement> batch;
      for (const Prepared& statement : last_batch_) {
        batch.push_back({statement.sql, statement.parameters});
      }
      const auto outcome = database_.run(batch);
      return reply(*app_, step.exchange, outcome.ok ? Outcome::kDone : Outcome::kFailed,
                   outcome.text);
    }
    default:
      ADD_FAILURE() << "an ending step is not performed";
      return Step{};
  }
}

std::string TestHost::route_name(std::uint32_t route) const {
  const std::vector<image::RouteSource> routes = image::routes_of(interface_);
  if (route >= routes.size()) return "none";
  return std::string(routes[route].namespace_name()) + "." + routes[route].method->name;
}

}  // namespace cloesce::runtime::testing
