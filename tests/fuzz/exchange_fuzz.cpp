// Whole exchanges with hostile heads, bodies, rows and ORM calls: every step is one that a host can
// perform, JSON that is handed out is JSON, and nothing of an exchange is left when it is over.
//
// An input is a text cut by `~` lines: the first piece begins an exchange (a head, or an ORM call
// when it starts with
// `{`), the others are replies to its steps, each behind the digit of its outcome.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "json/reader.h"
#include "runtime/app.h"
#include "runtime/stable_interface.h"

namespace {

using cloesce::Arena;
namespace json = cloesce::json;
namespace runtime = cloesce::runtime;

constexpr std::string_view kSeparator = "\n~\n";

std::unique_ptr<runtime::App> open_app(std::string_view hooks) {
  auto app = runtime::App::open(
      runtime::testing::open_text(runtime::testing::stable_interface(), "100000,,,,20,1000\n"));
  CLOESCE_ASSERT(app.ok());
  CLOESCE_ASSERT((*app)->set_hooks(hooks).ok());
  return std::move(app).value();
}

std::string_view take_piece(std::string_view& rest) {
  const std::size_t end = rest.find(kSeparator);
  const std::string_view piece = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + kSeparator.size());
  return piece;
}

bool is_json(std::string_view text) {
  Arena arena;
  json::Reader reader;
  const auto document = reader.open(json::pad(arena, text));
  return document.ok() && json::check_document(**document, 128, "").ok();
}

void expect_json(std::string_view text) { CLOESCE_ASSERT(is_json(text)); }

// What a host relies on before it performs the step.
void check_step(const runtime::App& app, const runtime::Step& step) {
  using Kind = runtime::StepKind;
  switch (step.kind) {
    case Kind::kForeign:
      CLOESCE_ASSERT(step.exchange == 0);
      return;
    case Kind::kRespond:
      CLOESCE_ASSERT(step.exchange == 0);
      CLOESCE_ASSERT(step.status >= 200 && step.status < 600);
      if (step.text.starts_with("content-type: application/")) expect_json(step.bytes);
      return;
    case Kind::kDispatch:
      CLOESCE_ASSERT(step.exchange == 0 && step.route != runtime::kNoRoute);
      if (!step.text.empty()) expect_json(step.text);
      if (!step.bytes.empty()) expect_json(step.bytes);
      return;
    case Kind::kReturn:
      CLOESCE_ASSERT(step.exchange == 0);
      expect_json(step.bytes);
      return;
    case Kind::kServices:
      expect_json(step.text);
      break;
    case Kind::kQuery:
      CLOESCE_ASSERT(!step.statements.empty() && step.text == "db");
      for (const runtime::StatementCall& call : step.statements) {
        CLOESCE_ASSERT(!app.statement_text(call.statement).empty());
        expect_json(call.parameters);
      }
      break;
    case Kind::kStorage:
      expect_json(step.bytes);
      break;
    case Kind::kObject:
      CLOESCE_ASSERT(step.exchange == 0 && !step.text.empty() && !step.bytes.empty());
      return;
    case Kind::kMiddleware:
    case Kind::kBody:
      break;
  }
  CLOESCE_ASSERT(step.exchange != 0 && app.live() > 0);
}

// Rows are copied token by token: what a database or user code printed as JSON is not checked
// again.
bool is_trusted(const runtime::Step& asked, std::string_view text) {
  return asked.kind != runtime::StepKind::kQuery || is_json(text);
}

runtime::Step answer(runtime::App& app, std::uint32_t exchange, char outcome_digit,
                     std::string_view text) {
  const auto outcome = static_cast<runtime::Outcome>(outcome_digit - '0');
  if (text.empty()) return app.resume(exchange, outcome, {});
  char* const memory = app.buffer(exchange, static_cast<std::uint32_t>(text.size()));
  CLOESCE_ASSERT(memory != nullptr);
  std::memcpy(memory, text.data(), text.size());
  return app.resume(exchange, outcome, {memory, text.size()});
}

void run(runtime::App& app, std::string_view input) {
  const std::string_view first = take_piece(input);
  const bool operation = first.starts_with('{');
  runtime::Step step = operation ? app.begin_operation(first) : app.begin(first);
  if (!operation || is_json(first)) check_step(app, step);
  // More replies than any exchange has steps.
  for (int replies = 0; step.exchange != 0 && replies < 16; ++replies) {
    const std::uint32_t exchange = step.exchange;
    if (input.empty() && replies > 8) {
      app.end(exchange);
      break;
    }
    const std::string_view piece = take_piece(input);
    const std::string_view text = piece.substr(piece.empty() ? 0 : 1);
    const bool trusted = is_trusted(step, text);
    step = answer(app, exchange, piece.empty() ? '0' : piece.front(), text);
    if (trusted) check_step(app, step);
    if (step.exchange == 0) CLOESCE_ASSERT(app.buffer(exchange, 1) == nullptr);
  }
  CLOESCE_ASSERT(app.live() == 0);
  app.end(0);
  CLOESCE_ASSERT(app.held() == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kBare = open_app("0\n");
  static const auto kHooked = open_app("1\nHorse\nHorse\tsave\nHorse\tgreet\n");
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  run(*kBare, input);
  run(*kHooked, input);
  return 0;
}
