// Run-time failures: a stable code, the place in the input, and what was found there.
#pragma once

#include <cstdint>  // uint16_t
#include <string_view>
#include <utility>

#include "base/list.h"
#include "base/string.h"

namespace cloesce {

enum class ErrorCode : std::uint16_t {
#define CLOESCE_ERROR(name, number, status, summary) name = number,
#include "base/error_codes.def"  // NOLINT
#undef CLOESCE_ERROR
};

/// HTTP status that answers `code`.
[[nodiscard]] std::uint16_t http_status(ErrorCode code);

/// Short lower-case summary of `code`, in static storage.
[[nodiscard]] std::string_view summary(ErrorCode code);

/// A failure at run time. `path` names the place in the input as a person writes it
/// (`horse.likes[2].id`), empty when the whole input is meant. `detail` is the sentence after it.
struct Error {
  static constexpr bool kRelocatable = cloesce::kRelocatable<String>;

  ErrorCode code = ErrorCode::kInternal;
  String path;
  String detail;
};

[[nodiscard]] Error make_error(ErrorCode code, std::string_view detail, std::string_view path = {});

/// A list of one failure.
[[nodiscard]] List<Error> only(Error error);
[[nodiscard]] List<Error> only(ErrorCode code, std::string_view detail = {},
                               std::string_view path = {});

/// `CLO1204: horse.likes[2].id: expected Integer, got "x"`.
[[nodiscard]] String render(const Error& error);

}  // namespace cloesce
