// Texts and statuses of the failure codes, from the one list.
#include "base/error.h"

#include "base/concat.h"
#include "base/result.h"

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
  return {};
}

Error make_error(ErrorCode code, std::string_view detail, std::string_view path) {
  return Error{code, String(path), String(detail)};
}

List<Error> only(Error error) {
  List<Error> errors;
  errors.push_back(std::move(error));
  return errors;
}

List<Error> only(ErrorCode code, std::string_view detail, std::string_view path) {
  return only(make_error(code, detail, path));
}

Error* Failure::make(Error error) { return new Error(std::move(error)); }

Error* Failure::make(ErrorCode code, std::string_view detail, std::string_view path) {
  return new Error{code, String(path), String(detail)};
}

void Failure::discard(Error* error) { delete error; }

String render(const Error& error) {
  const std::string_view detail = error.detail.empty() ? summary(error.code) : error.detail.view();
  const auto number = static_cast<std::uint16_t>(error.code);
  if (error.path.empty()) {
    return concat({"CLO", decimal(number), ": ", detail});
  }
  return concat({"CLO", decimal(number), ": ", error.path, ": ", detail});
}

}  // namespace cloesce
