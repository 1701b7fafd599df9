#include "storage/kv_rules.h"

#include <cmath>
#include <string>

namespace cloesce::storage {
namespace {

constexpr double kLeastCacheTtl = 30;
constexpr double kLeastTtl = 60;

std::string digits(double value) {
  return std::isfinite(value) ? std::to_string(static_cast<std::int64_t>(value)) : "0";
}

/// What the binding sends for a number: its whole part, zero for what is none.
double sent(double value) { return std::isfinite(value) ? std::trunc(value) : 0; }

std::optional<Refusal> check_length(std::string_view key) {
  if (key.size() <= kKvKeyBytes) return std::nullopt;
  return Refusal{414, "UTF-8 encoded length of " + std::to_string(key.size()) +
                          " exceeds key length limit of " + std::to_string(kKvKeyBytes) + "."};
}

}  // namespace

std::optional<Refusal> check_kv_key(std::string_view key) {
  if (key.empty()) return Refusal{kTypeError, "Key name cannot be empty."};
  if (key == "." || key == "..")
    return Refusal{kTypeError, "\"" + std::string(key) + "\" is not allowed as a key name."};
  return check_length(key);
}

std::optional<Refusal> check_kv_cache_ttl(double seconds) {
  const double ttl = sent(seconds);
  if (ttl >= kLeastCacheTtl) return std::nullopt;
  return Refusal{400, "Invalid cache_ttl of " + digits(ttl) + ". Cache TTL must be at least 30."};
}

Ruled<int> kv_page_size(std::optional<double> limit, std::string_view prefix) {
  if (auto refusal = check_length(prefix)) return *refusal;
  const double asked = sent(limit.value_or(0));
  if (asked < 1) return kKvListKeys;
  if (asked > kKvListKeys)
    return Refusal{400, "Invalid key_count_limit of " + digits(asked) +
                            ". Please specify an integer less than 1000."};
  return static_cast<int>(asked);
}

Ruled<std::optional<double>> check_kv_put(const KvPut& put, double now) {
  if (auto refusal = check_kv_key(put.key)) return *refusal;
  const double now_seconds = std::floor(now / 1000);
  std::optional<double> expires;
  if (put.expiration_ttl.has_value()) {
    const double ttl = sent(*put.expiration_ttl);
    const std::string told = "Invalid expiration_ttl of " + digits(ttl) + ". ";
    if (ttl <= 0) return Refusal{400, told + "Please specify integer greater than 0."};
    if (ttl < kLeastTtl) return Refusal{400, told + "Expiration TTL must be at least 60."};
    expires = (now_seconds + ttl) * 1000;
  } else if (put.expiration.has_value()) {
    const double at = sent(*put.expiration);
    const std::string told = "Invalid expiration of " + digits(at) + ". ";
    if (at <= now_seconds)
      return Refusal{400, told +
                              "Please specify integer greater than the current number of seconds "
                              "since the UNIX epoch."};
    if (at < now_seconds + kLeastTtl)
      return Refusal{400, told + "Expiration times must be at least 60 seconds in the future."};
    expires = at * 1000;
  }
  if (put.metadata_bytes > kKvMetadataBytes)
    return Refusal{413, "Metadata length of " + std::to_string(put.metadata_bytes) +
                            " exceeds limit of " + std::to_string(kKvMetadataBytes) + "."};
  return expires;
}

std::optional<Refusal> check_kv_value(std::uint64_t bytes) {
  if (bytes <= kKvValueBytes) return std::nullopt;
  return Refusal{413, "Value length of " + std::to_string(bytes) + " exceeds limit of " +
                          std::to_string(kKvValueBytes) + "."};
}

}  // namespace cloesce::storage
