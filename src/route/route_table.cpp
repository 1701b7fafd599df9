// Splitting a target into prefix, namespace, keys and method.
#include "route/route_table.h"

#include <algorithm>  // count
#include <cstring>    // memchr
#include <optional>

#include "base/arena.h"
#include "base/hash.h"
#include "text/percent.h"

namespace cloesce::route {
namespace {

constexpr std::string_view kVerbNames[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

std::optional<std::size_t> verb_index(std::string_view verb) {
  for (std::size_t index = 0; index < std::size(kVerbNames); ++index) {
    if (kVerbNames[index] == verb) return index;
  }
  return std::nullopt;
}

bool has_escape(std::string_view text) {
  return !text.empty() && std::memchr(text.data(), '%', text.size()) != nullptr;
}

/// `text` without its escapes, or nothing when one of them is broken.
std::optional<std::string_view> decode_name(Arena& arena, std::string_view text) {
  if (!has_escape(text)) return text;
  auto decoded = text::percent_decode(arena, text);
  if (!decoded.ok()) return std::nullopt;
  return *decoded;
}

enum class PrefixMatch : std::uint8_t { kEqual, kDifferent };

/// Compares the first segments of `path` with `prefix`, escapes undone. On success `rest` starts at
/// the slash behind the prefix, or is empty. A broken escape is a difference: the path is somebody
/// else's to judge.
PrefixMatch take_escaped_prefix(std::string_view path, std::string_view prefix,
                                std::string_view& rest) {
  const auto slashes = static_cast<std::size_t>(std::count(prefix.begin(), prefix.end(), '/'));
  std::size_t end = 0;
  for (std::size_t segment = 0; segment <= slashes; ++segment) {
    end = path.find('/', end + 1);
    if (end == std::string_view::npos) {
      if (segment != slashes) return PrefixMatch::kDifferent;
      end = path.size();
    }
  }
  if (end - 1 > prefix.size() * 3) return PrefixMatch::kDifferent;
  Arena arena;
  const auto decoded = decode_name(arena, path.substr(1, end - 1));
  if (!decoded.has_value() || *decoded != prefix) return PrefixMatch::kDifferent;
  rest = path.substr(end);
  return PrefixMatch::kEqual;
}

/// Cuts `/prefix` off `path`; see take_escaped_prefix for `rest`.
PrefixMatch take_prefix(std::string_view path, std::string_view prefix, std::string_view& rest) {
  if (path.empty() || path.front() != '/') return PrefixMatch::kDifferent;
  rest = path;
  if (prefix.empty()) return PrefixMatch::kEqual;
  const std::string_view after_slash = path.substr(1);
  if (after_slash.substr(0, prefix.size()) == prefix) {
    rest = after_slash.substr(prefix.size());
    if (rest.empty() || rest.front() == '/') return PrefixMatch::kEqual;
    return PrefixMatch::kDifferent;
  }
  if (!has_escape(path)) return PrefixMatch::kDifferent;
  return take_escaped_prefix(path, prefix, rest);
}

}  // namespace

std::string_view verb_name(cidl::Verb verb) { return kVerbNames[static_cast<std::size_t>(verb)]; }

std::uint64_t place_hash(std::string_view namespace_name, std::string_view method_name,
                         std::uint32_t key_count) {
  return hash_text(method_name, hash_text(namespace_name, key_count));
}

std::uint32_t RouteTable::place_of(std::string_view namespace_name, std::string_view method_name,
                                   std::uint32_t key_count) const {
  const std::uint64_t hash = place_hash(namespace_name, method_name, key_count);
  const auto tag = static_cast<std::uint32_t>(hash >> 32U);
  const std::size_t mask = slots.size() - 1;
  for (std::size_t at = hash & mask; slots[at].place != kNoRoute; at = (at + 1) & mask) {
    if (slots[at].tag != tag) continue;
    const Place& place = places[slots[at].place];
    if (place.key_count == key_count && place.method_name == method_name &&
        place.namespace_name == namespace_name) {
      return slots[at].place;
    }
  }
  return kNoRoute;
}

Match RouteTable::match(std::string_view prefix, std::string_view verb,
                        std::string_view target) const {
  Match match;
  const std::size_t question = target.find('?');
  const std::string_view path = target.substr(0, question);
  if (question != std::string_view::npos) match.query = target.substr(question + 1);

  std::string_view rest;
  if (take_prefix(path, prefix, rest) == PrefixMatch::kDifferent) {
    match.outcome = Outcome::kNotMine;
    return match;
  }
  if (target.size() > kMaximumTargetBytes) {
    match.outcome = Outcome::kMalformedUrl;
    return match;
  }

  // `rest` is `/Namespace/keys/method`; without two slashes it names no method.
  const std::size_t namespace_end = rest.find('/', 1);
  if (rest.empty() || namespace_end == std::string_view::npos) return match;
  const std::size_t method_slash = rest.rfind('/');
  std::string_view namespace_text = rest.substr(1, namespace_end - 1);
  std::string_view method_text = rest.substr(method_slash + 1);
  std::uint32_t key_count = 0;
  if (method_slash > namespace_end) {
    match.keys = rest.substr(namespace_end + 1, method_slash - namespace_end - 1);
    key_count =
        1 + static_cast<std::uint32_t>(std::count(match.keys.begin(), match.keys.end(), '/'));
  }

  std::uint32_t place = kNoRoute;
  if (has_escape(namespace_text) || has_escape(method_text)) {
    Arena arena;
    const auto decoded_namespace = decode_name(arena, namespace_text);
    const auto decoded_method = decode_name(arena, method_text);
    if (!decoded_namespace.has_value() || !decoded_method.has_value()) {
      match.outcome = Outcome::kMalformedUrl;
      return match;
    }
    place = place_of(*decoded_namespace, *decoded_method, key_count);
  } else {
    place = place_of(namespace_text, method_text, key_count);
  }
  if (place == kNoRoute) return match;

  const Place& found = places[place];
  match.allow = found.allow;
  match.outcome = Outcome::kMethodNotAllowed;
  const auto asked = verb_index(verb);
  if (asked.has_value() && found.route_by_verb[*asked] != kNoRoute) {
    match.outcome = Outcome::kMatched;
    match.route = RouteId{found.route_by_verb[*asked]};
  }
  return match;
}

}  // namespace cloesce::route
