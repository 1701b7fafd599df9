// Bodies and header lines of responses.
#include "runtime/response.h"

#include <optional>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/list.h"
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

void write_code(json::Writer& json, ErrorCode code) {
  json.key("code").string(filled("CLO%", {decimal(static_cast<std::uint16_t>(code))}));
}

// The body that says `text`. Of `errors`, which may be none, the first has the code of the whole.
std::string_view failure_body(Arena& arena, media::ErrorKind kind, std::uint32_t status,
                              std::string_view text, std::span<const Error> errors) {
  if (kind == media::ErrorKind::kText) return arena.copy(text);
  ByteBuffer out(arena, text.size() * 2 + 256);
  json::Writer json(out);
  json.begin_object();
  json.key("type").string("about:blank");
  if (!errors.empty()) {
    const std::string_view title = summary(errors[0].code);
    if (!title.empty()) json.key("title").string(title);
  }
  json.key("status").integer(status);
  if (!errors.empty()) write_code(json, errors[0].code);
  json.key("detail").string(text);
  if (!errors.empty()) {
    json.key("issues").begin_array();
    for (const Error& error : errors) {
      json.begin_object();
      write_code(json, error.code);
      json.key("path").string(cut(error.path));
      json.key("message").string(error.detail.empty() ? summary(error.code) : cut(error.detail));
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  return out.view();
}

Step* respond_errors(Exchange& exchange, std::span<const Error> errors, std::string_view headers) {
  const ExchangeState& state = exchange.state;
  const media::ErrorKind kind =
      state.head.accept.empty() ? state.errors : media::negotiate_error(state.head.accept);
  const std::uint32_t status = http_status(errors[0].code);
  String lines = filled("content-type: %\n%", {media::content_type(kind), headers});
  if (status == 503) lines += "retry-after: 1\n";
  String text = render(errors[0]);
  for (const Error& error : errors.subspan(1)) {
    text += '\n';
    text.append(render(error));
  }
  return respond(exchange, status, exchange.arena.copy(lines),
                 failure_body(exchange.arena, kind, status, cut(text), errors));
}

// The code that `message` begins with, as in `CLO1204: …`; nothing when it is another text.
std::optional<ErrorCode> code_of(std::string_view message) {
  constexpr std::string_view kBegin = "CLO";
  constexpr std::size_t kEnd = kBegin.size() + 4;
  if (!message.starts_with(kBegin) || message.substr(kEnd, 2) != ": ") return std::nullopt;
  std::uint32_t number = 0;
  for (const char digit : message.substr(kBegin.size(), 4)) {
    if (!is_digit(digit)) return std::nullopt;
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return static_cast<ErrorCode>(number);
}

}  // namespace

String write_failure(std::uint32_t status, std::string_view accept, std::string_view message) {
  const media::ErrorKind kind = media::negotiate_error(accept);
  List<Error> errors;
  if (const auto code = code_of(message)) errors = only(*code, message.substr(9));
  Arena arena;
  return concat(
      {media::content_type(kind), "\n", failure_body(arena, kind, status, message, errors)});
}

bool prefers_form(std::string_view accept) {
  return media::negotiate(media::ReturnShape::kJson, accept) == media::ResponseKind::kForm;
}

Step* respond_failure(Exchange& exchange, const Error& error, std::string_view headers) {
  return respond_errors(exchange, {&error, 1}, headers);
}

Step* respond_failure(Exchange& exchange, ErrorCode code, std::string_view detail,
                      std::string_view headers) {
  return respond_failure(exchange, make_error(code, detail), headers);
}

Step* or_failure(Exchange& exchange, const Result<Step*>& step) {
  return step.ok() ? *step : respond_failure(exchange, step.error());
}

Step* respond_failures(Exchange& exchange, std::span<const Error> errors) {
  return respond_errors(exchange, errors, {});
}

Step* respond_json(Exchange& exchange, std::uint32_t status, std::string_view json) {
  return respond(exchange, status, kJsonHeader, json);
}

Step* respond_empty(Exchange& exchange, std::uint32_t status) {
  return respond(exchange, status, {}, {});
}

}  // namespace cloesce::runtime
