// Media types: how the parameters and the result of a method travel.
#pragma once

#include "cidl/model.h"
#include "compile/sema/bytes.h"

namespace cloesce::sema {

/// Parameters, injected ones aside: exactly one Blob or one Stream is Octet, a Blob anywhere else
/// is FormData, all else is Json.
[[nodiscard]] cidl::MediaType parameters_media(const cidl::Method& method,
                                               const BytesFinder& bytes);

/// Blob and Stream are Octet, also with null or in an HttpResult; all else is Json.
[[nodiscard]] cidl::MediaType returns_media(const cidl::Type& returns);

/// What a method answers, without HttpResult and null.
[[nodiscard]] const cidl::Type& payload_of(const cidl::Type& returns);

}  // namespace cloesce::sema
