// Parses a Content-Type header.
#include "media/media_type.h"

#include "base/ascii.h"
#include "media/detail/header_scanner.h"

namespace cloesce::media {
std::optional<MediaType> try_parse_media_type(std::string_view header) {
  if (header.size() > kMaximumHeaderBytes) return std::nullopt;
  detail::HeaderScanner scanner(header);
  MediaType media_type;
  scanner.skip_space();
  media_type.type = scanner.token();
  if (media_type.type.empty() || !scanner.take('/')) return std::nullopt;
  media_type.subtype = scanner.token();
  if (media_type.subtype.empty()) return std::nullopt;
  scanner.skip_space();
  while (scanner.take(';')) {
    scanner.skip_space();
    if (scanner.at_end() || scanner.peek() == ';') continue;
    const std::string_view name = scanner.token();
    std::string_view value;
    if (name.empty() || !scanner.take('=') || !scanner.token_or_quoted(value)) return std::nullopt;
    if (same_but_for_case(name, "charset") && media_type.charset.empty()) {
      media_type.charset = value;
    }
    if (same_but_for_case(name, "boundary") && media_type.boundary.empty()) {
      media_type.boundary = value;
    }
    scanner.skip_space();
  }
  if (!scanner.at_end()) return std::nullopt;
  return media_type;
}

bool is(const MediaType& media_type, std::string_view type, std::string_view subtype) {
  return same_but_for_case(media_type.type, type) && same_but_for_case(media_type.subtype, subtype);
}

bool is_json(const MediaType& media_type) {
  if (!same_but_for_case(media_type.type, "application")) return false;
  constexpr std::string_view kSuffix = "+json";
  const std::string_view subtype = media_type.subtype;
  return same_but_for_case(subtype, "json") ||
         (subtype.size() > kSuffix.size() &&
          same_but_for_case(subtype.substr(subtype.size() - kSuffix.size()), kSuffix));
}

}  // namespace cloesce::media
