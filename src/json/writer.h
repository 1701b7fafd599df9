// Writes JSON text into a ByteBuffer, in the order given.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_buffer.h"

namespace cloesce::json {

/// Appends `text` as a JSON string with quotes. `text` must be UTF-8; control characters, `"` and
/// `\` are escaped, everything else is copied as it is.
void append_string(ByteBuffer& out, std::string_view text);

/// Appends a number. A double is printed so that it reads back the same; NaN and infinities become
/// null.
void append_integer(ByteBuffer& out, std::int64_t value);
void append_double(ByteBuffer& out, double value);

enum class Layout : std::uint8_t {
  kCompact,   // {"a":1,"b":[]}
  kLine,      // {"a": 1, "b": []}
  kIndented,  // a line per member, two spaces a level
};

/// Structured writing: commas, colons and line breaks are its business. Empty objects and arrays
/// stay on one line. Calls must be balanced; keys only inside objects; at most 256 levels.
class Writer {
 public:
  explicit Writer(ByteBuffer& out, Layout layout = Layout::kCompact) : out_(out), layout_(layout) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view value);
  Writer& integer(std::int64_t value);
  Writer& number(double value);
  Writer& boolean(bool value);
  Writer& null();
  /// A complete JSON value, copied as it is.
  Writer& raw(std::string_view json);

 private:
  static constexpr int kMaximumDepth = 256;

  void open();
  void separate();
  void before_value();
  void line_break();
  void close(char bracket);

  ByteBuffer& out_;
  Layout layout_;
  int depth_ = 0;
  bool first_ = true;       // no value yet at this level
  bool after_key_ = false;  // the next value belongs to a key
};

}  // namespace cloesce::json
