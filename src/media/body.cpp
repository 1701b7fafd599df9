// The table of body kinds.
#include "media/body.h"

#include <optional>

#include "base/ascii.h"
#include "base/concat.h"
#include "base/string.h"
#include "media/detail/printable.h"
#include "media/media_type.h"

namespace cloesce::media {
namespace {

using detail::printable;

constexpr std::size_t kShownHeader = 80;  // bytes in a message

Failure unsupported(ParametersShape shape, std::string_view found) {
  return Failure{ErrorCode::kUnsupportedMediaType,
                 filled("expected %, got %", {acceptable(shape), found})};
}

/// How a body of `media_type` is read for `shape`, or nothing when it is not.
std::optional<BodyKind> kind_of(ParametersShape shape, const MediaType& media_type) {
  if (is_json(media_type)) {
    if (shape == ParametersShape::kOneStream) return std::nullopt;
    return BodyKind::kJson;
  }
  if (is(media_type, "application", "octet-stream")) {
    if (shape == ParametersShape::kOneBlob) return BodyKind::kOctet;
    if (shape == ParametersShape::kOneStream) return BodyKind::kStream;
  }
  if (is(media_type, "multipart", "form-data") &&
      (shape == ParametersShape::kOneBlob || shape == ParametersShape::kMixed)) {
    return BodyKind::kForm;
  }
  return std::nullopt;
}

}  // namespace

Result<BodyKind> choose_body(ParametersShape shape, std::string_view content_type,
                             BodyPresence presence) {
  if (content_type.empty()) {
    const bool nothing_comes =
        presence == BodyPresence::kEmpty ||
        (shape == ParametersShape::kNone && presence == BodyPresence::kUnknown);
    if (nothing_comes) return BodyKind::kNone;
    return unsupported(shape, "a body without a content type");
  }
  const auto media_type = try_parse_media_type(content_type);
  if (!media_type.has_value()) return unsupported(shape, printable(content_type, kShownHeader));
  const auto kind = kind_of(shape, *media_type);
  if (!kind.has_value()) return unsupported(shape, printable(content_type, kShownHeader));
  if (*kind == BodyKind::kJson && !media_type->charset.empty() &&
      !same_but_for_case(media_type->charset, "utf-8") &&
      !same_but_for_case(media_type->charset, "utf8")) {
    return unsupported(
        shape, filled("JSON in the charset %", {printable(media_type->charset, kShownHeader)}));
  }
  if (*kind == BodyKind::kForm && media_type->boundary.empty()) {
    return unsupported(shape, "form data without a boundary");
  }
  if (shape == ParametersShape::kNone && presence == BodyPresence::kEmpty) return BodyKind::kNone;
  return *kind;
}

std::string_view acceptable(ParametersShape shape) {
  switch (shape) {
    case ParametersShape::kNone:
    case ParametersShape::kJson:
      break;
    case ParametersShape::kOneBlob:
      return "application/octet-stream, multipart/form-data, application/json";
    case ParametersShape::kOneStream:
      return "application/octet-stream";
    case ParametersShape::kMixed:
      return "multipart/form-data, application/json";
  }
  return "application/json";
}

BodyPresence body_presence(std::string_view content_length) {
  if (content_length.empty()) return BodyPresence::kUnknown;
  bool zero = true;
  for (const char character : content_length) {
    if (character < '0' || character > '9') return BodyPresence::kUnknown;
    zero = zero && character == '0';
  }
  return zero ? BodyPresence::kEmpty : BodyPresence::kPresent;
}

}  // namespace cloesce::media
