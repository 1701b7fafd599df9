// Names of buckets with history and the grammar of their keys, which are subjects of NATS, and the
// codecs that make any text such a key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/refusal.h"

namespace cloesce::storage {

/// With its prefix a bucket's name is a stream's, of which servers make a folder.
inline constexpr std::size_t kBucketNameBytes = 200;
/// A whole line of the protocol has at most 4096 bytes, of which a request has its subject twice.
inline constexpr std::size_t kHistoryKeyBytes = 1800;
inline constexpr int kMostHistory = 64;

/// `[a-zA-Z0-9_-]+`, at most kBucketNameBytes.
[[nodiscard]] bool is_bucket_name(std::string_view name);

/// Tokens of `[-/_=a-zA-Z0-9]+` between dots, at most kHistoryKeyBytes.
[[nodiscard]] bool is_history_key(std::string_view key);

/// What begins with `_kv` is the bucket's own, whether or not it is a key.
[[nodiscard]] constexpr bool is_reserved_key(std::string_view key) {
  return key.starts_with("_kv");
}

/// As a key, where a token may be `*`, and the last one `>`.
[[nodiscard]] bool is_key_filter(std::string_view filter);

/// Whether the subject `key` is one of `filter`.
[[nodiscard]] bool filter_matches(std::string_view filter, std::string_view key);

/// A stream's name: printable, without white space, dots, wildcards and slashes, at most 255 bytes.
[[nodiscard]] bool is_stream_name(std::string_view name);

/// Tokens between dots that hold neither white space nor wildcards.
[[nodiscard]] bool is_subject(std::string_view subject);

enum class KeyCodec : unsigned char {
  kNone,
  kBase64Url,  // each token between dots, without padding
  kPath,       // `/a/b/` as `_root_.a.b`: slashes at the end are lost, and dots become slashes
  kEscape,  // any text but the empty one as one token: `_hh` for what is not a letter, digit, `-`
            // or `/`
};

[[nodiscard]] std::optional<KeyCodec> key_codec(std::string_view name);

/// What a codec is given: a key, or a filter whose wildcards stay what they are.
enum class KeyUse : unsigned char { kKey, kFilter };

/// The encoding, or why there is none. It is in the grammar of keys or filters when `text` has no
/// empty token; kNone leaves `text` as it is. An escaped filter can only be a whole key, or `>`.
[[nodiscard]] Ruled<std::string> encode_key(KeyCodec codec, std::string_view text, KeyUse use);

/// What was encoded; nothing when that cannot have come of this codec.
[[nodiscard]] std::optional<std::string> decode_key(KeyCodec codec, std::string_view encoded);

/// Refuses what is no key (or filter), and reserved ones.
[[nodiscard]] std::optional<Refusal> check_history_key(std::string_view key, KeyUse use);

}  // namespace cloesce::storage
