// Escaping, numbers, and the commas and line breaks of the structured writer.
#include "json/writer.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "base/assert.h"
#include "base/concat.h"
#include "json/detail/escapes.h"

namespace cloesce::json {
namespace {

// The end of the run that can be copied as it is.
const char* plain_end(const char* cursor, const char* end) {
  while (end - cursor >= 8 && !detail::any_special(cursor)) cursor += 8;
  while (cursor != end && !detail::is_special(*cursor)) ++cursor;
  return cursor;
}

void append_escape(ByteBuffer& out, char character) {
  switch (character) {
    case '"':
      return out.append("\\\"");
    case '\\':
      return out.append("\\\\");
    case '\n':
      return out.append("\\n");
    case '\r':
      return out.append("\\r");
    case '\t':
      return out.append("\\t");
    case '\b':
      return out.append("\\b");
    case '\f':
      return out.append("\\f");
    default: {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(character);
      char* place = out.prepare(6);
      std::memcpy(place, "\\u00", 4);
      place[4] = kDigits[byte >> 4];
      place[5] = kDigits[byte & 0xF];
      out.commit(6);
    }
  }
}

}  // namespace

void append_string(ByteBuffer& out, std::string_view text) {
  // Room for the usual case, in which nothing is escaped.
  (void)out.prepare(text.size() + 2);
  out.push('"');
  const char* cursor = text.data();
  const char* const end = cursor + text.size();
  while (true) {
    const char* const stop = plain_end(cursor, end);
    out.append({cursor, static_cast<std::size_t>(stop - cursor)});
    if (stop == end) break;
    append_escape(out, *stop);
    cursor = stop + 1;
  }
  out.push('"');
}

void append_integer(ByteBuffer& out, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value < 0) out.push('-');
  out.append(decimal(value < 0 ? -bits : bits));
}

void append_double(ByteBuffer& out, double value) {
  if (!std::isfinite(value)) return out.append("null");
  // The longest shortest form has 24 characters: -2.2250738585072014e-308.
  constexpr std::size_t kLongest = 32;
  char* const begin = out.prepare(kLongest);
  const char* const end = fmt::format_to(begin, FMT_COMPILE("{}"), value);
  out.commit(static_cast<std::size_t>(end - begin));
}

Writer& Writer::begin_object() {
  before_value();
  out_.push('{');
  open();
  return *this;
}

Writer& Writer::end_object() {
  close('}');
  return *this;
}

Writer& Writer::begin_array() {
  before_value();
  out_.push('[');
  open();
  return *this;
}

Writer& Writer::end_array() {
  close(']');
  return *this;
}

Writer& Writer::key(std::string_view name) {
  CLOESCE_ASSERT(depth_ > 0 && !after_key_);
  separate();
  append_string(out_, name);
  out_.append(layout_ == Layout::kCompact ? ":" : ": ");
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view value) {
  before_value();
  append_string(out_, value);
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  before_value();
  append_integer(out_, value);
  return *this;
}

Writer& Writer::number(double value) {
  before_value();
  append_double(out_, value);
  return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  before_value();
  out_.append(json);
  return *this;
}

void Writer::open() {
  CLOESCE_ASSERT(depth_ < kMaximumDepth);
  ++depth_;
  first_ = true;
}

void Writer::separate() {
  if (!first_) out_.append(layout_ == Layout::kLine ? ", " : ",");
  first_ = false;
  line_break();
}

void Writer::before_value() {
  if (after_key_) {
    after_key_ = false;
  } else if (depth_ > 0) {
    separate();
  }
}

void Writer::line_break() {
  if (layout_ != Layout::kIndented) return;
  const auto indentation = static_cast<std::size_t>(depth_) * 2;
  char* const place = out_.prepare(indentation + 1);
  place[0] = '\n';
  std::memset(place + 1, ' ', indentation);
  out_.commit(indentation + 1);
}

void Writer::close(char bracket) {
  CLOESCE_ASSERT(depth_ > 0 && !after_key_);
  --depth_;
  if (!first_) line_break();
  first_ = false;
  out_.push(bracket);
}

}  // namespace cloesce::json
