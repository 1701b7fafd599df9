// Texts and statuses of the failure codes, from the one list.
#include "base/error.h"

#include <fmt/compile.h>
#include <fmt/format.h>

namespace cloesce {

std::uint16_t http_status(ErrorCode code) {
  switch (code) {
#define CLOESCE_ERROR(name, number, status, summary) \
  case ErrorCode::name:                              \
    return status;
#include "base/error_codes.def"  // NOLINT
#undef CLOESCE_ERROR
  }
  return 500;
}

std::string_view summary(ErrorCode code) {
  switch (code) {
#define CLOESCE_ERROR(name, number, status, summary) \
  case ErrorCode::name:                              \
    return summary;
#include "base/error_codes.def"  // NOLINT
#undef CLOESCE_ERROR
  }
  return "internal error";
}

std::string render(const Error& error) {
  const std::string_view detail = error.detail.empty() ? summary(error.code) : error.detail;
  const auto number = static_cast<unsigned>(error.code);
  if (error.path.empty()) {
    return fmt::format(FMT_COMPILE("CLO{}: {}"), number, detail);
  }
  return fmt::format(FMT_COMPILE("CLO{}: {}: {}"), number, error.path, detail);
}

}  // namespace cloesce
