// Line splitting of a request's head.
#include "runtime/head.h"

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
  for (std::string_view* part :
       {&head.method, &head.target, &head.content_type, &head.accept, &head.content_length}) {
    const auto line = take_line(text);
    if (!line) return std::nullopt;
    *part = *line;
  }
  return head;
}

}  // namespace cloesce::runtime
