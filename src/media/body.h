// Which bodies a method takes, and how to read the one that came.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace cloesce::media {

/// What a method's parameters are, injected ones aside.
enum class ParametersShape : std::uint8_t {
  kNone,
  kJson,       // no Blob and no Stream among them
  kOneBlob,    // exactly one, and it is a Blob
  kOneStream,  // exactly one, and it is a Stream
  kMixed,      // a Blob anywhere, with anything else
};

/// What the request's head says about the size of the body.
enum class BodyPresence : std::uint8_t {
  kEmpty,    // a content length of 0
  kUnknown,  // no content length
  kPresent,
};

enum class BodyKind : std::uint8_t {
  kNone,    // there is none: the arguments are `{}`
  kJson,    // one object by parameter name, blobs in base64
  kOctet,   // the bytes of the one Blob
  kStream,  // the bytes of the one Stream, not to be buffered
  kForm,    // see media/form.h
};

/// Chooses how to read a body. `content_type` is the header, empty when absent.
///
///                 application/json, +json   application/octet-stream   multipart/form-data
///                 (absent)
///     kNone       kJson                     -                          -                     kNone
///     unless kPresent kJson       kJson                     -                          - kNone
///     when kEmpty kOneBlob    kJson                     kOctet                     kForm kNone
///     when kEmpty kOneStream  -                         kStream                    - kNone when
///     kEmpty kMixed      kJson                     -                          kForm kNone when
///     kEmpty
///
/// A kNone method whose body is kEmpty takes any content type that it would take with a body, and
/// reads nothing. Everything else is kUnsupportedMediaType, as are JSON in another charset than
/// UTF-8 and form data without a boundary; the answer then carries `acceptable(shape)` as its
/// Accept header.
[[nodiscard]] Result<BodyKind> choose_body(ParametersShape shape, std::string_view content_type,
                                           BodyPresence presence);

/// The media types that a method takes, as the value of an Accept header.
[[nodiscard]] std::string_view acceptable(ParametersShape shape);

/// Reads a Content-Length header: anything but digits is kUnknown.
[[nodiscard]] BodyPresence body_presence(std::string_view content_length);

}  // namespace cloesce::media
