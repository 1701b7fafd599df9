// Line splitting of a request's head.
#include "runtime/head.h"

#include <charconv>

namespace cloesce::runtime {
namespace {

std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::optional<Head> parse_head(std::string_view text) {
  Head head;
  for (std::string_view* part : {&head.method, &head.target, &head.content_type, &head.accept}) {
    const auto line = take_line(text);
    if (!line) return std::nullopt;
    *part = *line;
  }
  const auto length = take_line(text);
  if (!length) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = length->data() + length->size();
  const auto [stop, failure] = std::from_chars(length->data(), end, value);
  if (failure == std::errc{} && stop == end && !length->empty()) head.content_length = value;
  return head;
}

}  // namespace cloesce::runtime
