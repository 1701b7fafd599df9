// The strict reader agrees with simdjson's own complete parser, and written strings are read back.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "base/byte_buffer.h"
#include "json/reader.h"
#include "json/writer.h"

namespace {

using cloesce::Arena;
using cloesce::ErrorCode;
namespace json = cloesce::json;

cloesce::Result<std::string_view> check(Arena& arena, json::Reader& reader, std::string_view text) {
  auto document = reader.open(json::pad(arena, text));
  if (!document.ok()) return cloesce::Failure{document.error()};
  return json::check_document(**document, json::kDefaultDepth, "");
}

void compare_with_complete_parser(std::string_view text) {
  Arena arena;
  json::Reader reader;
  const auto checked = check(arena, reader, text);

  simdjson::dom::parser parser;
  simdjson::dom::element element;
  const auto code = parser.parse(json::pad(arena, text)).get(element);
  if (checked.ok()) {
    // The complete parser refuses integers beyond 64 bits, which are JSON.
    CLOESCE_ASSERT(code == simdjson::SUCCESS || code == simdjson::NUMBER_ERROR ||
                   code == simdjson::BIGINT_ERROR);
    Arena again_arena;
    json::Reader again_reader;
    const auto again = check(again_arena, again_reader, *checked);
    CLOESCE_ASSERT(again.ok() && *again == *checked);
  } else if (code == simdjson::SUCCESS) {
    const ErrorCode error = checked.error().code;
    CLOESCE_ASSERT(error == ErrorCode::kNameForbidden || error == ErrorCode::kJsonTooDeep);
  }
}

void write_and_read_string(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return;
  Arena arena;
  cloesce::ByteBuffer out(arena);
  json::append_string(out, text);
  json::Reader reader;
  auto document = reader.open(json::pad(arena, out.view()));
  CLOESCE_ASSERT(document.ok());
  std::string_view read;
  CLOESCE_ASSERT((*document)->root().get_string(read) == simdjson::SUCCESS);
  CLOESCE_ASSERT(read == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  compare_with_complete_parser(text);
  write_and_read_string(text);
  return 0;
}
