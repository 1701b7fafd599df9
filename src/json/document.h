// Reads JSON in place: simdjson's first stage checks a text and notes where its tokens begin, and
// what is here walks over those places. Nothing is built, nothing silently accepted.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"

namespace cloesce::json {

using simdjson::error_code;

/// Bytes that must be readable after a document (their content does not matter).
inline constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;

/// What a value is by its first character. Invalid is one that begins none.
enum class Type : std::uint8_t { kInvalid, kObject, kArray, kString, kNumber, kBoolean, kNull };

class Array;
class Document;
class Object;

/// A value, in two words. Values are read in their order, at most once; one that nobody reads is
/// passed over, with whatever is in it. Texts that are lent live until the reader opens another
/// document.
class Value {
 public:
  Value() = default;

  /// What can be said without reading it.
  [[nodiscard]] Type type() const;
  [[nodiscard]] inline char first() const;
  /// A scalar as it is written; of an object or array its bracket alone.
  [[nodiscard]] std::string_view token() const;

  /// Each answers INCORRECT_TYPE for a value of another type, which is left unread.
  [[nodiscard]] error_code get_object(Object& object) const;
  [[nodiscard]] error_code get_array(Array& array) const;
  [[nodiscard]] error_code get_bool(bool& flag) const;
  /// A whole number of at most 19 digits.
  [[nodiscard]] error_code get_uint64(std::uint64_t& number) const;
  /// The characters of a string, escapes undone.
  [[nodiscard]] error_code get_string(std::string_view& text) const;
  [[nodiscard]] bool is_null() const { return token() == "null"; }

  /// Counts a scalar as read.
  void pass() const;
  /// All of the value as it is written. Of what is in it only the brackets are looked at.
  [[nodiscard]] error_code raw_json(std::string_view& text) const;
  /// Behind the token of its document that was read last.
  [[nodiscard]] inline const char* read_to() const;

 private:
  friend class Array;
  friend class Document;
  friend class Field;
  friend class Object;

  Value(Document* document, const std::uint32_t* place) : document_(document), place_(place) {}
  [[nodiscard]] error_code open(char bracket) const;

  Document* document_ = nullptr;
  const std::uint32_t* place_ = nullptr;  // in the index
};

/// A member of an object.
class Field {
 public:
  Field() = default;

  /// The name as it stands between its quotes.
  [[nodiscard]] std::string_view escaped_key() const;
  [[nodiscard]] error_code unescaped_key(std::string_view& name) const;
  [[nodiscard]] Value value() const { return {name_.document_, name_.place_ + 2}; }

 private:
  friend class Object;

  explicit Field(Value name) : name_(name) {}

  Value name_;
};

/// Where the reading of an object or array stands. `next` of either answers false behind the last
/// one and at malformed JSON, which `error` tells apart.
class Container {
 public:
  [[nodiscard]] inline error_code error() const;
  /// Begins again. Nothing above it may have been read on.
  void rewind();

 protected:
  Container() = default;

  void open(Document* document);
  /// Moves to the next item.
  [[nodiscard]] bool advance(char closing);

  Document* document_ = nullptr;
  const std::uint32_t* begin_ = nullptr;  // behind the bracket
  const std::uint32_t* last_ = nullptr;   // the value that was handed out last
  std::uint32_t depth_ = 0;
};

/// `for (Value element; array.next(element);)`
class Array : public Container {
 public:
  [[nodiscard]] bool next(Value& element);

 private:
  friend class Value;
};

/// `for (Field member; object.next(member);)`
class Object : public Container {
 public:
  [[nodiscard]] bool next(Field& member);
  /// The first member that is written exactly as `name`, from the beginning: NO_SUCH_FIELD when
  /// there is none.
  [[nodiscard]] error_code find(std::string_view name, Value& value);

 private:
  friend class Value;
};

/// A text and how far it has been read.
class Document {
 public:
  explicit Document(Account* account = nullptr) : unescaped_(account) {}

  /// The value that the text begins with.
  [[nodiscard]] Value root() { return {this, begin_}; }
  /// The same; INCOMPLETE_ARRAY_OR_OBJECT where its last token does not close it.
  [[nodiscard]] error_code get_value(Value& value);
  [[nodiscard]] error_code get_object(Object& object);
  [[nodiscard]] error_code get_array(Array& array);

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  /// The token that the last error is about, else the one that is next. Null behind the last.
  [[nodiscard]] const char* location() const;
  /// Behind the token that was read last.
  [[nodiscard]] const char* read_to() const { return text_ + at_[-1] + 1; }

 private:
  friend class Array;
  friend class Container;
  friend class Field;
  friend class Object;
  friend class Reader;
  friend class Value;

  void start(const char* text, const simdjson::internal::dom_parser_implementation& kernel);
  void forget() { unescaped_.reset(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[*at_]; }
  /// The first character of the next token, which counts as read; zero behind the last.
  char take();
  /// Counts a scalar as read, once.
  void pass(const std::uint32_t* place);
  /// Answers false.
  bool fail(error_code code);
  /// Reads on until just behind what `depth` containers hold.
  [[nodiscard]] bool skip(std::uint32_t depth);
  [[nodiscard]] std::string_view token(const std::uint32_t* place) const;
  [[nodiscard]] error_code unescape(std::string_view raw, std::string_view& text);

  const char* text_ = nullptr;
  const std::uint32_t* begin_ = nullptr;  // the index; behind its end stands the size of the text
  const std::uint32_t* at_ = nullptr;
  const std::uint32_t* end_ = nullptr;
  std::uint32_t depth_ = 0;  // containers that are being read
  error_code error_ = simdjson::SUCCESS;
  const simdjson::internal::dom_parser_implementation* kernel_ = nullptr;
  Arena unescaped_;
};

char Value::first() const { return document_->text_[*place_]; }

const char* Value::read_to() const { return document_->read_to(); }

error_code Container::error() const { return document_->error_; }

}  // namespace cloesce::json
