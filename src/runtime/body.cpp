// Bodies as JSON, as bytes, and as forms.
#include "runtime/body.h"

#include <algorithm>
#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/string.h"
#include "json/long_strings.h"
#include "json/writer.h"
#include "media/form.h"
#include "runtime/data_query.h"
#include "validate/validator.h"

namespace cloesce::runtime {
namespace {

List<Error> too_large(std::string_view what, std::uint32_t limit, std::string_view name) {
  return only(ErrorCode::kBodyTooLarge,
              filled("% may have % bytes (%)", {what, decimal(limit), name}));
}

struct SizeLimit {
  std::uint32_t bytes;
  std::string_view name;
};

// Whether the host is handed the arguments. The ORM takes bytes in base64, as they come.
bool handed_over(const ExchangeState& state) {
  return cidl::is_own(state.method->builtin) ||
         (state.model != nullptr && state.model->has_entries());
}

bool takes_bytes(const ExchangeState& state) {
  const media::ParametersShape shape = state.method->shape;
  return handed_over(state) &&
         (shape == media::ParametersShape::kOneBlob || shape == media::ParametersShape::kMixed);
}

// JSON takes itself, four times its size to be read, and up to three times to be saved.
constexpr std::uint32_t kReadingPart = 8;

SizeLimit smaller(const SizeLimit& one, const SizeLimit& other) {
  return one.bytes < other.bytes ? one : other;
}

// What no idle core has room for is too large, whatever the app allows.
SizeLimit within_memory(std::size_t bytes) { return {static_cast<std::uint32_t>(bytes), "memory"}; }

// Of JSON that is read, base64 that is taken out before aside.
SizeLimit json_limit(const AppContext& app) {
  return smaller(within_memory(app.account.limit / kReadingPart),
                 {app.limits.json_bytes, "jsonBytes"});
}

// Of all that is read.
SizeLimit size_limit(const AppContext& app, const ExchangeState& state) {
  const Limits& limits = app.limits;
  const SizeLimit body{limits.body_bytes, "bodyBytes"};
  if (state.body_kind == media::BodyKind::kOctet) {
    return smaller({limits.blob_bytes, "blobBytes"}, body);
  }
  if (state.body_kind != media::BodyKind::kJson) return body;
  if (!takes_bytes(state)) return json_limit(app);
  const std::size_t room = app.account.limit;
  const SizeLimit given =
      limits.json_bytes > limits.body_bytes ? SizeLimit{limits.json_bytes, "jsonBytes"} : body;
  return smaller(within_memory(room - room / App::kOthersPart), given);
}

List<Error> check_blobs(const Limits& limits, std::span<const std::uint64_t> sizes) {
  if (sizes.size() > limits.blobs) {
    return only(ErrorCode::kBodyTooLarge,
                filled("a body may have % blobs (blobs)", {decimal(limits.blobs)}));
  }
  if (std::any_of(sizes.begin(), sizes.end(),
                  [&](std::uint64_t size) { return size > limits.blob_bytes; })) {
    return too_large("a blob", limits.blob_bytes, "blobBytes");
  }
  return {};
}

// The data source of the query, as the argument that stands for it and was not given.
void put_choice(const AppContext& app, Exchange& exchange, std::string_view arguments) {
  ExchangeState& state = exchange.state;
  if (state.model == nullptr || state.data_source.empty()) return;
  const auto& types = app.image.types;
  for (const validate::Member& member : types.shape(state.method->parameters).members) {
    const validate::CompiledType& type = types.type(member.type);
    if (type.kind != cidl::TypeKind::kDataSource || type.target != state.model->index) continue;
    ByteBuffer out(exchange.arena, arguments.size() + 64);
    out.push('{');
    json::append_string(out, member.name);
    out.push(':');
    json::append_string(out, state.data_source);
    arguments.remove_prefix(1);
    while (static_cast<unsigned char>(arguments.front()) <= ' ') arguments.remove_prefix(1);
    if (arguments.front() != '}') out.push(',');
    out.append(arguments);
    state.body = {};
    state.arguments = out.view();
    return;
  }
}

// Texts up to this size are read as they are, without a look for long strings.
constexpr std::size_t kShortText = 32 * 1024;

List<Error> take_json(AppContext& app, Exchange& exchange, std::string_view payload) {
  ExchangeState& state = exchange.state;
  const SizeLimit limit = json_limit(app);
  const auto over_limit = [&] {
    return too_large("a JSON body, its blobs aside,", limit.bytes, limit.name);
  };
  json::Shortened body(padded(payload));
  if (takes_bytes(state) && payload.size() > std::min<std::size_t>(kShortText, limit.bytes)) {
    auto shortened = json::shorten({const_cast<char*>(payload.data()), payload.size()}, limit.bytes,
                                   exchange.arena);
    if (!shortened) return over_limit();
    body = std::move(*shortened);
  }
  const validate::Checked checked = app.validator.check_body(
      state.method->parameters, app.reader, body, validate::BlobSource{}, exchange.arena);
  if (!checked.ok()) {
    return checked.failures.front().code == ErrorCode::kBodyTooLarge ? over_limit()
                                                                     : checked.failures;
  }
  List<std::uint64_t> sizes;
  for (const std::string_view blob : checked.blobs) sizes.push_back(blob.size());
  if (auto failures = check_blobs(app.limits, sizes); !failures.empty()) return failures;
  state.body = payload;
  state.source = ArgumentsSource::kBody;
  if (checked.rewriting == validate::Rewriting::kRewritten && handed_over(state)) {
    state.source = ArgumentsSource::kRewritten;
    state.arguments = checked.json;
    state.blobs = checked.blobs;
  }
  take_choice(exchange, checked.choice);
  if (handed_over(state) && checked.choice.name.empty()) put_choice(app, exchange, checked.json);
  return {};
}

// `[[name, bytes], ...]`, a line feed, the text of the `json` part.
Result<List<media::FormPart>> read_parts(AppContext& app, Exchange& exchange,
                                         std::string_view line) {
  const auto unreadable = [] {
    return Failure{ErrorCode::kFormInvalid, "the form cannot be read"};
  };
  List<media::FormPart> parts;
  auto document = app.reader.open(json::pad(exchange.arena, line));
  if (!document.ok()) return unreadable();
  json::Array list;
  if ((*document)->get_array(list) != simdjson::SUCCESS) return unreadable();
  for (json::Value item; list.next(item);) {
    json::Array pair;
    if (item.get_array(pair) != simdjson::SUCCESS) return unreadable();
    media::FormPart part;
    std::size_t position = 0;
    for (json::Value member; pair.next(member);) {
      if (position == 0) {
        std::string_view name;
        if (member.get_string(name) != simdjson::SUCCESS) return unreadable();
        part.name = exchange.arena.copy(name);
      } else if (member.get_uint64(part.bytes) != simdjson::SUCCESS) {
        return unreadable();
      }
      ++position;
    }
    if (position != 2 || pair.error() != simdjson::SUCCESS) return unreadable();
    parts.push_back(part);
  }
  if (list.error() != simdjson::SUCCESS) return unreadable();
  return parts;
}

List<Error> take_form(AppContext& app, Exchange& exchange, std::string_view payload) {
  ExchangeState& state = exchange.state;
  const std::size_t end = payload.find('\n');
  if (end == std::string_view::npos) return only(ErrorCode::kOutcomeUnexpected);
  auto parts = read_parts(app, exchange, payload.substr(0, end));
  if (!parts.ok()) return only(std::move(parts).error());
  auto fields = media::map_form(state.method->shape, *parts, exchange.arena);
  if (!fields.ok()) return only(std::move(fields).error());
  List<std::uint64_t> sizes;
  for (const std::uint32_t part : fields->blob_parts) sizes.push_back((*parts)[part].bytes);
  if (auto failures = check_blobs(app.limits, sizes); !failures.empty()) return failures;
  if (!fields->json_part) {
    take_whole_body(exchange);
    return {};
  }
  const std::string_view json = payload.substr(end + 1);
  if (const SizeLimit limit = json_limit(app); json.size() > limit.bytes) {
    return too_large("the part json", limit.bytes, limit.name);
  }
  const validate::BlobSource source{validate::BlobEncoding::kFormIndex,
                                    static_cast<std::uint32_t>(fields->blob_parts.size())};
  const validate::Checked checked = app.validator.check_body(state.method->parameters, app.reader,
                                                             padded(json), source, exchange.arena);
  if (!checked.ok()) return checked.failures;
  if (auto used = media::expect_all_used(checked.used_parts); !used.ok()) {
    return only(std::move(used).error());
  }
  state.source = ArgumentsSource::kRewritten;
  state.arguments = checked.json;
  return {};
}

}  // namespace

Step* body_step(const AppContext& app, Exchange& exchange, media::BodyKind kind) {
  exchange.state.body_kind = kind;
  const BodyForm form = kind == media::BodyKind::kForm    ? BodyForm::kForm
                        : kind == media::BodyKind::kOctet ? BodyForm::kKept
                                                          : BodyForm::kBytes;
  Step* const step =
      new_step(exchange.arena, StepKind::kBody, {}, static_cast<std::uint32_t>(form));
  step->limit = size_limit(app, exchange.state).bytes;
  return step;
}

void take_choice(Exchange& exchange, const validate::DataSourceChoice& choice) {
  ExchangeState& state = exchange.state;
  if (state.data_source.empty() && state.model != nullptr && choice.model == state.model->index) {
    state.data_source = choice.name;
  }
}

void take_whole_body(Exchange& exchange) {
  ByteBuffer out(exchange.arena, 64);
  out.push('{');
  for (const image::Text& name : exchange.state.method->names) {
    json::append_string(out, name);
    out.append(":0");
  }
  out.push('}');
  exchange.state.arguments = out.view();
}

List<Error> take_body(AppContext& app, Exchange& exchange, Outcome outcome,
                      std::string_view payload) {
  ExchangeState& state = exchange.state;
  const SizeLimit limit = size_limit(app, state);
  if (outcome == Outcome::kTooLarge ||
      (state.body_kind == media::BodyKind::kJson && payload.size() > limit.bytes)) {
    const bool json = state.body_kind == media::BodyKind::kJson;
    return too_large(json ? "a JSON body" : "a body", limit.bytes, limit.name);
  }
  if (outcome != Outcome::kDone) {
    if (state.body_kind == media::BodyKind::kForm) {
      return only(ErrorCode::kFormInvalid, filled("the form cannot be read: %", {payload}));
    }
    return only(ErrorCode::kBodyAborted);
  }
  switch (state.body_kind) {
    case media::BodyKind::kOctet:
      take_whole_body(exchange);
      return {};
    case media::BodyKind::kForm:
      return take_form(app, exchange, payload);
    default:
      break;
  }
  if (payload.empty()) {
    if (state.method->shape == media::ParametersShape::kNone) return {};
    return only(ErrorCode::kBodyMissing, "expected a JSON object of parameters");
  }
  return take_json(app, exchange, payload);
}

}  // namespace cloesce::runtime
