// Exports of cloesce-runtime.wasm: unpack, call the app, hand over the step. No logic lives here.
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "abi.h"
#include "runtime/app.h"
#include "runtime/response.h"
#include "runtime/step.h"

namespace {

using cloesce::abi::Reply;
using cloesce::runtime::App;
using cloesce::runtime::Outcome;
using cloesce::runtime::StatementCall;
using cloesce::runtime::Step;

// Opened apps by handle. The one place with state that outlives a call: handles must be checked
// against something.
constexpr std::uint32_t kMaximumApps = 16;

struct OpenApp {
  std::unique_ptr<App> app;
  std::array<std::uint32_t, 14> step{};
};

std::array<OpenApp, kMaximumApps>& open_apps() {
  static std::array<OpenApp, kMaximumApps> apps;
  return apps;
}

OpenApp* find(std::uint32_t handle) {
  if (handle == 0 || handle > kMaximumApps) return nullptr;
  OpenApp& open = open_apps()[handle - 1];
  return open.app == nullptr ? nullptr : &open;
}

std::uint32_t address(const void* pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

// The statements of a step are handed over where they are: three words each.
static_assert(sizeof(void*) != 4 || sizeof(StatementCall) == 12);
// Blobs are pairs of pointer and length.
static_assert(sizeof(void*) != 4 || sizeof(std::string_view) == 8);

const std::uint32_t* hand_over(OpenApp& open, const Step& step) {
  const bool query = !step.statements.empty();
  open.step = {step.exchange,
               static_cast<std::uint32_t>(step.kind),
               step.route,
               step.status,
               step.flags,
               address(step.text.data()),
               static_cast<std::uint32_t>(step.text.size()),
               query ? address(step.statements.data()) : address(step.bytes.data()),
               static_cast<std::uint32_t>(step.bytes.size()),
               static_cast<std::uint32_t>(query ? step.statements.size() : step.blobs.size()),
               step.limit,
               address(step.blobs.data()),
               address(step.beside.data()),
               static_cast<std::uint32_t>(step.beside.size())};
  return open.step.data();
}

// A step without an app to make it: 500 and nothing else.
const std::uint32_t* no_app() {
  static constexpr std::array<std::uint32_t, 14> kStep = {
      0, static_cast<std::uint32_t>(cloesce::runtime::StepKind::kRespond),
      cloesce::runtime::kNoRoute, 500};
  return kStep.data();
}

void reply_text(Reply* reply, std::uint32_t status, std::uint32_t kind, std::string_view text) {
  cloesce::abi::fill_reply(*reply, status, kind, text.data(),
                           static_cast<std::uint32_t>(text.size()));
}

}  // namespace

// A piece of an answer, which the host copies before it returns.
extern "C" [[clang::import_module("cloesce"), clang::import_name("take_piece")]] void
cloesce_take_piece(const char* piece, std::uint32_t length);

CLOESCE_EXPORT(cloesce_app_open)
void cloesce_app_open(const char* input, std::uint32_t length, Reply* reply) {
  for (std::uint32_t index = 0; index < kMaximumApps; ++index) {
    OpenApp& open = open_apps()[index];
    if (open.app != nullptr) continue;
    auto app = App::open({input, length});
    if (!app.ok()) return reply_text(reply, 1, 0, cloesce::render(app.error()));
    open.app = std::move(*app);
    open.app->give_pieces_to(
        [](void*, std::string_view piece) {
          cloesce_take_piece(piece.data(), static_cast<std::uint32_t>(piece.size()));
        },
        nullptr);
    return reply_text(reply, 0, index + 1, open.app->manifest());
  }
  reply_text(reply, 1, 0, "too many apps are open");
}

CLOESCE_EXPORT(cloesce_app_close) void cloesce_app_close(std::uint32_t app) {
  if (OpenApp* open = find(app)) open->app.reset();
}

CLOESCE_EXPORT(cloesce_app_hooks)
void cloesce_app_hooks(std::uint32_t app, const char* input, std::uint32_t length, Reply* reply) {
  OpenApp* open = find(app);
  if (open == nullptr) return reply_text(reply, 1, 0, "no such app");
  const auto result = open->app->set_hooks({input, length});
  if (!result.ok()) return reply_text(reply, 1, 0, cloesce::render(result.error()));
  reply_text(reply, 0, 0, {});
}

CLOESCE_EXPORT(cloesce_exchange_begin)
const std::uint32_t* cloesce_exchange_begin(std::uint32_t app, const char* head,
                                            std::uint32_t length) {
  OpenApp* open = find(app);
  return open == nullptr ? no_app() : hand_over(*open, open->app->begin({head, length}));
}

CLOESCE_EXPORT(cloesce_operation_begin)
const std::uint32_t* cloesce_operation_begin(std::uint32_t app, const char* input,
                                             std::uint32_t length) {
  OpenApp* open = find(app);
  return open == nullptr ? no_app() : hand_over(*open, open->app->begin_operation({input, length}));
}

CLOESCE_EXPORT(cloesce_exchange_buffer)
void* cloesce_exchange_buffer(std::uint32_t app, std::uint32_t exchange, std::uint32_t length) {
  OpenApp* open = find(app);
  return open == nullptr ? nullptr : open->app->buffer(exchange, length);
}

CLOESCE_EXPORT(cloesce_exchange_resume)
const std::uint32_t* cloesce_exchange_resume(std::uint32_t app, std::uint32_t exchange,
                                             std::uint32_t outcome, const char* payload,
                                             std::uint32_t length) {
  OpenApp* open = find(app);
  if (open == nullptr) return no_app();
  return hand_over(*open,
                   open->app->resume(exchange, static_cast<Outcome>(outcome), {payload, length}));
}

CLOESCE_EXPORT(cloesce_exchange_end)
void cloesce_exchange_end(std::uint32_t app, std::uint32_t exchange) {
  if (OpenApp* open = find(app)) open->app->end(exchange);
}

CLOESCE_EXPORT(cloesce_failure)
void cloesce_failure(std::uint32_t status, const char* input, std::uint32_t length, Reply* reply) {
  const std::string_view given(input, length);
  const std::size_t end = given.find('\n');
  reply_text(reply, 0, 0,
             cloesce::runtime::write_failure(status, given.substr(0, end), given.substr(end + 1)));
}

CLOESCE_EXPORT(cloesce_prefers_form)
void cloesce_prefers_form(const char* accept, std::uint32_t length, Reply* reply) {
  reply_text(reply, 0, cloesce::runtime::prefers_form({accept, length}) ? 1 : 0, {});
}

CLOESCE_EXPORT(cloesce_statement_text)
void cloesce_statement_text(std::uint32_t app, std::uint32_t statement, Reply* reply) {
  OpenApp* open = find(app);
  const std::string_view text =
      open == nullptr ? std::string_view{} : open->app->statement_text(statement);
  if (text.empty()) return reply_text(reply, 1, 0, "no such statement");
  reply_text(reply, 0, 0, text);
}
