// Line splitting of a request's head.
#include "runtime/head.h"

#include "text/lines.h"

namespace cloesce::runtime {
std::optional<Head> parse_head(std::string_view text) {
  Head head;
  for (std::string_view* part :
       {&head.method, &head.target, &head.content_type, &head.accept, &head.content_length}) {
    const auto line = text::take_line(text);
    if (!line) return std::nullopt;
    *part = *line;
  }
  return head;
}

}  // namespace cloesce::runtime
