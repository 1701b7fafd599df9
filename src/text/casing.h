// Names in the cases that emitted files use.
#pragma once

#include <string>
#include <string_view>

namespace cloesce::text {

/// True for an ASCII JavaScript identifier (`$` and `_` are letters). Names with other letters are
/// written in quotes, so they need not be told apart.
[[nodiscard]] bool is_identifier(std::string_view name);

/// True for a word that cannot name a variable in a strict-mode module: `class`, `await`, `let`, …
[[nodiscard]] bool is_reserved_word(std::string_view name);

/// `MusicStore`, `music-store`, `music_store` and `music store` as `musicStore`, and `HTTPServer`
/// as `httpServer`. Non-ASCII bytes are kept as they are.
[[nodiscard]] std::string to_camel_case(std::string_view name);

/// The same as `MusicStore`; capitals inside a word are kept: `HTTPServer` stays.
[[nodiscard]] std::string to_pascal_case(std::string_view name);

/// The same as `music-store` and `http-server`.
[[nodiscard]] std::string to_kebab_case(std::string_view name);

}  // namespace cloesce::text
