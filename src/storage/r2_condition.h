// R2's conditions on reads and writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloesce::storage {

/// A tag that a condition names; `*` is any.
struct Etag {
  std::string text;  // without quotes
  bool weak = false;
};

struct R2Condition {
  std::optional<std::vector<Etag>> etag_matches;
  std::optional<std::vector<Etag>> etag_does_not_match;
  std::optional<double> uploaded_before;  // milliseconds
  std::optional<double> uploaded_after;
  bool by_seconds = false;
};

struct R2Stored {
  std::string_view etag;
  double uploaded = 0;  // milliseconds
};

/// Whether the condition holds for what is stored, or for nothing. Tags that must match do so
/// strongly. A test of tags that passed overrides the date that goes with it.
[[nodiscard]] bool holds(const R2Condition& condition, const std::optional<R2Stored>& stored);

/// The tags of an `If-Match` or `If-None-Match`; nothing when one is malformed.
[[nodiscard]] std::optional<std::vector<Etag>> parse_etags(std::string_view header);

}  // namespace cloesce::storage
