#include "storage/range_header.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/ascii.h"

namespace cloesce::storage {
namespace {

Ranges unsatisfiable() { return {RangeKind::kUnsatisfiable, {}}; }

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char character) { return character == ' ' || character == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// A decimal number; one too large for the type is its largest value.
std::optional<std::uint64_t> number(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (const char digit : text) {
    const auto added = static_cast<std::uint64_t>(digit - '0');
    if (value > (kMost - added) / 10) return kMost;
    value = value * 10 + added;
  }
  return value;
}

}  // namespace

Ranges parse_range(std::string_view header, std::uint64_t size) {
  const std::size_t equals = header.find('=');
  if (equals == std::string_view::npos) return unsatisfiable();
  if (!same_but_for_case(trimmed(header.substr(0, equals)), "bytes")) return unsatisfiable();
  std::string_view list = header.substr(equals + 1);
  if (trimmed(list).empty()) return {};

  Ranges found{RangeKind::kSome, {}};
  for (bool more = true; more;) {
    const std::size_t comma = list.find(',');
    const std::string_view item = trimmed(list.substr(0, comma));
    more = comma != std::string_view::npos;
    if (more) list.remove_prefix(comma + 1);

    const std::size_t dash = item.find('-');
    if (dash == std::string_view::npos) return unsatisfiable();
    const std::string_view first = trimmed(item.substr(0, dash));
    const std::string_view last = trimmed(item.substr(dash + 1));
    if (first.empty()) {
      const std::optional<std::uint64_t> suffix = number(last);
      if (!suffix.has_value()) return unsatisfiable();
      if (*suffix >= size) return {};
      if (*suffix > 0) found.ranges.push_back({size - *suffix, size - 1});
      continue;
    }
    const std::optional<std::uint64_t> start = number(first);
    if (!start.has_value() || *start >= size) return unsatisfiable();
    std::uint64_t end = size - 1;
    if (!last.empty()) {
      const std::optional<std::uint64_t> asked = number(last);
      if (!asked.has_value() || *asked < *start) return unsatisfiable();
      end = std::min(end, *asked);
    }
    found.ranges.push_back({*start, end});
    if (found.ranges.size() > kMostRanges) return {};
  }
  if (found.ranges.empty()) return {};
  return found;
}

}  // namespace cloesce::storage
