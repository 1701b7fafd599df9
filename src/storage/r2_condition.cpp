#include "storage/r2_condition.h"

#include <algorithm>
#include <cmath>

namespace cloesce::storage {
namespace {

enum class Comparison : unsigned char { kStrong, kWeak };

bool names(const std::vector<Etag>& tags, std::string_view etag, Comparison comparison) {
  return std::any_of(tags.begin(), tags.end(), [&](const Etag& tag) {
    if (tag.text == "*") return true;
    return tag.text == etag && (!tag.weak || comparison == Comparison::kWeak);
  });
}

}  // namespace

bool holds(const R2Condition& condition, const std::optional<R2Stored>& stored) {
  if (!stored.has_value())
    return !condition.etag_matches.has_value() && !condition.uploaded_after.has_value();

  const auto rounded = [&](double milliseconds) {
    return condition.by_seconds ? std::floor(milliseconds / 1000) * 1000 : milliseconds;
  };
  const auto& must = condition.etag_matches;
  const auto& must_not = condition.etag_does_not_match;
  if (must.has_value() && !names(*must, stored->etag, Comparison::kStrong)) return false;
  if (must_not.has_value() && names(*must_not, stored->etag, Comparison::kWeak)) return false;
  const double uploaded = rounded(stored->uploaded);
  if (condition.uploaded_after.has_value() && !must_not.has_value() &&
      rounded(*condition.uploaded_after) >= uploaded)
    return false;
  return !condition.uploaded_before.has_value() || must.has_value() ||
         uploaded < rounded(*condition.uploaded_before);
}

std::optional<std::vector<Etag>> parse_etags(std::string_view header) {
  std::vector<Etag> tags;
  while (true) {
    const std::size_t begin = header.find_first_not_of(" \t,");
    if (begin == std::string_view::npos) break;
    header.remove_prefix(begin);
    Etag tag;
    if (header.front() == '*') {
      tags.push_back({"*", false});
      header.remove_prefix(1);
      continue;
    }
    if (header.starts_with("W/")) {
      tag.weak = true;
      header.remove_prefix(2);
    }
    if (header.empty() || header.front() != '"') return std::nullopt;
    const std::size_t end = header.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    tag.text = header.substr(1, end - 1);
    tags.push_back(std::move(tag));
    header.remove_prefix(end + 1);
  }
  if (tags.empty()) return std::nullopt;
  return tags;
}

}  // namespace cloesce::storage
