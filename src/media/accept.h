// What a caller's Accept header says of the answers it understands.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloesce::media {

/// How a method's result can be written.
enum class ReturnShape : std::uint8_t {
  kJson,   // anything that is JSON; blobs inside it as base64, or as parts of form data
  kOctet,  // one Blob or Stream
};

enum class ResponseKind : std::uint8_t { kJson, kOctet, kForm };

enum class ErrorKind : std::uint8_t { kText, kProblem };

/// Whether a media range with wildcards counts.
enum class Mention : std::uint8_t { kAny, kByName };

/// Quality that `accept` gives `type/subtype`, in thousandths: 0 is "not acceptable". The most
/// specific range that fits decides. An empty header accepts all (1000 for kAny, 0 for kByName).
/// Malformed elements are skipped.
[[nodiscard]] std::uint32_t quality(std::string_view accept, std::string_view type,
                                    std::string_view subtype, Mention mention);

/// The answer to write: form data only when it is asked for by name and JSON is not preferred.
/// Otherwise what the method returns, whatever the header says: a wrong type is the client's to
/// refuse.
[[nodiscard]] ResponseKind negotiate(ReturnShape shape, std::string_view accept);

/// Problem JSON (RFC 9457) when it is asked for by name and plain text is not preferred.
[[nodiscard]] ErrorKind negotiate_error(std::string_view accept);

/// Value of the Content-Type header. Form data has none here: its boundary is the host's.
[[nodiscard]] std::string_view content_type(ResponseKind kind);
[[nodiscard]] std::string_view content_type(ErrorKind kind);

}  // namespace cloesce::media
