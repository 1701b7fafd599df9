// The walk over the index. The last token of a document that is an object or array closes it, so
// whatever opens or separates has a token behind it.
#include "json/document.h"

#include <cstring>

namespace cloesce::json {
namespace {

bool is_space(char character) {
  return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}

// A token that is a string has both of its quotes: the first stage refuses one that is not closed.
std::string_view between_quotes(std::string_view token) {
  return token.substr(1, token.size() - 2);
}

}  // namespace

std::string_view Value::token() const { return document_->token(place_); }

error_code Value::get_string(std::string_view& text) const {
  if (first() != '"') return simdjson::INCORRECT_TYPE;
  document_->pass(place_);
  return document_->unescape(between_quotes(token()), text);
}

std::string_view Field::escaped_key() const { return between_quotes(name_.token()); }

error_code Field::unescaped_key(std::string_view& name) const {
  return name_.document_->unescape(escaped_key(), name);
}

bool Container::advance(char closing) {
  Document& document = *document_;
  if (document.error_ != simdjson::SUCCESS || document.depth_ < depth_) return false;
  if (last_ == nullptr) {
    if (document.peek() != closing) return true;
  } else if ((document.at_ == last_ || document.depth_ != depth_) && !document.skip(depth_)) {
    return false;
  }
  const char character = document.take();
  if (character == ',') return true;
  if (character != closing) return document.fail(simdjson::TAPE_ERROR);
  // Where this is the end of the text, nothing closes what it is in.
  --document.depth_;
  if (document.depth_ > 0 && document.at_end()) {
    document.fail(simdjson::INCOMPLETE_ARRAY_OR_OBJECT);
  }
  return false;
}

bool Array::next(Value& element) {
  if (!advance(']')) return false;
  last_ = document_->at_;
  element = Value(document_, last_);
  return true;
}

bool Object::next(Field& member) {
  if (!advance('}')) return false;
  Document& document = *document_;
  member = Field(Value(document_, document.at_));
  if (document.take() != '"' || document.take() != ':') {
    return document.fail(simdjson::TAPE_ERROR);
  }
  last_ = document.at_;
  return true;
}

char Document::take() { return at_end() ? '\0' : text_[*at_++]; }

void Document::pass(const std::uint32_t* place) {
  if (at_ == place) ++at_;
}

bool Document::fail(error_code code) {
  error_ = code;
  return false;
}

bool Document::skip(std::uint32_t depth) {
  do {
    if (at_end()) return fail(simdjson::TAPE_ERROR);
    switch (take()) {
      case '{':
      case '[':
        ++depth_;
        break;
      case '}':
      case ']':
        --depth_;
        break;
      case ',':
      case ':':
        if (depth_ == depth) return fail(simdjson::TAPE_ERROR);  // in place of a value
        break;
      default:
        break;
    }
  } while (depth_ > depth);
  return depth_ == depth || fail(simdjson::TAPE_ERROR);
}

std::string_view Document::token(const std::uint32_t* place) const {
  const char* const begin = text_ + place[0];
  const char* end = text_ + place[1];
  while (is_space(end[-1])) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

error_code Document::unescape(std::string_view raw, std::string_view& text) {
  text = raw;
  if (raw.empty() || std::memchr(raw.data(), '\\', raw.size()) == nullptr) return simdjson::SUCCESS;
  const std::size_t room = raw.size() + kPadding;
  auto* const begin = static_cast<std::uint8_t*>(unescaped_.allocate_if_fits(room));
  if (begin == nullptr) return simdjson::MEMALLOC;
  const std::uint8_t* const end =
      kernel_->parse_string(reinterpret_cast<const std::uint8_t*>(raw.data()), begin, false);
  if (end == nullptr) return simdjson::STRING_ERROR;
  const auto size = static_cast<std::size_t>(end - begin);
  // What it may write beyond the end is given back, for many short strings.
  static_cast<void>(unescaped_.extend(begin, room, size));
  text = {reinterpret_cast<const char*>(begin), size};
  return simdjson::SUCCESS;
}

}  // namespace cloesce::json
