// The head of a request, as the host hands it over.
#pragma once

#include <optional>
#include <string_view>

namespace cloesce::runtime {

/// Views into the head's text. Absent headers are empty.
struct Head {
  std::string_view method;
  std::string_view target;  // path with query
  std::string_view content_type;
  std::string_view accept;
  std::string_view content_length;
};

/// Splits five lines, each ended by a line feed; nothing when there are fewer.
[[nodiscard]] std::optional<Head> parse_head(std::string_view text);

}  // namespace cloesce::runtime
