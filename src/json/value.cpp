// What every call site of a document needs, but none needs fast.
#include "base/ascii.h"
#include "json/document.h"

namespace cloesce::json {

Type Value::type() const {
  const char character = first();
  switch (character) {
    case '{':
      return Type::kObject;
    case '[':
      return Type::kArray;
    case '"':
      return Type::kString;
    case 't':
    case 'f':
      return Type::kBoolean;
    case 'n':
      return Type::kNull;
    default:
      return character == '-' || is_digit(character) ? Type::kNumber : Type::kInvalid;
  }
}

error_code Value::open(char bracket) const {
  if (first() != bracket) return simdjson::INCORRECT_TYPE;
  if (document_->at_ != place_) return simdjson::OUT_OF_ORDER_ITERATION;
  ++document_->at_;
  ++document_->depth_;
  return simdjson::SUCCESS;
}

error_code Value::get_object(Object& object) const {
  const error_code code = open('{');
  if (code == simdjson::SUCCESS) object.open(document_);
  return code;
}

error_code Value::get_array(Array& array) const {
  const error_code code = open('[');
  if (code == simdjson::SUCCESS) array.open(document_);
  return code;
}

error_code Value::get_bool(bool& flag) const {
  flag = first() == 't';
  if (token() != (flag ? "true" : "false")) return simdjson::INCORRECT_TYPE;
  document_->pass(place_);
  return simdjson::SUCCESS;
}

error_code Value::get_uint64(std::uint64_t& number) const {
  constexpr std::size_t kMostDigits = 19;
  const std::string_view text = token();
  if (text.size() > kMostDigits || (text.size() > 1 && text.front() == '0')) {
    return simdjson::NUMBER_ERROR;
  }
  number = 0;
  for (const char character : text) {
    if (character < '0' || character > '9') return simdjson::INCORRECT_TYPE;
    number = number * 10 + static_cast<unsigned char>(character - '0');
  }
  document_->pass(place_);
  return simdjson::SUCCESS;
}

void Value::pass() const { document_->pass(place_); }

error_code Value::raw_json(std::string_view& text) const {
  Document& document = *document_;
  if (document.at_ == place_ && !document.skip(document.depth_)) return document.error_;
  text = token();
  if (text.front() == '{' || text.front() == '[') {
    text = {text.data(), static_cast<std::size_t>(document.read_to() - text.data())};
  }
  return simdjson::SUCCESS;
}

void Container::open(Document* document) {
  document_ = document;
  begin_ = document->at_;
  last_ = nullptr;
  depth_ = document->depth_;
}

void Container::rewind() {
  document_->at_ = begin_;
  document_->depth_ = depth_;
  last_ = nullptr;
}

error_code Object::find(std::string_view name, Value& value) {
  rewind();
  for (Field member; next(member);) {
    if (member.escaped_key() != name) continue;
    value = member.value();
    return simdjson::SUCCESS;
  }
  return error() != simdjson::SUCCESS ? error() : simdjson::NO_SUCH_FIELD;
}

error_code Document::get_value(Value& value) {
  value = root();
  const char first = value.first();
  const char closing = first == '{' ? '}' : ']';
  if ((first == '{' || first == '[') && text_[end_[-1]] != closing) {
    fail(simdjson::INCOMPLETE_ARRAY_OR_OBJECT);
  }
  return error_;
}

error_code Document::get_object(Object& object) {
  Value value;
  const error_code code = get_value(value);
  return code != simdjson::SUCCESS ? code : value.get_object(object);
}

error_code Document::get_array(Array& array) {
  Value value;
  const error_code code = get_value(value);
  return code != simdjson::SUCCESS ? code : value.get_array(array);
}

const char* Document::location() const {
  const std::uint32_t* place = at_;
  if (error_ != simdjson::SUCCESS) {
    if (at_ != begin_) --place;
  } else if (at_end()) {
    return nullptr;
  }
  return text_ + *place;
}

void Document::start(const char* text,
                     const simdjson::internal::dom_parser_implementation& kernel) {
  text_ = text;
  begin_ = at_ = kernel.structural_indexes.get();
  end_ = begin_ + kernel.n_structural_indexes;
  depth_ = 0;
  error_ = simdjson::SUCCESS;
  kernel_ = &kernel;
  unescaped_.reset();
}

}  // namespace cloesce::json
