#include "storage/r2_rules.h"

#include <algorithm>
#include <cmath>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "json/writer.h"

namespace cloesce::storage {
namespace {

Refusal internal() { return {10001, "We encountered an internal error. Please try again."}; }
Refusal no_such_upload() { return {10024, "The specified multipart upload does not exist."}; }
Refusal bad_upload() { return {10048, "There was a problem with the multipart upload."}; }
Refusal not_satisfiable() { return {10039, "The requested range is not satisfiable"}; }

/// A number for a message, as JavaScript prints it.
std::string printed(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (value == std::trunc(value) && std::abs(value) < 9e15)
    return std::to_string(static_cast<std::int64_t>(value));
  Arena arena;
  ByteBuffer text(arena);
  json::append_double(text, value);
  return std::string(text.view());
}

std::optional<Refusal> check_member(std::string_view name, std::optional<double> value) {
  if (!value.has_value()) return std::nullopt;
  const std::string rest = ". " + std::string(name) + " (" + printed(*value) + ") must be ";
  if (std::isnan(*value) || *value != std::trunc(*value) || std::isinf(*value))
    return Refusal{kRangeError, "Invalid range" + rest + "an integer, not floating point."};
  if (*value < 0) {
    const std::string what = name == "Suffix" ? "suffix" : "range";
    return Refusal{kRangeError, "Invalid " + what + rest + "greater than or equal to 0."};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_r2_key(std::string_view key) {
  if (key.size() <= kR2KeyBytes) return std::nullopt;
  return Refusal{10020, "The specified object name is not valid."};
}

std::optional<Refusal> check_r2_delete(std::uint64_t keys) {
  if (keys <= kR2DeleteKeys) return std::nullopt;
  return Refusal{10022, "MaxKeys params must be positive integer <= 1000."};
}

std::optional<Refusal> check_r2_metadata(std::uint64_t bytes) {
  if (bytes <= kR2MetadataBytes) return std::nullopt;
  return Refusal{10012, "Your metadata headers exceed the maximum allowed metadata size."};
}

std::optional<Refusal> check_r2_size(std::uint64_t bytes) {
  if (bytes <= kR2ObjectBytes) return std::nullopt;
  return Refusal{100100, "Your proposed upload exceeds the maximum allowed object size."};
}

std::optional<Refusal> check_r2_part_number(double number) {
  if (number >= 1 && number <= kR2Parts && number == std::trunc(number)) return std::nullopt;
  return Refusal{
      kTypeError,
      "Part number must be between 1 and 10000 (inclusive). Actual value was: " + printed(number)};
}

Ruled<int> r2_page_size(std::optional<double> limit, Detail detail) {
  const int most = detail == Detail::kMetadata ? kR2DetailedKeys : kR2ListKeys;
  if (!limit.has_value()) return most;
  const double asked = std::isfinite(*limit) ? std::trunc(*limit) : 0;
  if (asked < 0) return most;
  if (asked < 1 || asked > kR2ListKeys)
    return Refusal{10022, "MaxKeys params must be positive integer <= 1000."};
  return std::min(most, static_cast<int>(asked));
}

Ruled<ByteRange> resolve_r2_range(const R2Range& range, std::uint64_t size) {
  if (range.suffix.has_value()) {
    if (range.offset.has_value()) return Refusal{kTypeError, "Suffix is incompatible with offset."};
    if (range.length.has_value()) return Refusal{kTypeError, "Suffix is incompatible with length."};
  }
  if (auto refusal = check_member("Starting offset", range.offset)) return *refusal;
  if (auto refusal = check_member("Length", range.length)) return *refusal;
  if (auto refusal = check_member("Suffix", range.suffix)) return *refusal;

  const auto whole = static_cast<double>(size);
  double offset = range.offset.value_or(0);
  double length = range.length.value_or(whole - offset);
  if (range.suffix.has_value()) {
    length = std::min(*range.suffix, whole);
    offset = whole - length;
  }
  if (length <= 0 || offset >= whole) return not_satisfiable();
  length = std::min(length, whole - offset);
  const auto start = static_cast<std::uint64_t>(offset);
  return ByteRange{start, start + static_cast<std::uint64_t>(length) - 1};
}

std::optional<Refusal> check_r2_upload(Upload upload) {
  if (upload == Upload::kOpen) return std::nullopt;
  return no_such_upload();
}

std::optional<Refusal> check_r2_completion(Upload upload) {
  if (upload == Upload::kOpen) return std::nullopt;
  return upload == Upload::kUnknown ? internal() : no_such_upload();
}

std::optional<Refusal> check_r2_abort(Upload upload) {
  if (upload == Upload::kUnknown) return internal();
  return std::nullopt;
}

Ruled<std::vector<double>> complete_r2_upload(const std::vector<R2Part>& chosen,
                                              const std::vector<R2Part>& uploaded) {
  std::vector<double> numbers;
  for (const R2Part& part : chosen) numbers.push_back(part.number);
  std::sort(numbers.begin(), numbers.end());
  if (std::adjacent_find(numbers.begin(), numbers.end()) != numbers.end()) return internal();

  const auto uploaded_part = [&](double number) {
    return std::find_if(uploaded.begin(), uploaded.end(),
                        [&](const R2Part& part) { return part.number == number; });
  };
  for (const R2Part& part : chosen) {
    const auto found = uploaded_part(part.number);
    if (found == uploaded.end() || found->etag != part.etag)
      return Refusal{10025, "One or more of the specified parts could not be found."};
  }
  for (std::size_t index = 0; index + 1 < chosen.size(); ++index) {
    if (uploaded_part(chosen[index].number)->size < kR2PartBytes)
      return Refusal{10011,
                     "Your proposed upload is smaller than the minimum allowed object size."};
  }
  for (std::size_t index = 0; index + 1 < numbers.size(); ++index) {
    const std::uint64_t first = uploaded_part(numbers.front())->size;
    const std::uint64_t size = uploaded_part(numbers[index])->size;
    if (size < kR2PartBytes || size != first) return bad_upload();
    if (uploaded_part(numbers.back())->size > first) return bad_upload();
  }
  return numbers;
}

}  // namespace cloesce::storage
