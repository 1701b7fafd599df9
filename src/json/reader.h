// Strict reading of JSON with simdjson's on-demand API: one pass, no DOM, nothing silently
// accepted.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "base/string.h"

namespace cloesce::json {

using simdjson::ondemand::array;
using simdjson::ondemand::field;
using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

/// Levels of nesting accepted where nothing else is said.
inline constexpr std::size_t kDefaultDepth = 64;

/// Bytes that must be readable after a document (their content does not matter).
inline constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;

/// Copies `text` into the arena with padding behind it. For inputs that do not come padded already.
[[nodiscard]] simdjson::padded_string_view pad(Arena& arena, std::string_view text);

/// Owns simdjson's parser and its buffers; kept by the app and lent to one exchange at a time.
/// A document is read fully before another is started: `open` ends the one before.
class Reader {
 public:
  /// Starts on `text`: UTF-8 is checked, an empty text or an unclosed string is refused
  /// (kJsonMalformed). The document is valid until the next `open`; `text` must live as long.
  [[nodiscard]] Result<simdjson::ondemand::document*> open(simdjson::padded_string_view text);

 private:
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
};

/// The elements of an array, one after the other: `Elements elements(array); while
/// (elements.next(value))`. Not inline, where a range-for over simdjson's results is ten times a
/// call.
class Elements {
 public:
  explicit Elements(array& elements) : at_(elements.begin()) {}

  /// False behind the last element, and at malformed JSON, which `error` tells.
  [[nodiscard]] bool next(value& element);
  [[nodiscard]] simdjson::error_code error() const { return error_; }

 private:
  simdjson::simdjson_result<simdjson::ondemand::array_iterator> at_;
  simdjson::error_code error_ = simdjson::SUCCESS;
  bool begun_ = false;
};

/// The members of an object, likewise.
class Members {
 public:
  explicit Members(object& members) : at_(members.begin()) {}

  [[nodiscard]] bool next(field& member);
  [[nodiscard]] simdjson::error_code error() const { return error_; }

 private:
  simdjson::simdjson_result<simdjson::ondemand::object_iterator> at_;
  simdjson::error_code error_ = simdjson::SUCCESS;
  bool begun_ = false;
};

/// kJsonMalformed unless nothing but white space follows the value that was read.
[[nodiscard]] Result<void> expect_end(simdjson::ondemand::document& document);

/// A simdjson failure as ours: what was wrong, at `path`.
[[nodiscard]] Error malformed(simdjson::error_code code, std::string_view path);

/// Walks any JSON value and checks all of it: grammar, numbers, escapes, depth (kJsonTooDeep), and
/// that no object has a member called `__proto__` (kNameForbidden). Answers the value's own text,
/// borrowed from the document.
[[nodiscard]] Result<std::string_view> check_any(value json, std::size_t depth_left,
                                                 std::string_view path);

/// `check_any` for a whole document, which may also be a lone string, number or atom, with nothing
/// but white space around it.
[[nodiscard]] Result<std::string_view> check_document(simdjson::ondemand::document& document,
                                                      std::size_t depth_left,
                                                      std::string_view path);

/// The exact text of an integer token within +-(2^53 - 1), with `-0` as `0`; anything else is
/// kTypeMismatch, kIntegerOutOfRange or (for a malformed number) kJsonMalformed.
[[nodiscard]] Result<std::string_view> integer_token(value json, std::string_view path);

/// What a value looks like in a message: `"x"`, `12.5`, `an object`, `null`; cut to 40 characters.
/// Leaves the value where it is.
[[nodiscard]] String describe(value json);

}  // namespace cloesce::json
