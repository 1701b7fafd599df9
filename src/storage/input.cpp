#include "storage/input.h"

#include <algorithm>

#include "base/ascii.h"
#include "json/document.h"
#include "json/reader.h"

namespace cloesce::storage {
namespace {

/// The value of a JSON number, exact for integers up to 2^53 and as good as arithmetic makes it for
/// others. The C library's way would bring its streams into the module.
double number_of(std::string_view token) {
  constexpr int kMostExponent = 400;  // anything beyond is zero or infinity
  std::size_t at = 0;
  const bool negative = token.starts_with('-');
  if (negative) at = 1;
  double value = 0;
  int scale = 0;
  bool fraction = false;
  for (; at < token.size() && (is_digit(token[at]) || token[at] == '.'); ++at) {
    if (token[at] == '.') {
      fraction = true;
      continue;
    }
    value = value * 10 + (token[at] - '0');
    if (fraction) --scale;
  }
  if (at < token.size()) {
    ++at;  // the letter
    const bool down = at < token.size() && token[at] == '-';
    if (at < token.size() && !is_digit(token[at])) ++at;
    int exponent = 0;
    for (; at < token.size() && is_digit(token[at]); ++at)
      exponent = std::min(exponent * 10 + (token[at] - '0'), kMostExponent);
    scale += down ? -exponent : exponent;
  }
  double power = 1;
  for (int step = std::min(std::abs(scale), 2 * kMostExponent); step > 0; --step) power *= 10;
  value = scale < 0 ? value / power : value * power;
  return negative ? -value : value;
}

}  // namespace

/// Builds values from a document.
class InputReader {
 public:
  /// False where the text is no JSON.
  [[nodiscard]] static bool read(const json::Value& value, Input& input, int levels) {
    switch (value.type()) {
      case json::Type::kArray:
        return levels > 0 && read_array(value, input, levels - 1);
      case json::Type::kObject:
        return levels > 0 && read_object(value, input, levels - 1);
      case json::Type::kString: {
        std::string_view text;
        if (value.get_string(text) != simdjson::SUCCESS) return false;
        input.kind_ = InputKind::kString;
        input.text_ = text;
        return true;
      }
      case json::Type::kNumber:
        input.kind_ = InputKind::kNumber;
        input.number_ = number_of(value.token());
        value.pass();
        return true;
      case json::Type::kBoolean: {
        bool flag = false;
        if (value.get_bool(flag) != simdjson::SUCCESS) return false;
        input.kind_ = InputKind::kBoolean;
        input.number_ = flag ? 1 : 0;
        return true;
      }
      case json::Type::kNull:
        value.pass();
        return true;
      case json::Type::kInvalid:
        return false;
    }
    return false;
  }

 private:
  static bool read_array(const json::Value& value, Input& input, int levels) {
    json::Array array;
    if (value.get_array(array) != simdjson::SUCCESS) return false;
    input.kind_ = InputKind::kArray;
    for (json::Value element; array.next(element);) {
      if (!read(element, input.items_.emplace_back(), levels)) return false;
    }
    return array.error() == simdjson::SUCCESS;
  }

  static bool read_object(const json::Value& value, Input& input, int levels) {
    json::Object object;
    if (value.get_object(object) != simdjson::SUCCESS) return false;
    input.kind_ = InputKind::kObject;
    for (json::Field member; object.next(member);) {
      std::string_view name;
      if (member.unescaped_key(name) != simdjson::SUCCESS) return false;
      input.names_.emplace_back(name);
      if (!read(member.value(), input.items_.emplace_back(), levels)) return false;
    }
    return object.error() == simdjson::SUCCESS;
  }
};

std::optional<Input> Input::parse(std::string_view json) {
  Arena arena;
  json::Reader reader;
  auto document = reader.open(json::pad(arena, json));
  if (!document.ok()) return std::nullopt;
  if (!json::check_document(**document, kMostLevels, "").ok()) return std::nullopt;
  document = reader.open(json::pad(arena, json));
  Input input;
  if (!document.ok() || !InputReader::read((*document)->root(), input, kMostLevels))
    return std::nullopt;
  return input;
}

std::optional<double> Input::maybe_number() const {
  if (kind_ != InputKind::kNumber) return std::nullopt;
  return number_;
}

std::uint64_t Input::size() const {
  constexpr double kMost = 9007199254740991;
  if (!(number_ >= 0) || number_ > kMost) return 0;
  return static_cast<std::uint64_t>(number_);
}

std::optional<std::string_view> Input::maybe_text() const {
  if (kind_ != InputKind::kString) return std::nullopt;
  return text_;
}

const Input& Input::at(std::size_t index) const {
  static const Input kNone;
  return index < items_.size() ? items_[index] : kNone;
}

const Input& Input::member(std::string_view name) const {
  for (std::size_t index = 0; index < names_.size(); ++index)
    if (names_[index] == name) return items_[index];
  return at(items_.size());
}

}  // namespace cloesce::storage
