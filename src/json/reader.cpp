// Strict reading on top of simdjson's on-demand API, which by itself passes over what nobody looks
// at.
#include "json/reader.h"

#include <cstring>
#include <utility>

#include "base/concat.h"
#include "json/detail/escapes.h"
#include "json/number.h"

namespace cloesce::json {
namespace {

using simdjson::error_code;

constexpr std::string_view kForbiddenName = "__proto__";
constexpr std::size_t kDescribedCharacters = 40;

bool is_space(char character) {
  return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// `text` cut after `limit` code points, with an ellipsis in place of the rest.
String cut(std::string_view text, std::size_t limit) {
  std::size_t characters = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if ((static_cast<unsigned char>(text[index]) & 0xC0) == 0x80) continue;
    if (characters++ == limit) return concat({text.substr(0, index), "…"});
  }
  return String(text);
}

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

// Four hexadecimal digits, or a negative number. Reads no further than the first wrong character,
// so the closing quote of the string bounds it.
int hex_quad(const char* cursor) {
  int unit = 0;
  for (int index = 0; index < 4; ++index) {
    const int digit = hex_digit(cursor[index]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool is_high_surrogate(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_surrogate(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// The characters of a string, unescaped one after the other, compared with the forbidden name.
class NameMatch {
 public:
  [[nodiscard]] bool open() const { return matched_ <= kForbiddenName.size(); }
  [[nodiscard]] bool complete() const { return matched_ == kForbiddenName.size(); }
  void add(int character) {
    const bool same = matched_ < kForbiddenName.size() && kForbiddenName[matched_] == character;
    matched_ = same ? matched_ + 1 : kForbiddenName.size() + 1;
  }

 private:
  std::size_t matched_ = 0;
};

struct StringScan {
  bool valid = false;
  bool forbidden_name = false;
  std::string_view raw = {};  // between the quotes
};

// Checks the escapes of the string that begins behind `begin`. simdjson's first stage has found its
// closing quote and refused control characters and wrong UTF-8; nothing is unescaped here, so
// nothing is allocated.
StringScan scan_string(const char* begin) {
  constexpr StringScan kInvalid;
  constexpr std::string_view kEscapes = "\"\\/bfnrtu";
  NameMatch name;
  const char* cursor = begin;
  while (*cursor != '"') {
    if (*cursor != '\\') {
      if (name.open()) {
        name.add(static_cast<unsigned char>(*cursor));
        ++cursor;
      } else {
        // The document's padding may be read, so that eight bytes are always there.
        while (!detail::any_special(cursor)) cursor += 8;
        while (!detail::is_special(*cursor)) ++cursor;
      }
      continue;
    }
    const char escape = cursor[1];
    if (kEscapes.find(escape) == std::string_view::npos) return kInvalid;
    cursor += 2;
    int character = 0;  // no other escape stands for a character of the name
    if (escape == 'u') {
      character = hex_quad(cursor);
      if (character < 0 || is_low_surrogate(character)) return kInvalid;
      cursor += 4;
    }
    if (is_high_surrogate(character)) {
      if (cursor[0] != '\\' || cursor[1] != 'u') return kInvalid;
      if (!is_low_surrogate(hex_quad(cursor + 2))) return kInvalid;
      cursor += 6;
    }
    name.add(character);
  }
  return {true, name.complete(), {begin, static_cast<std::size_t>(cursor - begin)}};
}

// A failure inside the value being checked. The path grows at the front while the walk unwinds.
struct Problem {
  error_code code = simdjson::SUCCESS;
  bool forbidden_name = false;
  String path;
};

class Walk {
 public:
  // False when `problem` was set.
  bool check(value json, std::size_t depth_left) {
    json_type type{};
    if (const error_code code = json.type().get(type); code != simdjson::SUCCESS) return fail(code);
    switch (type) {
      case json_type::object:
        return check_object(json, depth_left);
      case json_type::array:
        return check_array(json, depth_left);
      case json_type::string: {
        simdjson::ondemand::raw_json_string raw;
        if (const error_code code = json.get_raw_json_string().get(raw); code) return fail(code);
        if (!scan_string(raw.raw()).valid) return fail(simdjson::STRING_ERROR);
        return true;
      }
      case json_type::number: {
        const NumberForm form = number_form(trim_end(json.raw_json_token()));
        return form == NumberForm::kFinite || fail(simdjson::NUMBER_ERROR);
      }
      case json_type::boolean: {
        bool boolean = false;
        if (json.get_bool().get(boolean)) return fail(simdjson::T_ATOM_ERROR);
        return true;
      }
      case json_type::null: {
        bool null = false;
        if (json.is_null().get(null) || !null) return fail(simdjson::N_ATOM_ERROR);
        return true;
      }
    }
    return fail(simdjson::TAPE_ERROR);
  }

  bool fail(error_code code) {
    problem.code = code;
    return false;
  }

  Problem problem;
  // The end of the container that was read last, behind its bracket and the white space that
  // follows.
  std::string_view text;

 private:
  bool check_object(value& json, std::size_t depth_left) {
    if (depth_left == 0) return fail(simdjson::DEPTH_ERROR);
    object members;
    if (const error_code code = json.get_object().get(members); code) return fail(code);
    Members entries(members);
    for (field entry; entries.next(entry);) {
      const StringScan key = scan_string(entry.key().raw());
      if (!key.valid) return fail(simdjson::STRING_ERROR);
      if (key.forbidden_name) {
        problem.forbidden_name = true;
        return false;
      }
      if (!check(entry.value(), depth_left - 1)) {
        problem.path = concat({".", cut(key.raw, kDescribedCharacters), problem.path});
        return false;
      }
    }
    if (entries.error() != simdjson::SUCCESS) return fail(entries.error());
    // Read to its end, so that this moves nothing and only answers where the value stands.
    if (const error_code code = members.raw_json().get(text); code) return fail(code);
    return true;
  }

  bool check_array(value& json, std::size_t depth_left) {
    if (depth_left == 0) return fail(simdjson::DEPTH_ERROR);
    array elements;
    if (const error_code code = json.get_array().get(elements); code) return fail(code);
    std::size_t index = 0;
    Elements entries(elements);
    for (value entry; entries.next(entry);) {
      if (!check(entry, depth_left - 1)) {
        problem.path = concat({"[", decimal(index), "]", problem.path});
        return false;
      }
      ++index;
    }
    if (entries.error() != simdjson::SUCCESS) return fail(entries.error());
    if (const error_code code = elements.raw_json().get(text); code) return fail(code);
    return true;
  }
};

Error to_error(const Problem& problem, std::string_view path) {
  String place(path);
  std::string_view below = problem.path;
  if (place.empty() && !below.empty() && below.front() == '.') below.remove_prefix(1);
  place.append(below);
  if (problem.forbidden_name) {
    return make_error(ErrorCode::kNameForbidden, "a member may not be called __proto__",
                      std::move(place));
  }
  return malformed(problem.code, place);
}

bool is_container(char first) { return first == '{' || first == '['; }

String describe_token(std::string_view token) {
  if (token.empty()) return "nothing";
  switch (token.front()) {
    case '{':
      return "an object";
    case '[':
      return "an array";
    default:
      return cut(token, kDescribedCharacters);
  }
}

// Whether a document is one token. simdjson says so when it reads a lone value, and a number is not
// read but looked at.
struct DocumentAccess : simdjson::ondemand::document {
  static bool is_single_token(simdjson::ondemand::document& document) {
    return (document.*&DocumentAccess::iter).is_single_token();
  }
};

// The checks of a document that is a string, a number or an atom alone.
error_code check_root_scalar(simdjson::ondemand::document& document) {
  json_type type{};
  if (const error_code code = document.type().get(type); code) return code;
  switch (type) {
    case json_type::string: {
      simdjson::ondemand::raw_json_string raw;
      if (const error_code code = document.get_raw_json_string().get(raw); code) return code;
      return scan_string(raw.raw()).valid ? simdjson::SUCCESS : simdjson::STRING_ERROR;
    }
    case json_type::number: {
      std::string_view token;
      if (const error_code code = document.raw_json_token().get(token); code) return code;
      if (number_form(trim_end(token)) != NumberForm::kFinite) return simdjson::NUMBER_ERROR;
      return DocumentAccess::is_single_token(document) ? simdjson::SUCCESS
                                                       : simdjson::TRAILING_CONTENT;
    }
    case json_type::boolean: {
      bool boolean = false;
      const error_code code = document.get_bool().get(boolean);
      return code == simdjson::INCORRECT_TYPE ? simdjson::T_ATOM_ERROR : code;
    }
    case json_type::null: {
      bool null = false;
      const error_code code = document.is_null().get(null);
      if (code == simdjson::SUCCESS && null) return simdjson::SUCCESS;
      return code == simdjson::TRAILING_CONTENT ? code : simdjson::N_ATOM_ERROR;
    }
    case json_type::array:
    case json_type::object:
      break;
  }
  return simdjson::TAPE_ERROR;
}

struct Explanation {
  ErrorCode code;
  std::string_view detail;
};

Explanation explain(error_code code) {
  switch (code) {
    case simdjson::EMPTY:
      return {ErrorCode::kJsonMalformed, "the JSON text is empty"};
    case simdjson::UTF8_ERROR:
      return {ErrorCode::kJsonMalformed, "the JSON text is not valid UTF-8"};
    case simdjson::UNCLOSED_STRING:
      return {ErrorCode::kJsonMalformed, "a string is not closed"};
    case simdjson::UNESCAPED_CHARS:
      return {ErrorCode::kJsonMalformed, "a string holds a control character that is not escaped"};
    case simdjson::STRING_ERROR:
      return {ErrorCode::kJsonMalformed, "a string holds an invalid escape"};
    case simdjson::NUMBER_ERROR:
    case simdjson::BIGINT_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE:
      return {ErrorCode::kJsonMalformed, "a number is malformed or too large"};
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
      return {ErrorCode::kJsonMalformed, "expected true, false or null"};
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
    case simdjson::OUT_OF_BOUNDS:
      return {ErrorCode::kJsonMalformed, "an object or array is not closed, or text follows it"};
    case simdjson::TRAILING_CONTENT:
      return {ErrorCode::kJsonMalformed, "unexpected text after the JSON value"};
    case simdjson::DEPTH_ERROR:
      return {ErrorCode::kJsonTooDeep, "objects and arrays are nested too deep"};
    case simdjson::INCORRECT_TYPE:
    case simdjson::NO_SUCH_FIELD:
    case simdjson::INDEX_OUT_OF_BOUNDS:
      return {ErrorCode::kTypeMismatch, "a value of another type was expected"};
    case simdjson::CAPACITY:
      return {ErrorCode::kLimitExceeded, "the JSON text is too large"};
    case simdjson::MEMALLOC:
      return {ErrorCode::kInternal, "out of memory while reading JSON"};
    case simdjson::TAPE_ERROR:
      return {ErrorCode::kJsonMalformed,
              "a comma, colon, bracket or value is missing or superfluous"};
    default:
      return {ErrorCode::kInternal, "the JSON reader failed"};
  }
}

}  // namespace

simdjson::padded_string_view pad(Arena& arena, std::string_view text) {
  char* const memory = static_cast<char*>(arena.allocate(text.size() + kPadding, 1));
  if (!text.empty()) std::memcpy(memory, text.data(), text.size());
  std::memset(memory + text.size(), 0, kPadding);
  return simdjson::padded_string_view(memory, text.size(), text.size() + kPadding);
}

Result<simdjson::ondemand::document*> Reader::open(simdjson::padded_string_view text) {
  if (text.empty()) return Failure{malformed(simdjson::EMPTY, {})};
  if (const error_code code = parser_.iterate(text).get(document_); code) {
    return Failure{malformed(code, {})};
  }
  return &document_;
}

bool Elements::next(value& element) {
  if (begun_) ++at_;
  begun_ = true;
  if (error_ != simdjson::SUCCESS || !(at_ != at_)) return false;
  error_ = (*at_).get(element);
  return error_ == simdjson::SUCCESS;
}

bool Members::next(field& member) {
  if (begun_) ++at_;
  begun_ = true;
  if (error_ != simdjson::SUCCESS || !(at_ != at_)) return false;
  error_ = (*at_).get(member);
  return error_ == simdjson::SUCCESS;
}

Result<void> expect_end(simdjson::ondemand::document& document) {
  if (document.at_end()) return {};
  return Failure{malformed(simdjson::TRAILING_CONTENT, {})};
}

Error malformed(simdjson::error_code code, std::string_view path) {
  const Explanation explanation = explain(code);
  return make_error(explanation.code, String(explanation.detail), String(path));
}

Result<std::string_view> check_any(value json, std::size_t depth_left, std::string_view path) {
  const std::string_view token = json.raw_json_token();
  Walk walk;
  if (!walk.check(json, depth_left)) return Failure{to_error(walk.problem, path)};
  return trim_end(!token.empty() && is_container(token.front()) ? walk.text : token);
}

Result<std::string_view> check_document(simdjson::ondemand::document& document,
                                        std::size_t depth_left, std::string_view path) {
  bool scalar = false;
  if (const error_code code = document.is_scalar().get(scalar); code) {
    return Failure{malformed(code, path)};
  }
  if (scalar) {
    std::string_view token;
    if (const error_code code = document.raw_json_token().get(token); code) {
      return Failure{malformed(code, path)};
    }
    if (const error_code code = check_root_scalar(document); code) {
      return Failure{malformed(code, path)};
    }
    return trim_end(token);
  }
  value root;
  if (const error_code code = document.get_value().get(root); code) {
    return Failure{malformed(code, path)};
  }
  Result<std::string_view> text = check_any(root, depth_left, path);
  if (!text.ok()) return text;
  CLOESCE_TRY(expect_end(document));
  return text;
}

Result<std::string_view> integer_token(value json, std::string_view path) {
  const std::string_view token = trim_end(json.raw_json_token());
  switch (integer_form(token)) {
    case IntegerForm::kSafe:
      return token == "-0" ? "0" : token;
    case IntegerForm::kUnsafe:
      return Failure{ErrorCode::kIntegerOutOfRange,
                     concat({"expected an Integer between -(2^53 - 1) and 2^53 - 1, got ",
                             describe_token(token)}),
                     path};
    case IntegerForm::kMalformed:
      break;
  }
  const bool numeric =
      !token.empty() && (token.front() == '-' || (token.front() >= '0' && token.front() <= '9'));
  if (numeric && number_form(token) != NumberForm::kFinite) {
    return Failure{malformed(simdjson::NUMBER_ERROR, path)};
  }
  return Failure{ErrorCode::kTypeMismatch,
                 concat({"expected Integer, got ", describe_token(token)}), path};
}

String describe(value json) { return describe_token(trim_end(json.raw_json_token())); }

}  // namespace cloesce::json
