// One media type as in a Content-Type header.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cloesce::media {

/// `type/subtype; parameters`. Views borrow the header; their case is as sent.
struct MediaType {
  std::string_view type;
  std::string_view subtype;
  std::string_view charset;   // without quotes; empty when there is none
  std::string_view boundary;  // the same
};

/// Longest header that is looked at; a longer one is not understood.
inline constexpr std::size_t kMaximumHeaderBytes = 4096;

/// The media type of a header, or nothing when it is malformed. Unknown parameters are checked but
/// ignored; of a repeated one the first counts. A quoted value may not hold a backslash: no charset
/// or boundary needs one.
[[nodiscard]] std::optional<MediaType> try_parse_media_type(std::string_view header);

/// True for `type/subtype` in any case.
[[nodiscard]] bool is(const MediaType& media_type, std::string_view type, std::string_view subtype);

/// `application/json`, or any `application/…+json`.
[[nodiscard]] bool is_json(const MediaType& media_type);

}  // namespace cloesce::media
