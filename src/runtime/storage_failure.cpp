// Matching of SQLite's constraint messages; their wording is part of SQLite's interface in
// practice.
#include "runtime/storage_failure.h"

#include "base/concat.h"

namespace cloesce::runtime {
namespace {

// Around what the caller of a failed KV, R2 or signature is told.
constexpr char kSaid = '\x1f';

// `T.a, T.b` after the constraint's name, up to D1's own suffix `: SQLITE_CONSTRAINT (...)`.
std::string_view columns_after(std::string_view message, std::string_view marker) {
  const std::size_t at = message.find(marker);
  if (at == std::string_view::npos) return {};
  std::string_view rest = message.substr(at + marker.size());
  return rest.substr(0, rest.find(": SQLITE_"));
}

}  // namespace

Error storage_failure(std::string_view message, const orm::UpsertPlan* save) {
  if (message.starts_with(kSaid)) {
    return make_error(ErrorCode::kStorageFailed, message.substr(1, message.find(kSaid, 1) - 1));
  }
  if (save != nullptr) {
    if (auto refused = orm::refused_row(*save, message)) return *std::move(refused);
  }
  if (const auto columns = columns_after(message, "UNIQUE constraint failed: "); !columns.empty()) {
    return make_error(ErrorCode::kConflict, filled("another row has the same %", {columns}));
  }
  if (const auto columns = columns_after(message, "NOT NULL constraint failed: ");
      !columns.empty()) {
    if (save != nullptr) {
      if (auto missing = orm::missing_row(*save, columns)) return *std::move(missing);
    }
    return make_error(ErrorCode::kConstraintFailed, filled("% must have a value", {columns}));
  }
  if (message.find("FOREIGN KEY constraint failed") != std::string_view::npos) {
    return make_error(ErrorCode::kReferenceBroken,
                      "a row that is referred to does not exist, or is still referred to");
  }
  if (message.find("CHECK constraint failed") != std::string_view::npos ||
      message.find("datatype mismatch") != std::string_view::npos) {
    return make_error(ErrorCode::kConstraintFailed, "a value does not fit its column");
  }
  if (message.find("too big") != std::string_view::npos ||
      message.find("SQLITE_TOOBIG") != std::string_view::npos) {
    return make_error(ErrorCode::kResultTooLarge, "a row is larger than the database allows");
  }
  if (message.find("Expression tree is too large") != std::string_view::npos) {
    return make_error(ErrorCode::kLimitExceeded,
                      "what is asked is nested deeper than the database allows", "where");
  }
  if (is_passing(message) || message.find("overloaded") != std::string_view::npos) {
    return make_error(ErrorCode::kStorageBusy,
                      save == nullptr ? "the database is out of reach for now; try again later"
                                      : "the database is out of reach for now; whether it was "
                                        "saved is not known");
  }
  return make_error(ErrorCode::kStorageFailed, "the database could not answer");
}

bool is_passing(std::string_view message) {
  for (const std::string_view sign : {"Network connection lost", "caused object to be reset",
                                      "code was updated", "transient issue"}) {
    if (message.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

Error answer_failure(Error error) {
  if (http_status(error.code) < 500 && error.code != ErrorCode::kNotFound) {
    error.code = ErrorCode::kOutcomeUnexpected;
  }
  return error;
}

}  // namespace cloesce::runtime
