// Opening an app, and the book of its exchanges.
#include "runtime/app.h"

#include <cstdlib>
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

// Ended exchanges that are kept for the next ones.
constexpr std::size_t kSpareExchanges = 16;

// What comes new and is larger leaves a part of the memory to what is under way.
constexpr std::uint32_t kSmallBytes = 64 * 1024;

// Beyond any address space that the core runs in; keeps sums with it from overflowing.
constexpr std::uint32_t kMaximumReplyBytes = 1U << 30;

// Below, nothing would be left for requests.
constexpr std::uint32_t kLeastMemory = 16 * 1024 * 1024;

constexpr std::string_view kNoRoomDetail = "too much is under way; try again later";

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
      !read_limit(line, limits.values.array_elements) ||
      !read_limit(line, limits.memory, App::kMaximumMemory) || limits.memory < kLeastMemory) {
    return invalid(
        "limits are positive integers: jsonBytes, bodyBytes, blobBytes, blobs, depth (at most "
        "1000), items, memory (16 to 64 MiB)");
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
    : account{given.memory - given.memory / App::kReservedPart},
      held(std::move(bytes)),
      image(*reinterpret_cast<const AppImage*>(held.data())),
      limits(given),
      route_prefix(image.route_prefix.view()),
      schema(image.schema),
      validator(image.types, limits.values),
      hooks(image.routes, image.schema) {}

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

App::App(std::unique_ptr<AppContext> context)
    : context_(std::move(context)),
      arena_(&context_->account),
      nobody_(std::make_unique<Exchange>(arena_)) {}

String App::manifest() const {
  Arena arena;
  ByteBuffer out(arena);
  out.append("{\"routePrefix\":");
  json::append_string(out, context_->route_prefix);
  out.append(context_->image.manifest);
  return out.view();
}

App::~App() { std::free(old_); }

Result<void> App::set_hooks(std::string_view text) {
  auto hooks = HookTable::parse(text, context_->image.routes, context_->schema);
  if (!hooks.ok()) return std::move(hooks).failure();
  context_->hooks = std::move(*hooks);
  return {};
}

const Step& App::begin(std::string_view head) {
  collect();
  Exchange* exchange = acquire();
  if (exchange == nullptr) return refuse(ErrorCode::kNoRoom, kNoRoomDetail);
  exchange->state.head_text = arena_.copy(head);
  const auto parsed = parse_head(exchange->state.head_text);
  if (!parsed) {
    return finish(*exchange, respond_failure(*exchange, ErrorCode::kInternal));
  }
  exchange->state.head = *parsed;
  return finish(*exchange, begin_request(*context_, *exchange));
}

const Step& App::begin_operation(std::string_view text) {
  const bool no_room = no_room_ && text.empty();
  const bool in_place = take_reply(text);
  if (!in_place) collect();
  Exchange* exchange = no_room ? nullptr : acquire();
  if (exchange == nullptr) return refuse(ErrorCode::kNoRoom, kNoRoomDetail);
  if (!in_place) text = std::string_view(json::pad(arena_, text));
  return finish(*exchange, runtime::begin_operation(*context_, *exchange, text));
}

char* App::buffer(std::uint32_t handle, std::uint32_t bytes) {
  collect();
  Exchange* exchange = find(handle);
  const bool is_new =
      handle == 0 || (exchange != nullptr && exchange->state.stage == Stage::kAwaitBody);
  if (exchange == nullptr && handle != 0) return nullptr;
  reply_to_ = handle;
  const Account& account = context_->account;
  const std::size_t others = is_new && bytes > kSmallBytes ? account.limit / kOthersPart : 0;
  void* const memory = bytes < kMaximumReplyBytes && account.fits(bytes + others)
                           ? arena_.allocate_if_fits(bytes + json::kPadding)
                           : nullptr;
  no_room_ = memory == nullptr;
  if (no_room_) return nullptr;
  reply_ = {static_cast<char*>(memory), bytes};
  return reply_.data();
}

// Whether `text` is the beginning of what `buffer` gave. Readable behind it then.
bool App::take_reply(std::string_view text) {
  const std::span<char> reply = std::exchange(reply_, {});
  no_room_ = false;
  if (text.empty() || text.data() != reply.data() || text.size() > reply.size()) return false;
  // What follows the text was never written: simdjson must not take it for more of the document.
  std::memset(reply.data() + text.size(), 0, json::kPadding);
  return true;
}

const Step& App::resume(std::uint32_t handle, Outcome outcome, std::string_view payload) {
  const bool no_room = no_room_ && reply_to_ == handle;
  const bool in_place = take_reply(payload) && reply_to_ == handle;
  if (!in_place) collect();
  Exchange* exchange = find(handle);
  if (exchange == nullptr) return refuse(ErrorCode::kHandleStale);
  if (!payload.empty() && !in_place) {
    return finish(*exchange, respond_failure(*exchange, ErrorCode::kOutcomeUnexpected));
  }
  if (no_room) {
    // What was written is answered as that.
    if (exchange->state.upsert == nullptr || outcome == Outcome::kFailed) {
      return finish(*exchange, respond_failure(*exchange, ErrorCode::kNoRoom, kNoRoomDetail));
    }
    outcome = Outcome::kTooLarge;
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

std::size_t App::held() const {
  std::size_t bytes = 0;
  for (const Slot& slot : slots_) {
    const Exchange* const exchange = slot.exchange.get();
    if (exchange == nullptr) continue;
    bytes += exchange->held;
    if (exchange->state.hydration != nullptr) bytes += exchange->state.hydration->arena_bytes();
  }
  return bytes;
}

// A free slot with an exchange in it; null when there are too many.
Exchange* App::acquire() {
  if (free_.empty()) {
    if (slots_.size() == kMaximumLive) return nullptr;
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t number = free_.back();
  free_.pop_back();
  Slot& slot = slots_[number];
  if (spare_.empty()) {
    slot.exchange = std::make_unique<Exchange>(arena_);
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

const Step& App::refuse(ErrorCode code, std::string_view detail) {
  return *respond_failure(*nobody_, code, detail);
}

const Step& App::finish(Exchange& exchange, Step* step) {
  const bool failed = step->kind == StepKind::kRespond && step->status >= 400;
  if (std::exchange(context_->pieces.begun, false) && !failed) step->flags |= kInPieces;
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
      // Before it is performed: nothing was written yet that is not there.
      if (!wait(exchange)) {
        step = respond_failure(exchange, ErrorCode::kNoRoom, kNoRoomDetail);
        release(exchange.handle);
        break;
      }
      if (exchange.state.body_gone && exchange.state.stage >= Stage::kAwaitBuiltin) {
        step->flags |= kBodyDone;
      }
      step->exchange = exchange.handle;
      break;
  }
  return *step;
}

// False when what it has to keep, or what the call took, is too much.
bool App::wait(Exchange& exchange) {
  Account& account = context_->account;
  const bool exceeded = account.exceeded();
  const std::size_t before = exchange.held;
  old_ = hold(exchange);
  account.used += exchange.held - before;
  return !exceeded;
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

// What the last call left to be read is read.
void App::collect() {
  if (ended_ != nullptr) {
    context_->account.used -= ended_->held;
    let_go(*ended_);
    if (spare_.size() < kSpareExchanges) spare_.push_back(std::move(ended_));
    ended_.reset();
  }
  std::free(old_);
  old_ = nullptr;
  context_->reader.trim();
  arena_.reset();
}

}  // namespace cloesce::runtime
