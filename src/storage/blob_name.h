// Names of blobs: file names that say which key they hold and that nobody can guess.
//
//   users+a%2fb.png ~ 0123456789abcdef0123456789abcdef .png
//   stem: the key     random: 128 bits                  the key's extension, for viewers
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cloesce::storage {

/// Characters of random and of digest in a name, lower-case hexadecimal.
inline constexpr std::size_t kHexDigits = 32;
/// A longer stem is cut and ends in a digest of the whole key.
inline constexpr std::size_t kLongestStem = 160;
/// No key of at most this many bytes has a stem that is cut.
inline constexpr std::size_t kSurelyWhole = kLongestStem / 3;

/// The key's bytes in lower-case ASCII without dots and separators: no two keys have stems that a
/// file system takes for the same, whether it folds case, normalises Unicode or keeps names for
/// devices. `digest` is the beginning of the SHA-256 of `key`; only long keys need one.
[[nodiscard]] std::string stem(std::string_view key, std::string_view digest);

/// The id of a blob for `key`. Nothing when `random`, or a `digest` that is needed, is not
/// kHexDigits long.
[[nodiscard]] std::optional<std::string> blob_id(std::string_view key, std::string_view random,
                                                 std::string_view digest);

/// Whether `text` could be an id from blob_id. One that is none must never become a path.
[[nodiscard]] bool is_blob_id(std::string_view text);

/// The key that an id was made for; nothing when it is none or its stem was cut.
[[nodiscard]] std::optional<std::string> key_of(std::string_view id);

}  // namespace cloesce::storage
