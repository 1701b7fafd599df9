// What KV accepts, and how long a value lives.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/refusal.h"

namespace cloesce::storage {

inline constexpr std::uint64_t kKvKeyBytes = 512;
inline constexpr std::uint64_t kKvMetadataBytes = 1024;
inline constexpr std::uint64_t kKvValueBytes = 25ULL * 1024 * 1024;
inline constexpr int kKvListKeys = 1000;
inline constexpr int kKvBulkKeys = 100;

/// A value is there until the moment `expires`, in milliseconds; without one for ever.
[[nodiscard]] constexpr bool is_live(std::optional<double> expires, double now) {
  return !expires.has_value() || now < *expires;
}

[[nodiscard]] std::optional<Refusal> check_kv_key(std::string_view key);
[[nodiscard]] std::optional<Refusal> check_kv_cache_ttl(double seconds);
/// A page of at most kKvListKeys; nothing, zero and what is negative ask for that many. `prefix` is
/// limited as keys are.
[[nodiscard]] Ruled<int> kv_page_size(std::optional<double> limit, std::string_view prefix);

struct KvPut {
  std::string_view key;
  std::optional<double> expiration;      // seconds since the epoch
  std::optional<double> expiration_ttl;  // seconds from now; wins over the former
  std::uint64_t metadata_bytes = 0;      // as JSON
};

/// The moment in milliseconds at which the value expires, if it does. `now` is in milliseconds.
[[nodiscard]] Ruled<std::optional<double>> check_kv_put(const KvPut& put, double now);

/// Fails above kKvValueBytes.
[[nodiscard]] std::optional<Refusal> check_kv_value(std::uint64_t bytes);

}  // namespace cloesce::storage
