// Opening an app, and the book of its exchanges.
#include "runtime/app.h"

#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "base/engine.h"
#include "json/writer.h"
#include "runtime/data_query.h"
#include "runtime/exchange.h"
#include "runtime/operation.h"
#include "runtime/request.h"
#include "runtime/response.h"
#include "text/base64.h"
#include "text/lines.h"

namespace cloesce::runtime {
namespace {

// A handle is a slot's number in the low bits and its generation above.
constexpr std::uint32_t kSlotBits = 12;
constexpr std::uint32_t kSlotMask = (1U << kSlotBits) - 1;
constexpr std::uint32_t kGenerationMask = UINT32_MAX >> kSlotBits;
static_assert(App::kMaximumLive == kSlotMask + 1);

// Ended exchanges whose first block of memory is kept for the next ones.
constexpr std::size_t kSpareExchanges = 16;

// Replies up to this size are not worth the sum.
constexpr std::uint32_t kSmallReplyBytes = 256 * 1024;

// Beyond any address space that the core runs in; keeps sums with it from overflowing.
constexpr std::uint32_t kMaximumReplyBytes = 1U << 30;

Failure invalid(std::string_view detail) { return Failure{ErrorCode::kCidlInvalid, detail}; }

// Deeper reading would use up the stack of a module.
constexpr std::uint64_t kDeepestLimit = 1000;

// A limit is a positive integer; absent ones keep their default.
template <class Number>
bool read_limit(std::string_view& limits, Number& into, std::uint64_t most = UINT32_MAX) {
  const std::string_view digits = text::take_part(limits, ',');
  if (digits.empty()) return true;
  std::uint64_t value = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9' || value > most) return false;
    value = value * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  if (value == 0 || value > most) return false;
  into = static_cast<Number>(value);
  return true;
}

Result<Limits> read_limits(std::string_view line) {
  Limits limits;
  if (!read_limit(line, limits.json_bytes) || !read_limit(line, limits.body_bytes) ||
      !read_limit(line, limits.blob_bytes) || !read_limit(line, limits.blobs) ||
      !read_limit(line, limits.values.depth, kDeepestLimit) ||
      !read_limit(line, limits.values.array_elements)) {
    return invalid(
        "limits are positive integers: jsonBytes, bodyBytes, blobBytes, blobs, depth (at most "
        "1000), items");
  }
  return limits;
}

constexpr std::string_view kForeignImage =
    "the app's image was made by another version of Cloesce: run cloesce compile";

constexpr std::string_view kNoStorage =
    "the app has KV or R2 models, which cloesce/engine leaves out: run cloesce compile";

// The bytes of an image, checked to be one of this runtime's.
Result<List<std::uint64_t>> read_image(std::string_view base64) {
  const std::size_t bytes = text::base64_decoded_size(base64);
  List<std::uint64_t> image;
  image.resize(bytes / sizeof(std::uint64_t) + 1);
  if (bytes < sizeof(AppImage) ||
      !text::base64_decode(base64, {reinterpret_cast<char*>(image.data()), bytes}).ok()) {
    return invalid(kForeignImage);
  }
  const auto& header = *reinterpret_cast<const AppImage*>(image.data());
  if (header.version != AppImage::kVersion || header.layout != layout_of_images() ||
      header.bytes != bytes) {
    return invalid(kForeignImage);
  }
  if (header.needs_storage != 0 && !serves_storage()) return invalid(kNoStorage);
  return image;
}

}  // namespace

AppContext::AppContext(List<std::uint64_t> bytes, const Limits& given)
    : held(std::move(bytes)),
      image(*reinterpret_cast<const AppImage*>(held.data())),
      limits(given),
      route_prefix(image.route_prefix.view()),
      schema(image.schema),
      validator(image.types, limits.values),
      hooks(image.routes) {}

Result<std::unique_ptr<App>> App::open(std::string_view text) {
  const auto base64 = text::take_line(text);
  const auto limits_line = text::take_line(text);
  if (!base64 || !limits_line) return invalid("there is no image");
  auto image = read_image(*base64);
  if (!image.ok()) return std::move(image).failure();
  auto limits = read_limits(*limits_line);
  if (!limits.ok()) return std::move(limits).failure();
  auto context = std::make_unique<AppContext>(std::move(*image), *limits);
  if (auto prefix = text::take_line(text)) {
    while (prefix->starts_with('/')) prefix->remove_prefix(1);
    while (prefix->ends_with('/')) prefix->remove_suffix(1);
    context->route_prefix = *prefix;
  }
  return std::unique_ptr<App>(new App(std::move(context)));
}

App::App(std::unique_ptr<AppContext> context) : context_(std::move(context)) {}

String App::manifest() const {
  Arena arena;
  ByteBuffer out(arena);
  out.append("{\"routePrefix\":");
  json::append_string(out, context_->route_prefix);
  out.append(context_->image.manifest);
  return out.view();
}

App::~App() = default;

Result<void> App::set_hooks(std::string_view text) {
  auto hooks = HookTable::parse(text, context_->image.routes);
  if (!hooks.ok()) return std::move(hooks).failure();
  context_->hooks = std::move(*hooks);
  return {};
}

const Step& App::begin(std::string_view head) {
  Exchange* exchange = acquire();
  if (exchange == nullptr) return refuse(ErrorCode::kInternal);
  const auto parsed = parse_head(exchange->arena.copy(head));
  if (!parsed) {
    return finish(*exchange, respond_failure(*exchange, ErrorCode::kInternal));
  }
  exchange->state.head = *parsed;
  return finish(*exchange, begin_request(*context_, *exchange));
}

const Step& App::begin_operation(std::string_view text) {
  Exchange* exchange = acquire();
  if (exchange == nullptr) return refuse(ErrorCode::kInternal);
  return finish(*exchange, runtime::begin_operation(*context_, *exchange, text));
}

char* App::buffer(std::uint32_t handle, std::uint32_t bytes) {
  collect();
  Exchange* exchange = find(handle);
  if (exchange == nullptr || bytes > kMaximumReplyBytes) return nullptr;
  exchange->state.no_room =
      bytes > kSmallReplyBytes && arena_bytes() + bytes > App::kMaximumHeldBytes;
  if (exchange->state.no_room) return nullptr;
  auto* memory = static_cast<char*>(exchange->arena.allocate(bytes + json::kPadding, 1));
  exchange->state.reply = {memory, bytes};
  return memory;
}

const Step& App::resume(std::uint32_t handle, Outcome outcome, std::string_view payload) {
  collect();
  Exchange* exchange = find(handle);
  if (exchange == nullptr) return refuse(ErrorCode::kHandleStale);
  if (!payload.empty()) {
    const std::span<char> reply = exchange->state.reply;
    if (payload.data() != reply.data() || payload.size() > reply.size()) {
      return finish(*exchange, respond_failure(*exchange, ErrorCode::kOutcomeUnexpected));
    }
    // What follows the payload was never written: simdjson must not take it for more of the
    // document.
    std::memset(reply.data() + payload.size(), 0, json::kPadding);
  }
  if (exchange->state.no_room) {
    return finish(*exchange,
                  respond_failure(*exchange, ErrorCode::kNoRoom,
                                  "other requests have large bodies in memory; try again later"));
  }
  if (outcome == Outcome::kFailed) {
    if (Step* const again = query_again(*context_, *exchange, payload)) {
      return finish(*exchange, again);
    }
  }
  if (exchange->state.stage == Stage::kAwaitOperation) {
    return finish(*exchange, resume_operation(*context_, *exchange, outcome, payload));
  }
  return finish(*exchange, resume_request(*context_, *exchange, outcome, payload));
}

void App::end(std::uint32_t handle) {
  collect();
  if (find(handle) == nullptr) return;
  release(handle);
  collect();
}

std::size_t App::arena_bytes() const {
  std::size_t bytes = ended_ == nullptr ? 0 : ended_->arena.capacity();
  for (const auto& exchange : spare_) bytes += exchange->arena.capacity();
  for (const Slot& slot : slots_) {
    if (slot.exchange != nullptr) bytes += slot.exchange->arena.capacity();
  }
  return bytes;
}

// A free slot with an exchange in it; null when there are too many.
Exchange* App::acquire() {
  collect();
  if (free_.empty()) {
    if (slots_.size() == kMaximumLive) return nullptr;
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t number = free_.back();
  free_.pop_back();
  Slot& slot = slots_[number];
  if (spare_.empty()) {
    slot.exchange = std::make_unique<Exchange>();
  } else {
    slot.exchange = std::move(spare_.back());
    spare_.pop_back();
  }
  slot.exchange->handle = (slot.generation << kSlotBits) | number;
  return slot.exchange.get();
}

Exchange* App::find(std::uint32_t handle) {
  const std::uint32_t number = handle & kSlotMask;
  if (number >= slots_.size()) return nullptr;
  Exchange* exchange = slots_[number].exchange.get();
  return exchange != nullptr && exchange->handle == handle ? exchange : nullptr;
}

const Step& App::refuse(ErrorCode code) {
  refusal_.kind = StepKind::kRespond;
  refusal_.status = http_status(code);
  return refusal_;
}

const Step& App::finish(Exchange& exchange, Step* step) {
  if (exchange.state.method != nullptr && step->route == kNoRoute) {
    step->route = static_cast<std::uint32_t>(exchange.state.match.route);
  }
  switch (step->kind) {
    case StepKind::kForeign:
    case StepKind::kRespond:
    case StepKind::kDispatch:
    case StepKind::kReturn:
    case StepKind::kObject:
      release(exchange.handle);
      break;
    default:
      step->exchange = exchange.handle;
      break;
  }
  return *step;
}

// The handle is stale from here on; the memory stays until the next call. A handle comes back when
// its slot was used a million times: by then nobody has it any more.
void App::release(std::uint32_t handle) {
  const std::uint32_t number = handle & kSlotMask;
  Slot& slot = slots_[number];
  ended_ = std::move(slot.exchange);
  slot.generation = slot.generation == kGenerationMask ? 1 : slot.generation + 1;
  free_.push_back(number);
}

void App::collect() {
  if (ended_ == nullptr) return;
  if (spare_.size() < kSpareExchanges) {
    ended_->state = ExchangeState{};
    ended_->arena.reset();
    spare_.push_back(std::move(ended_));
  }
  ended_.reset();
}

}  // namespace cloesce::runtime
