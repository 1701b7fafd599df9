// Every value has exactly one base64 text: what is decoded encodes to the same text, and back.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "base/byte_buffer.h"
#include "text/base64.h"

namespace {

std::string_view encode(cloesce::Arena& arena, std::string_view bytes) {
  cloesce::ByteBuffer out(arena);
  cloesce::text::append_base64(out, bytes);
  return out.view();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  cloesce::Arena arena;
  if (const auto decoded = cloesce::text::base64_decode(arena, input); decoded.ok()) {
    CLOESCE_ASSERT(encode(arena, *decoded) == input);
  }
  const std::string_view encoded = encode(arena, input);
  CLOESCE_ASSERT(encoded.size() == cloesce::text::base64_encoded_size(size));
  const auto back = cloesce::text::base64_decode(arena, encoded);
  CLOESCE_ASSERT(back.ok() && *back == input);
  return 0;
}
