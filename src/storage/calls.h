// The rules as the host calls them: a JSON array in, JSON out. Texts are UTF-8 without lone
// surrogates.
#pragma once

#include <string>
#include <string_view>

namespace cloesce::storage {

struct Answer {
  bool refused = false;
  int code = 0;      // of a refusal
  std::string text;  // JSON, or the refusal's message
};

using Call = Answer (*)(std::string_view input);

/// `[key, random, digest]` → the id. Refused without the digits.
[[nodiscard]] Answer make_blob_id(std::string_view input);
/// `[id]` → `null` when it is no id, `{"key":…}` with the key it was made for, null when that was
/// cut.
[[nodiscard]] Answer read_blob_id(std::string_view input);
/// `[name, digest]` → the name as a folder.
[[nodiscard]] Answer folder_name(std::string_view input);
/// `[header, size]` → `null` for everything, `[]` for nothing, else `[[start, end], …]`.
[[nodiscard]] Answer read_range(std::string_view input);

/// `[[key, …], cacheTtl | null]` → `null`.
[[nodiscard]] Answer kv_get(std::string_view input);
/// `[key, expiration | null, ttl | null, metadataBytes, now]` → the moment of expiry or `null`.
[[nodiscard]] Answer kv_put(std::string_view input);
/// `[bytes]` → `null`.
[[nodiscard]] Answer kv_value(std::string_view input);
/// `[prefix, limit | null, cursor | null]` → `{"limit", "lower", "inclusive", "upper"}`, the bounds
/// in hexadecimal.
[[nodiscard]] Answer kv_list(std::string_view input);

/// `[[key, …], metadataBytes | null]` → `null`.
[[nodiscard]] Answer r2_keys(std::string_view input);
/// `[keys]`, their number → `null`.
[[nodiscard]] Answer r2_delete(std::string_view input);
/// `[bytes]` → `null`.
[[nodiscard]] Answer r2_size(std::string_view input);
/// `[number]` → `null`.
[[nodiscard]] Answer r2_part_number(std::string_view input);
/// `[{offset, length, suffix} | header, size]` → `[start, end]`; of a header that names no single
/// range all of it.
[[nodiscard]] Answer r2_range(std::string_view input);
/// `[{etagMatches, etagDoesNotMatch, uploadedBefore, uploadedAfter, secondsGranularity}, {etag,
/// uploaded} | null]` → a boolean. Tags are lists of `[text, weak]`.
[[nodiscard]] Answer r2_condition(std::string_view input);
/// `[header]` → tags as r2_condition takes them, `null` when they are malformed.
[[nodiscard]] Answer read_etags(std::string_view input);
/// `[prefix, startAfter | null, cursor | null, limit | null, detailed]` → as kv_list; `null` for a
/// cursor that is none.
[[nodiscard]] Answer r2_list(std::string_view input);
/// `[prefix, delimiter, [key, …]]` → for each key its group or `null`.
[[nodiscard]] Answer list_groups(std::string_view input);
/// `[group]` → the bound behind all of its keys, in hexadecimal.
[[nodiscard]] Answer behind_group(std::string_view input);
/// `[last, isGroup]` → the cursor.
[[nodiscard]] Answer list_cursor(std::string_view input);
/// `["part" | "complete" | "abort", state | null]` → `null`; states are 0 open, 1 done, 2 aborted.
[[nodiscard]] Answer r2_upload(std::string_view input);
/// `[[[number, etag], …], [[number, etag, size], …]]` → the numbers in order.
[[nodiscard]] Answer r2_complete(std::string_view input);

/// `[method, status, [[name, value], …], now]` → `null`, or `{"expires", "headers"}`.
[[nodiscard]] Answer cache_put(std::string_view input);
/// `[request headers, stored headers, status, size]` → `{"status", "ranges"}`.
[[nodiscard]] Answer cache_match(std::string_view input);

}  // namespace cloesce::storage
