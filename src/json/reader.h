// Opens documents, and checks values to their last escape.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "base/string.h"
#include "json/document.h"

namespace cloesce::json {

/// Levels of nesting accepted where nothing else is said.
inline constexpr std::size_t kDefaultDepth = 64;

/// Copies `text` into the arena with padding behind it. For inputs that do not come padded already.
[[nodiscard]] simdjson::padded_string_view pad(Arena& arena, std::string_view text);

/// Owns simdjson's parser and the index that it makes; kept by the app and lent to one exchange at
/// a time. A document is read fully before another is started: `open` ends the one before.
class Reader {
 public:
  /// What it takes is counted in `account`, if there is one.
  explicit Reader(Account* account = nullptr) : account_(account), document_(account) {}

  /// Starts on `text`: UTF-8 is checked, an empty text or an unclosed string is refused
  /// (kJsonMalformed), and so is one whose index does not fit into memory (kNoRoom). The document
  /// is valid until the next `open`; `text` must live as long.
  [[nodiscard]] Result<Document*> open(simdjson::padded_string_view text);

  /// Gives back what a large text took. Nothing of a document may be in use.
  void trim();

 private:
  void drop_index();
  [[nodiscard]] error_code index(simdjson::padded_string_view text);

  Account* account_;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> kernel_;
  Document document_;
};

/// kJsonMalformed unless nothing but white space follows the value that was read.
[[nodiscard]] Result<void> expect_end(Document& document);

/// A simdjson failure as ours: what was wrong, at `path`.
[[nodiscard]] Failure malformed(error_code code, std::string_view path);
[[nodiscard]] Error malformed_error(error_code code, std::string_view path);

/// Walks any JSON value and checks all of it: grammar, numbers, escapes, depth (kJsonTooDeep), and
/// that no object has a member called `__proto__` (kNameForbidden). Answers the value's own text,
/// borrowed from the document.
[[nodiscard]] Result<std::string_view> check_any(const Value& json, std::size_t depth_left,
                                                 std::string_view path);

/// `check_any` for a whole document, which may also be a lone string, number or atom, with nothing
/// but white space around it.
[[nodiscard]] Result<std::string_view> check_document(Document& document, std::size_t depth_left,
                                                      std::string_view path);

/// The exact text of an integer token within +-(2^53 - 1), with `-0` as `0`; anything else is
/// kTypeMismatch, kIntegerOutOfRange or (for a malformed number) kJsonMalformed.
[[nodiscard]] Result<std::string_view> integer_token(const Value& json, std::string_view path);

/// What a value looks like in a message: `"x"`, `12.5`, `an object`, `null`; cut to 40 characters.
/// Leaves the value where it is.
[[nodiscard]] String describe(const Value& json);

}  // namespace cloesce::json
