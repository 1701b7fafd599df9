// A body that is accepted is valid JSON before and after blobs are taken out, whatever lies behind
// it in memory, and no shorter text than an accepted one is accepted. Taking long strings out
// before changes nothing: not what is accepted, not what comes of it, not the messages.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "compile/image/built.h"
#include "horse_interface.h"
#include "json/long_strings.h"
#include "json/reader.h"
#include "validate/validator.h"

namespace {

using cloesce::Arena;
namespace json = cloesce::json;
namespace validate = cloesce::validate;

/// `text` with padding of one repeated character.
simdjson::padded_string_view pad_with(Arena& arena, std::string_view text, char filler) {
  char* const memory = static_cast<char*>(arena.allocate(text.size() + json::kPadding, 1));
  if (!text.empty()) std::memcpy(memory, text.data(), text.size());
  std::memset(memory + text.size(), filler, json::kPadding);
  return simdjson::padded_string_view(memory, text.size(), text.size() + json::kPadding);
}

bool is_json(Arena& arena, std::string_view text) {
  json::Reader reader;
  const auto document = reader.open(json::pad(arena, text));
  return document.ok() && json::check_document(**document, json::kDefaultDepth, "").ok();
}

std::string_view without_space_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

void expect_same(const validate::Checked& plain, const validate::Checked& shortened) {
  CLOESCE_ASSERT(plain.failures.size() == shortened.failures.size());
  for (std::size_t index = 0; index < plain.failures.size(); ++index) {
    CLOESCE_ASSERT(cloesce::render(plain.failures[index]) ==
                   cloesce::render(shortened.failures[index]));
  }
  if (!plain.ok()) return;
  CLOESCE_ASSERT(without_space_behind(plain.json) == without_space_behind(shortened.json));
  CLOESCE_ASSERT(std::equal(plain.blobs.begin(), plain.blobs.end(), shortened.blobs.begin(),
                            shortened.blobs.end()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cloesce::cidl::Interface kInterface = cloesce::fuzz::horse_interface();
  static const auto kTypes = cloesce::image::testing::built_types(kInterface);
  static const validate::Validator kValidator(*kTypes);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const validate::ShapeId parameters =
      cloesce::image::testing::parameters_of_service(kInterface, 0, 0);
  Arena arena;
  json::Reader reader;
  const auto check = [&](std::string_view body, char filler, validate::BlobSource blobs) {
    return kValidator.check_body(parameters, reader, pad_with(arena, body, filler), blobs, arena);
  };

  const validate::BlobSource base64{};
  const validate::Checked checked = check(text, '\0', base64);
  for (const char filler : {'}', ']', ',', '"', '1', ':'}) {
    CLOESCE_ASSERT(check(text, filler, base64).ok() == checked.ok());
  }
  // Decoded where they stand, so in a copy. The least that can be taken out is one character.
  const std::string_view copy = pad_with(arena, text, '\0');
  const auto shortened = json::shorten({const_cast<char*>(copy.data()), copy.size()}, 1 << 20,
                                       arena, json::kKeptOfLongString + 1);
  CLOESCE_ASSERT(shortened.has_value());
  expect_same(checked, kValidator.check_body(parameters, reader, *shortened, base64, arena));
  const validate::Checked form = check(text, '\0', {validate::BlobEncoding::kFormIndex, 2});
  CLOESCE_ASSERT(!form.ok() || form.used_parts.size() == 2);
  if (!checked.ok()) {
    CLOESCE_ASSERT(checked.failures.size() <= validate::Limits{}.failures);
    return 0;
  }
  CLOESCE_ASSERT(is_json(arena, text));
  CLOESCE_ASSERT(is_json(arena, checked.json));
  CLOESCE_ASSERT((checked.rewriting == validate::Rewriting::kRewritten) == !checked.blobs.empty());
  const std::size_t end = text.find_last_of('}');
  CLOESCE_ASSERT(!check(text.substr(0, end), '}', base64).ok());
  return 0;
}
