// The checks of what the walk over a document passes over.
#include "json/reader.h"

#include <algorithm>  // max
#include <cstring>

#include "base/assert.h"
#include "base/concat.h"
#include "json/number.h"

namespace cloesce::json {
namespace {

constexpr std::string_view kForbiddenName = "__proto__";
constexpr std::size_t kDescribedCharacters = 40;

// Of the index, for each byte of its text.
constexpr std::size_t kIndexBytes = 4;

// Sizes of texts that the index is made for at least, and kept for at most.
constexpr std::size_t kKeptText = 4 * 1024;
constexpr std::size_t kMostKeptText = 256 * 1024;

// `text` cut after `limit` code points, with an ellipsis in place of the rest.
String cut(std::string_view text, std::size_t limit) {
  std::size_t characters = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if ((static_cast<unsigned char>(text[index]) & 0xC0) == 0x80) continue;
    if (characters++ == limit) return filled("%…", {text.substr(0, index)});
  }
  return String(text);
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
  bool check(const Value& json, std::size_t depth_left) {
    switch (json.type()) {
      case Type::kObject:
        return check_object(json, depth_left);
      case Type::kArray:
        return check_array(json, depth_left);
      case Type::kString: {
        std::string_view characters;
        const error_code code = json.get_string(characters);
        return code == simdjson::SUCCESS || fail(code);
      }
      case Type::kNumber:
        return number_form(json.token()) == NumberForm::kFinite || fail(simdjson::NUMBER_ERROR);
      case Type::kBoolean: {
        bool boolean = false;
        return json.get_bool(boolean) == simdjson::SUCCESS || fail(simdjson::T_ATOM_ERROR);
      }
      case Type::kNull:
        return json.is_null() || fail(simdjson::N_ATOM_ERROR);
      case Type::kInvalid:
        break;
    }
    return fail(simdjson::TAPE_ERROR);
  }

  bool fail(error_code code) {
    problem.code = code;
    return false;
  }

  Problem problem;

 private:
  bool check_object(const Value& json, std::size_t depth_left) {
    if (depth_left == 0) return fail(simdjson::DEPTH_ERROR);
    Object members;
    if (const error_code code = json.get_object(members); code) return fail(code);
    for (Field member; members.next(member);) {
      std::string_view name;
      if (const error_code code = member.unescaped_key(name); code) return fail(code);
      if (name == kForbiddenName) {
        problem.forbidden_name = true;
        return false;
      }
      if (!check(member.value(), depth_left - 1)) {
        problem.path =
            filled(".%%", {cut(member.escaped_key(), kDescribedCharacters), problem.path});
        return false;
      }
    }
    return members.error() == simdjson::SUCCESS || fail(members.error());
  }

  bool check_array(const Value& json, std::size_t depth_left) {
    if (depth_left == 0) return fail(simdjson::DEPTH_ERROR);
    Array elements;
    if (const error_code code = json.get_array(elements); code) return fail(code);
    std::size_t index = 0;
    for (Value element; elements.next(element); ++index) {
      if (!check(element, depth_left - 1)) {
        problem.path = filled("[%]%", {decimal(index), problem.path});
        return false;
      }
    }
    return elements.error() == simdjson::SUCCESS || fail(elements.error());
  }
};

Error to_error(const Problem& problem, std::string_view path) {
  String place(path);
  std::string_view below = problem.path;
  if (place.empty() && !below.empty() && below.front() == '.') below.remove_prefix(1);
  place.append(below);
  if (problem.forbidden_name) {
    return make_error(ErrorCode::kNameForbidden, "a member may not be called __proto__", place);
  }
  return malformed_error(problem.code, place);
}

String describe_token(std::string_view token) {
  switch (token.front()) {
    case '{':
      return "an object";
    case '[':
      return "an array";
    default:
      return cut(token, kDescribedCharacters);
  }
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
      return {ErrorCode::kNoRoom, "the JSON text needs more memory than there is for now"};
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

error_code Reader::index(simdjson::padded_string_view text) {
  CLOESCE_ASSERT(text.padding() >= kPadding);
  text.remove_utf8_bom();
  error_code code = simdjson::SUCCESS;
  if (kernel_ == nullptr || kernel_->capacity() < text.size()) {
    // The one before is not copied, so it need not stay.
    drop_index();
    const std::size_t capacity = std::max(text.size(), kKeptText);
    if (account_ != nullptr && !account_->fits(capacity * kIndexBytes)) return simdjson::MEMALLOC;
    // Nothing is built, so that no depth has to be foreseen.
    code = simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 0,
                                                                                   kernel_);
    if (code) {
      kernel_.reset();
      return code;
    }
    if (account_ != nullptr) account_->used += capacity * kIndexBytes;
  }
  code = kernel_->stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                         simdjson::stage1_mode::regular);
  if (code) return code;
  document_.start(text.data(), *kernel_);
  return simdjson::SUCCESS;
}

void Reader::drop_index() {
  if (kernel_ == nullptr) return;
  if (account_ != nullptr) account_->used -= kernel_->capacity() * kIndexBytes;
  kernel_.reset();
}

void Reader::trim() {
  document_.forget();
  if (kernel_ != nullptr && kernel_->capacity() > kMostKeptText) drop_index();
}

Result<Document*> Reader::open(simdjson::padded_string_view text) {
  const error_code code = text.empty() ? simdjson::EMPTY : index(text);
  if (code) return malformed(code, {});
  return &document_;
}

Result<void> expect_end(Document& document) {
  if (document.at_end()) return {};
  return malformed(simdjson::TRAILING_CONTENT, {});
}

Failure malformed(error_code code, std::string_view path) {
  return Failure{malformed_error(code, path)};
}

Error malformed_error(error_code code, std::string_view path) {
  const Explanation explanation = explain(code);
  return make_error(explanation.code, explanation.detail, path);
}

Result<std::string_view> check_any(const Value& json, std::size_t depth_left,
                                   std::string_view path) {
  Walk walk;
  if (!walk.check(json, depth_left)) return Failure{to_error(walk.problem, path)};
  std::string_view text;
  if (const error_code code = json.raw_json(text); code) return malformed(code, path);
  return text;
}

Result<std::string_view> check_document(Document& document, std::size_t depth_left,
                                        std::string_view path) {
  Value root;
  if (const error_code code = document.get_value(root); code) {
    return malformed(code, path);
  }
  Result<std::string_view> text = check_any(root, depth_left, path);
  if (!text.ok()) return text;
  if (!document.at_end()) return malformed(simdjson::TRAILING_CONTENT, path);
  return text;
}

Result<std::string_view> integer_token(const Value& json, std::string_view path) {
  const std::string_view token = json.token();
  switch (integer_form(token)) {
    case IntegerForm::kSafe:
      return token == "-0" ? "0" : token;
    case IntegerForm::kUnsafe:
      return Failure{ErrorCode::kIntegerOutOfRange,
                     filled("expected an Integer between -(2^53 - 1) and 2^53 - 1, got %",
                            {describe_token(token)}),
                     path};
    case IntegerForm::kMalformed:
      break;
  }
  if (json.type() == Type::kNumber && number_form(token) != NumberForm::kFinite) {
    return malformed(simdjson::NUMBER_ERROR, path);
  }
  return Failure{ErrorCode::kTypeMismatch,
                 filled("expected Integer, got %", {describe_token(token)}), path};
}

String describe(const Value& json) { return describe_token(json.token()); }

}  // namespace cloesce::json
