// Opening an app, and the book of its exchanges.
#include "runtime/app.h"

#include <cstring>
#include <utility>

#include "cidl/load.h"
#include "runtime/exchange.h"
#include "runtime/operation.h"
#include "runtime/request.h"
#include "runtime/response.h"

namespace cloesce::runtime {
namespace {

// A handle is a slot's number in the low bits and its generation above.
constexpr std::uint32_t kSlotBits = 16;
constexpr std::uint32_t kSlotMask = (1U << kSlotBits) - 1;

Failure invalid(std::string detail) {
  return Failure{make_error(ErrorCode::kCidlInvalid, std::move(detail))};
}

struct OpenInput {
  std::string cidl;
  Limits limits;
  std::optional<std::string> route_prefix;
};

// A limit is a positive integer; absent ones keep their default.
template <class Number>
bool read_limit(json::object& limits, std::string_view name, Number& into) {
  std::uint64_t value = 0;
  const auto error = limits.find_field_unordered(name).get_uint64().get(value);
  if (error == simdjson::NO_SUCH_FIELD) return true;
  if (error != simdjson::SUCCESS || value == 0 || value > UINT32_MAX) return false;
  into = static_cast<Number>(value);
  return true;
}

Result<OpenInput> read_open_input(std::string_view text) {
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, text));
  if (!document.ok()) return Failure{std::move(document).error()};
  json::object object;
  if ((*document)->get_object().get(object) != simdjson::SUCCESS) return invalid("not an object");

  OpenInput input;
  std::string_view cidl;
  simdjson::ondemand::value value;
  if (object.find_field_unordered("cidl").get(value) != simdjson::SUCCESS ||
      value.raw_json().get(cidl) != simdjson::SUCCESS) {
    return invalid("there is no cidl");
  }
  input.cidl = cidl;

  json::object limits;
  if (object.find_field_unordered("limits").get_object().get(limits) == simdjson::SUCCESS) {
    if (!read_limit(limits, "jsonBytes", input.limits.json_bytes) ||
        !read_limit(limits, "depth", input.limits.values.depth) ||
        !read_limit(limits, "items", input.limits.values.array_elements)) {
      return invalid("limits are positive integers: jsonBytes, depth, items");
    }
  }
  std::string_view prefix;
  if (object.find_field_unordered("routePrefix").get_string().get(prefix) == simdjson::SUCCESS) {
    while (prefix.starts_with('/')) prefix.remove_prefix(1);
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    input.route_prefix = prefix;
  }
  return input;
}

}  // namespace

AppContext::AppContext(cidl::Interface loaded, Limits given)
    : interface(std::move(loaded)),
      limits(given),
      names(interface),
      routes(interface),
      validator(interface, limits.values),
      shapes(interface, names),
      services(interface, routes),
      hooks(routes) {}

Result<std::unique_ptr<App>> App::open(std::string_view text) {
  auto input = read_open_input(text);
  if (!input.ok()) return Failure{std::move(input).error()};
  auto loaded = cidl::load(input->cidl);
  if (!loaded.ok()) return Failure{std::move(loaded).error()};
  if (input->route_prefix) loaded->route_prefix = *input->route_prefix;
  auto context = std::make_unique<AppContext>(std::move(*loaded), input->limits);
  // The schema points into the interface, which has its final address now.
  auto schema = orm::Schema::build(context->interface);
  if (!schema.ok()) return Failure{std::move(schema).error()};
  context->schema = std::move(*schema);
  return std::unique_ptr<App>(new App(std::move(context)));
}

App::App(std::unique_ptr<AppContext> context)
    : context_(std::move(context)),
      manifest_(render_manifest(context_->interface, context_->routes, context_->shapes)) {}

App::~App() = default;

Result<void> App::set_hooks(std::string_view text) {
  auto hooks = HookTable::parse(text, context_->routes, context_->reader);
  if (!hooks.ok()) return Failure{std::move(hooks).error()};
  context_->hooks = std::move(*hooks);
  return {};
}

