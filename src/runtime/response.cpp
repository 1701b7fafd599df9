// Bodies and header lines of responses.
#include "runtime/response.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <string>

#include "base/byte_buffer.h"
#include "json/writer.h"
#include "media/accept.h"

namespace cloesce::runtime {
namespace {

constexpr std::string_view kJsonHeader = "content-type: application/json\n";
constexpr std::string_view kTextHeader = "content-type: text/plain; charset=utf-8\n";
constexpr std::string_view kProblemHeader = "content-type: application/problem+json\n";

Step respond(std::uint32_t status, std::string_view headers, std::string_view body) {
  Step step;
  step.kind = StepKind::kRespond;
  step.status = status;
  step.text = headers;
  step.bytes = body;
  return step;
}

std::string_view with_headers(Arena& arena, std::string_view first, std::string_view rest) {
  if (rest.empty()) return first;
  ByteBuffer out(arena, first.size() + rest.size());
  out.append(first);
  out.append(rest);
  return out.view();
}

}  // namespace

Step respond_failure(Exchange& exchange, const Error& error, std::string_view headers) {
  const std::string text = render(error);
  const std::uint32_t status = http_status(error.code);
  Arena& arena = exchange.arena;
  if (media::negotiate_error(exchange.state.head.accept) == media::ErrorKind::kProblem) {
    ByteBuffer out(arena, text.size() + 128);
    json::Writer json(out);
    json.begin_object();
    json.key("type").string("about:blank");
    json.key("title").string(summary(error.code));
    json.key("status").integer(status);
    json.key("code").string(fmt::format(FMT_COMPILE("CLO{}"), static_cast<unsigned>(error.code)));
    json.key("detail").string(text);
    json.end_object();
    return respond(status, with_headers(arena, kProblemHeader, headers), out.view());
  }
  return respond(status, with_headers(arena, kTextHeader, headers), arena.copy(text));
}

Step respond_failures(Exchange& exchange, std::span<const Error> errors) {
  Error joined = errors.front();
  for (const Error& error : errors.subspan(1)) {
    joined.detail.push_back('\n');
    joined.detail.append(render(error));
  }
  return respond_failure(exchange, joined);
}

Step respond_json(std::uint32_t status, std::string_view json) {
  return respond(status, kJsonHeader, json);
}

Step respond_empty(std::uint32_t status) { return respond(status, {}, {}); }

}  // namespace cloesce::runtime
