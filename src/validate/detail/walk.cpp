// The checks themselves. Messages and paths are only made where something is wrong.
#include "validate/detail/walk.h"

#include <algorithm>  // copy, count, fill
#include <array>
#include <utility>

#include "base/concat.h"
#include "json/number.h"
#include "json/writer.h"
#include "text/base64.h"
#include "text/date_iso.h"
#include "validate/detail/near_name.h"

namespace cloesce::validate::detail {
namespace {

using cidl::TypeKind;
using json::error_code;

constexpr std::string_view kForbiddenName = "__proto__";

// Shapes of up to this many members are tracked on the stack.
constexpr std::size_t kWordsOnStack = 2;

/// SUCCESS when `token` can begin a value, or what is wrong with it.
error_code token_error(std::string_view token) {
  switch (token.front()) {
    case '{':
    case '[':
    case '"':
      return simdjson::SUCCESS;
    case 't':
      return token == "true" ? simdjson::SUCCESS : simdjson::T_ATOM_ERROR;
    case 'f':
      return token == "false" ? simdjson::SUCCESS : simdjson::F_ATOM_ERROR;
    case 'n':
      return token == "null" ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    default:
      if (token.front() != '-' && (token.front() < '0' || token.front() > '9'))
        return simdjson::TAPE_ERROR;
      return json::number_form(token) != json::NumberForm::kMalformed ? simdjson::SUCCESS
                                                                      : simdjson::NUMBER_ERROR;
  }
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

template <class T>
std::span<const T> copy_to_arena(Arena& arena, const List<T>& values) {
  const std::span<T> copied = arena.make_span<T>(values.size());
  std::copy(values.begin(), values.end(), copied.begin());
  return copied;
}

}  // namespace

Walk::Walk(const TypeTable& types, const Limits& limits, BlobSource blob_source,
           const json::Shortened& text, Arena& arena)
    : types_(types),
      limits_(limits),
      blob_source_(blob_source),
      text_(text.document),
      long_strings_(text.strings),
      room_(text.room),
      arena_(arena),
      rewritten_(arena) {
  if (blob_source.encoding == BlobEncoding::kFormIndex) {
    used_parts_ = arena.make_span<std::uint8_t>(blob_source.parts);
    std::fill(used_parts_.begin(), used_parts_.end(), std::uint8_t{0});
  }
}

bool Walk::open(json::Reader& reader) {
  const auto document = reader.open(text_);
  if (!document.ok()) {
    failures_.push_back(document.error());
    return false;
  }
  document_ = *document;
  begin_ = copied_ = document_->root().token().data();
  return true;
}

void Walk::expect_end() {
  if (!document_->at_end()) malformed(simdjson::TRAILING_CONTENT);
}

void Walk::check_parameters(json::Reader& reader, ShapeId parameters) {
  if (!open(reader)) return;
  const json::Value root = document_->root();
  if (root.first() != '{') {
    if (const error_code code = token_error(root.token()); code != simdjson::SUCCESS) {
      malformed_at(code, begin_);
      return;
    }
    fail(ErrorCode::kTypeMismatch, "expected one JSON object by parameter name", nullptr);
    return;
  }
  json::Object object;
  if (const error_code code = document_->get_object(object); code != simdjson::SUCCESS) {
    malformed(code);
    return;
  }
  const Frame frame{nullptr, limits_.depth, Completeness::kWhole};
  if (check_members(object, types_.shape(parameters), frame) == Flow::kContinue) expect_end();
}

void Walk::check_value(json::Reader& reader, TypeId type, std::string_view name, Giver giver) {
  if (!open(reader)) return;
  giver_ = giver;
  json::Value json;
  if (const error_code code = document_->get_value(json); code != simdjson::SUCCESS) {
    malformed(code);
    return;
  }
  const PathStep step{nullptr, name, 0};
  const Frame frame{name.empty() ? nullptr : &step, limits_.depth, Completeness::kWhole};
  if (check(json, type, frame) == Flow::kStop || !failures_.empty()) return;
  json.pass();
  expect_end();
}

Flow Walk::check(const json::Value& json, TypeId id, const Frame& frame) {
  const CompiledType& type = types_.type(id);
  const bool loose = giver_ == Giver::kWorker;
  if (json.first() == 'n' &&
      (type.null == Null::kAllowed || (loose && type.kind == TypeKind::kArray))) {
    if (json.is_null()) return Flow::kContinue;
    return malformed_at(simdjson::N_ATOM_ERROR, json.token().data());
  }
  switch (type.kind) {
    case TypeKind::kInteger:
      return check_integer(json, id, frame);
    case TypeKind::kReal:
      return check_real(json, id, frame);
    case TypeKind::kText:
      return check_text(json, id, frame);
    case TypeKind::kBoolean:
      return check_boolean(json, id, frame);
    case TypeKind::kDateIso:
      return check_date(json, id, frame);
    case TypeKind::kBlob:
      return check_blob(json, id, frame);
    case TypeKind::kJsonValue:
      return check_free(json, frame);
    case TypeKind::kR2Object:
    case TypeKind::kR2Download:
    case TypeKind::kKvValue:
    case TypeKind::kPage:
      return json.first() == '{' ? check_free(json, frame) : mismatch(json, id, frame);
    case TypeKind::kObject:
      return check_object(json, ShapeId{type.target}, id, frame);
    case TypeKind::kPartial: {
      const Frame partial{frame.path, frame.depth_left, Completeness::kPartial};
      return check_object(json, ShapeId{type.target}, id, partial);
    }
    case TypeKind::kArray:
      return check_array(json, TypeId{type.target}, id, frame);
    case TypeKind::kDataSource:
      return check_data_source(json, id, frame);
    case TypeKind::kVoid:
    case TypeKind::kStream:
    case TypeKind::kNullable:
    case TypeKind::kHttpResult:
    case TypeKind::kInject:
      break;
  }
  return mismatch(json, id, frame);
}

Flow Walk::check_object(const json::Value& json, ShapeId shape, TypeId type, const Frame& frame) {
  if (json.first() != '{') return mismatch(json, type, frame);
  if (frame.depth_left == 0) return too_deep(frame.path);
  json::Object object;
  if (const error_code code = json.get_object(object); code != simdjson::SUCCESS) {
    return malformed(code);
  }
  return check_members(object, types_.shape(shape), frame);
}

Flow Walk::check_members(json::Object& object, const Shape& shape, const Frame& frame) {
  std::array<std::uint64_t, kWordsOnStack> seen_on_stack{};
  std::uint64_t* seen = seen_on_stack.data();
  if (shape.words() > kWordsOnStack) {
    const std::span<std::uint64_t> words = arena_.make_span<std::uint64_t>(shape.words());
    std::fill(words.begin(), words.end(), std::uint64_t{0});
    seen = words.data();
  }
  const image::Array<Member>& members = shape.members;
  PathStep step{frame.path, {}, 0};
  const Frame inner{&step, frame.depth_left - 1, frame.completeness};
  std::uint32_t expected = 0;
  for (json::Field field; object.next(field);) {
    std::string_view name = field.escaped_key();
    std::uint32_t index = types_.find_padded(shape, name, expected);
    if (index == TypeTable::kNoMember) {
      const char* const position = name.data();
      if (const error_code code = field.unescaped_key(name); code != simdjson::SUCCESS) {
        return malformed_at(code, position);
      }
      index = types_.find_padded(shape, name, expected);
    }
    step.name = name;
    if (index == TypeTable::kNoMember && giver_ == Giver::kWorker && name != kForbiddenName) {
      continue;
    }
    const cidl::Access access = index == TypeTable::kNoMember || giver_ == Giver::kWorker
                                    ? cidl::Access::kOpen
                                    : members[index].access;
    // Nothing tells a hidden member from one that does not exist.
    if (index == TypeTable::kNoMember || access == cidl::Access::kHidden) {
      if (unknown_member(shape, name, &step) == Flow::kStop) return Flow::kStop;
      continue;
    }
    if (access == cidl::Access::kReadOnly) {
      const Flow flow = fail(ErrorCode::kReadOnly, "callers cannot give this member", &step);
      if (flow == Flow::kStop) return flow;
      continue;
    }
    std::uint64_t& word = seen[index / 64];
    const std::uint64_t bit = std::uint64_t{1} << (index % 64);
    if ((word & bit) != 0) {
      if (fail(ErrorCode::kParameterRepeated, "given more than once", &step) == Flow::kStop) {
        return Flow::kStop;
      }
      continue;
    }
    word |= bit;
    expected = index + 1;
    if (check(field.value(), members[index].type, inner) == Flow::kStop) return Flow::kStop;
  }
  if (object.error() != simdjson::SUCCESS) return malformed(object.error());
  if (frame.completeness == Completeness::kPartial) return Flow::kContinue;
  return missing_members(shape, seen, frame);
}

Flow Walk::check_array(const json::Value& json, TypeId element, TypeId type, const Frame& frame) {
  if (json.first() != '[') return mismatch(json, type, frame);
  if (frame.depth_left == 0) return too_deep(frame.path);
  json::Array array;
  if (const error_code code = json.get_array(array); code != simdjson::SUCCESS) {
    return malformed(code);
  }
  PathStep step{frame.path, {}, 0};
  const Frame inner{&step, frame.depth_left - 1, frame.completeness};
  for (json::Value value; array.next(value);) {
    if (step.index == limits_.array_elements) {
      return fail(ErrorCode::kLimitExceeded,
                  filled("more than % elements", {decimal(limits_.array_elements)}), frame.path);
    }
    if (check(value, element, inner) == Flow::kStop) return Flow::kStop;
    ++step.index;
  }
  if (array.error() != simdjson::SUCCESS) return malformed(array.error());
  return Flow::kContinue;
}

Flow Walk::check_integer(const json::Value& json, TypeId type, const Frame& frame) {
  const std::string_view token = json.token();
  const json::IntegerForm form = json::integer_form(token);
  if (form == json::IntegerForm::kSafe) return Flow::kContinue;
  if (form == json::IntegerForm::kMalformed) return mismatch(json, type, frame);
  return fail(
      ErrorCode::kIntegerOutOfRange,
      filled("expected an Integer between -(2^53 - 1) and 2^53 - 1, got %", {token.substr(0, 40)}),
      frame.path);
}

Flow Walk::check_real(const json::Value& json, TypeId type, const Frame& frame) {
  const json::NumberForm form = json::number_form(json.token());
  return form == json::NumberForm::kFinite ? Flow::kContinue : mismatch(json, type, frame);
}

Flow Walk::check_boolean(const json::Value& json, TypeId type, const Frame& frame) {
  bool boolean = false;
  if (json.get_bool(boolean) == simdjson::SUCCESS) return Flow::kContinue;
  return mismatch(json, type, frame);
}

Flow Walk::check_text(const json::Value& json, TypeId type, const Frame& frame) {
  std::string_view characters;
  bool read = false;
  return read_string(json, type, frame, characters, read);
}

Flow Walk::check_date(const json::Value& json, TypeId type, const Frame& frame) {
  std::string_view characters;
  bool read = false;
  const Flow flow = read_string(json, type, frame, characters, read);
  if (!read || text::is_date_iso(characters)) return flow;
  return fail(ErrorCode::kDateInvalid,
              filled("expected an ISO-8601 date, got %", {quote_excerpt(characters)}), frame.path);
}

Flow Walk::check_data_source(const json::Value& json, TypeId type, const Frame& frame) {
  std::string_view characters;
  bool read = false;
  const Flow flow = read_string(json, type, frame, characters, read);
  if (!read) return flow;
  const std::uint32_t model = types_.type(type).target;
  if (types_.names_data_source(model, characters)) {
    const bool is_parameter = frame.path != nullptr && frame.path->parent == nullptr;
    if (is_parameter) choice_ = {model, arena_.copy(characters)};
    return flow;
  }
  return fail(ErrorCode::kDataSourceUnknown,
              filled("% has no data source %",
                     {types_.shape(types_.model_shape(model)).name, quote_excerpt(characters)}),
              frame.path);
}

Flow Walk::read_string(const json::Value& json, TypeId type, const Frame& frame,
                       std::string_view& out, bool& read) {
  if (json.first() != '"') return mismatch(json, type, frame);
  const error_code code = json.get_string(out);
  read = code == simdjson::SUCCESS;
  return read ? Flow::kContinue : malformed_at(code, json.token().data());
}

Flow Walk::check_blob(const json::Value& json, TypeId type, const Frame& frame) {
  if (blob_source_.encoding == BlobEncoding::kRefused) return mismatch(json, type, frame);
  if (blob_source_.encoding == BlobEncoding::kFormIndex) return check_form_index(json, frame);
  const std::string_view token = json.token();
  std::string_view characters;
  bool read = false;
  const Flow flow = read_string(json, type, frame, characters, read);
  if (!read) return flow;
  copy_to(token.data());
  // A long string is decoded where it stands in the original, which nothing reads again.
  const json::LongString* const taken_out = take_long_string(token);
  const Result<std::string_view> decoded =
      taken_out == nullptr ? text::base64_decode(arena_, characters)
                           : text::base64_decode_in_place(taken_out->characters);
  if (!decoded.ok()) {
    return fail(ErrorCode::kBase64Invalid,
                filled("expected base64, got %", {quote_excerpt(characters)}), frame.path);
  }
  json::append_integer(rewritten_, static_cast<std::int64_t>(blobs_.size()));
  copied_ = token.data() + token.size();
  blobs_.push_back(*decoded);
  return flow;
}

Flow Walk::check_form_index(const json::Value& json, const Frame& frame) {
  std::uint64_t index = 0;
  if (json.get_uint64(index) == simdjson::SUCCESS) {
    if (index < used_parts_.size()) {
      used_parts_[static_cast<std::size_t>(index)] = 1;
      return Flow::kContinue;
    }
    return fail(ErrorCode::kFormInvalid,
                filled("there is no blob part %: the form has %",
                       {decimal(index), decimal(used_parts_.size())}),
                frame.path);
  }
  const std::string_view token = json.token();
  if (const error_code code = token_error(token); code != simdjson::SUCCESS) {
    return malformed_at(code, token.data());
  }
  return fail(ErrorCode::kFormInvalid,
              filled("expected the index of a blob part, got %", {json::describe(json)}),
              frame.path);
}

Flow Walk::check_free(const json::Value& json, const Frame& frame) {
  const Result<std::string_view> checked = json::check_any(json, frame.depth_left, {});
  if (checked.ok()) return Flow::kContinue;
  const Error& error = checked.error();
  if (error.code == ErrorCode::kJsonMalformed) {
    failures_.clear();
    failures_.push_back(
        make_error(error.code, describe_malformed(document_->location(), error.detail)));
    return Flow::kStop;
  }
  String path = render_path(frame.path);
  if (!path.empty() && !error.path.empty() && error.path.front() != '[') path += '.';
  path += error.path;
  failures_.push_back(make_error(error.code, error.detail, path));
  // The reader stands somewhere inside the value: what follows could only be misread.
  return Flow::kStop;
}

Flow Walk::unknown_member(const Shape& shape, std::string_view name, const PathStep* path) {
  if (name == kForbiddenName) {
    return fail(ErrorCode::kNameForbidden, "a member may not be called __proto__", path);
  }
  String detail = shape.kind == ShapeKind::kParameters
                      ? String("unknown parameter")
                      : filled("unknown member, % has none of this name", {shape.name});
  const std::string_view nearest = nearest_name(shape.members, name);
  if (!nearest.empty()) detail += filled("; did you mean %?", {nearest});
  return fail(ErrorCode::kParameterUnknown, detail, path);
}

Flow Walk::missing_members(const Shape& shape, const std::uint64_t* seen, const Frame& frame) {
  const image::Array<std::uint64_t>& required = shape.required;
  const image::Array<Member>& members = shape.members;
  for (std::uint32_t word = 0; word < required.size(); ++word) {
    std::uint64_t missing = required[word] & ~seen[word];
    for (std::uint32_t index = word * 64; missing != 0; ++index, missing >>= 1U) {
      if ((missing & 1U) == 0) continue;
      const PathStep step{frame.path, members[index].name, 0};
      const Flow flow =
          fail(ErrorCode::kParameterMissing,
               filled("missing, expected %", {types_.describe(members[index].type)}), &step);
      if (flow == Flow::kStop) return flow;
    }
  }
  return Flow::kContinue;
}

Flow Walk::mismatch(const json::Value& json, TypeId type, const Frame& frame) {
  const std::string_view token = json.token();
  if (const error_code code = token_error(token); code != simdjson::SUCCESS) {
    return malformed_at(code, token.data());
  }
  return fail(ErrorCode::kTypeMismatch,
              filled("expected %, got %", {types_.describe(type), json::describe(json)}),
              frame.path);
}

Flow Walk::fail(ErrorCode code, std::string_view detail, const PathStep* path) {
  failures_.push_back(make_error(code, detail, render_path(path)));
  return failures_.size() < limits_.failures ? Flow::kContinue : Flow::kStop;
}

Flow Walk::malformed(error_code code) { return malformed_at(code, document_->location()); }

Flow Walk::malformed_at(error_code code, const char* position) {
  const Error error = json::malformed_error(code, {});
  failures_.clear();
  // Nothing of the text is wrong where there is no room for it.
  failures_.push_back(error.code == ErrorCode::kNoRoom
                          ? error
                          : make_error(error.code, describe_malformed(position, error.detail)));
  return Flow::kStop;
}

String Walk::describe_malformed(const char* position, std::string_view reason) const {
  if (position == nullptr) position = text_.data() + text_.size();
  const std::string_view before(text_.data(), static_cast<std::size_t>(position - text_.data()));
  std::size_t offset = before.size();
  const auto line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_begin = before.rfind('\n');
  std::size_t column =
      1 + (line_begin == std::string_view::npos ? offset : before.size() - line_begin - 1);
  for (const json::LongString& string : long_strings_) {
    if (string.offset > before.size()) break;
    const std::size_t taken_out = string.characters.size() - json::kKeptOfLongString;
    offset += taken_out;
    if (line_begin == std::string_view::npos || string.offset > line_begin) column += taken_out;
  }
  return filled("malformed JSON at byte % (line %, column %): %",
                {decimal(offset), decimal(line), decimal(column), reason});
}

Flow Walk::too_deep(const PathStep* path) {
  fail(ErrorCode::kJsonTooDeep, filled("nested deeper than % levels", {decimal(limits_.depth)}),
       path);
  return Flow::kStop;
}

void Walk::copy_to(const char* position) {
  const auto copy = [this](const char* end) {
    rewritten_.append({copied_, static_cast<std::size_t>(end - copied_)});
    copied_ = end;
  };
  for (; next_long_string_ < long_strings_.size(); ++next_long_string_) {
    const json::LongString& string = long_strings_[next_long_string_];
    if (text_.data() + string.offset > position) break;
    const auto rest = string.characters.subspan(json::kKeptOfLongString);
    room_exceeded_ = room_exceeded_ || rest.size() > room_;
    if (room_exceeded_) continue;
    room_ -= rest.size();
    copy(text_.data() + string.offset);
    rewritten_.append({rest.data(), rest.size()});
  }
  copy(position);
}

const json::LongString* Walk::take_long_string(std::string_view token) {
  if (next_long_string_ == long_strings_.size()) return nullptr;
  const json::LongString& string = long_strings_[next_long_string_];
  if (text_.data() + string.offset > token.data() + token.size()) return nullptr;
  ++next_long_string_;
  return &string;
}

Checked Walk::finish() {
  Checked checked;
  checked.failures = std::move(failures_);
  if (!checked.ok()) return checked;
  const char* const end = text_.data() + text_.size();
  if (blobs_.empty() && long_strings_.empty()) {
    checked.json = trim_end({begin_, static_cast<std::size_t>(end - begin_)});
  } else {
    copy_to(end);
    if (room_exceeded_) {
      checked.failures.push_back(make_error(ErrorCode::kBodyTooLarge, {}));
      return checked;
    }
    checked.json = rewritten_.view();
    checked.rewriting = Rewriting::kRewritten;
  }
  checked.blobs = copy_to_arena(arena_, blobs_);
  checked.used_parts = used_parts_;
  checked.choice = choice_;
  return checked;
}

}  // namespace cloesce::validate::detail