Step App::begin(std::string_view head) {
  Exchange& exchange = acquire();
  const auto parsed = parse_head(exchange.arena.copy(head));
  if (!parsed) {
    return finish(exchange, respond_failure(exchange, make_error(ErrorCode::kInternal, {})));
  }
  exchange.state.head = *parsed;
  return finish(exchange, begin_request(*context_, exchange));
}

Step App::begin_operation(std::string_view text) {
  Exchange& exchange = acquire();
  return finish(exchange, runtime::begin_operation(*context_, exchange, text));
}

char* App::buffer(std::uint32_t handle, std::uint32_t bytes) {
  collect();
  Exchange* exchange = find(handle);
  if (exchange == nullptr) return nullptr;
  return static_cast<char*>(exchange->arena.allocate(bytes + json::kPadding, 16));
}

Step App::resume(std::uint32_t handle, Outcome outcome, std::string_view payload) {
  collect();
  Exchange* exchange = find(handle);
  if (exchange == nullptr) {
    Step step;
    step.kind = StepKind::kRespond;
    step.status = http_status(ErrorCode::kHandleStale);
    return step;
  }
  // What follows the payload was never written: simdjson must not take it for more of the document.
  if (!payload.empty()) {
    std::memset(const_cast<char*>(payload.data()) + payload.size(), 0, json::kPadding);
  }
  if (exchange->state.stage == Stage::kAwaitOperation) {
    return finish(*exchange, resume_operation(*context_, *exchange, outcome, payload));
  }
  return finish(*exchange, resume_request(*context_, *exchange, outcome, payload));
}

void App::end(std::uint32_t handle) {
  collect();
  if (Exchange* exchange = find(handle)) {
    release(*exchange);
    collect();
  }
}

std::size_t App::arena_bytes() const {
  std::size_t bytes = 0;
  for (const auto& exchange : exchanges_) bytes += exchange->arena.capacity();
  return bytes;
}

Exchange& App::acquire() {
  collect();
  ++live_;
  if (free_.empty()) {
    const auto slot = static_cast<std::uint32_t>(exchanges_.size());
    exchanges_.push_back(std::make_unique<Exchange>());
    exchanges_.back()->handle = (1U << kSlotBits) | slot;
    return *exchanges_.back();
  }
  Exchange& exchange = *exchanges_[free_.back()];
  free_.pop_back();
  return exchange;
}

Exchange* App::find(std::uint32_t handle) {
  const std::uint32_t slot = handle & kSlotMask;
  if (slot >= exchanges_.size()) return nullptr;
  Exchange& exchange = *exchanges_[slot];
  return exchange.handle == handle ? &exchange : nullptr;
}

Step App::finish(Exchange& exchange, Step step) {
  if (exchange.state.match.outcome == route::Outcome::kMatched && exchange.state.method != nullptr) {
    step.route = static_cast<std::uint32_t>(exchange.state.match.route);
  }
  switch (step.kind) {
    case StepKind::kForeign:
    case StepKind::kRespond:
    case StepKind::kDispatch:
    case StepKind::kReturn:
      step.exchange = 0;
      release(exchange);
      break;
    default:
      step.exchange = exchange.handle;
      break;
  }
  return step;
}

// The handle is stale from here on; the memory stays until the next call.
void App::release(Exchange& exchange) {
  const std::uint32_t slot = exchange.handle & kSlotMask;
  const std::uint32_t generation = (exchange.handle >> kSlotBits) + 1;
  exchange.handle = ((generation & kSlotMask) << kSlotBits) | slot;
  if ((exchange.handle >> kSlotBits) == 0) exchange.handle |= 1U << kSlotBits;
  free_.push_back(slot);
  ended_ = &exchange;
  --live_;
}

void App::collect() {
  if (ended_ == nullptr) return;
  ended_->state = ExchangeState{};
  ended_->arena.reset();
  ended_ = nullptr;
}

}  // namespace cloesce::runtime
