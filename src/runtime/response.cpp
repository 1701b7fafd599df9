// Bodies and header lines of responses.
#include "runtime/response.h"

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/string.h"
#include "json/writer.h"
#include "media/accept.h"

namespace cloesce::runtime {
namespace {

constexpr std::string_view kJsonHeader = "content-type: application/json\n";

Step* respond(Exchange& exchange, std::uint32_t status, std::string_view headers,
              std::string_view body) {
  Step* const step = new_step(exchange.arena, StepKind::kRespond, headers, status);
  step->bytes = body;
  return step;
}

// Bytes of a message: what is quoted of a request may be as long as the request.
constexpr std::size_t kLongestMessage = 4096;

std::string_view cut(std::string_view text) {
  if (text.size() <= kLongestMessage) return text;
  std::size_t end = kLongestMessage;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string_view failure_body(Arena& arena, const Error& error, media::ErrorKind kind) {
  const String whole = render(error);
  const std::string_view text = cut(whole);
  if (kind == media::ErrorKind::kText) return arena.copy(text);
  ByteBuffer out(arena, text.size() + 128);
  json::Writer json(out);
  json.begin_object();
  json.key("type").string("about:blank");
  json.key("title").string(summary(error.code));
  json.key("status").integer(http_status(error.code));
  json.key("code").string(concat({"CLO", decimal(static_cast<std::uint16_t>(error.code))}));
  json.key("detail").string(text);
  json.end_object();
  return out.view();
}

}  // namespace

Step* respond_failure(Exchange& exchange, const Error& error, std::string_view headers) {
  const ExchangeState& state = exchange.state;
  const media::ErrorKind kind =
      state.head.accept.empty() ? state.errors : media::negotiate_error(state.head.accept);
  String lines = concat({"content-type: ", media::content_type(kind), "\n", headers});
  if (http_status(error.code) == 503) lines += "retry-after: 1\n";
  return respond(exchange, http_status(error.code), exchange.arena.copy(lines),
                 failure_body(exchange.arena, error, kind));
}

Step* respond_failure(Exchange& exchange, ErrorCode code, std::string_view detail,
                      std::string_view headers) {
  return respond_failure(exchange, make_error(code, detail), headers);
}

Step* or_failure(Exchange& exchange, const Result<Step*>& step) {
  return step.ok() ? *step : respond_failure(exchange, step.error());
}

Step* respond_failures(Exchange& exchange, std::span<const Error> errors) {
  Error joined = errors.front();
  for (const Error& error : errors.subspan(1)) {
    joined.detail += '\n';
    joined.detail.append(render(error));
  }
  return respond_failure(exchange, joined);
}

Step* respond_json(Exchange& exchange, std::uint32_t status, std::string_view json) {
  return respond(exchange, status, kJsonHeader, json);
}

Step* respond_empty(Exchange& exchange, std::uint32_t status) {
  return respond(exchange, status, {}, {});
}

}  // namespace cloesce::runtime
