// aklomp/base64, with the checks that make its decoding strict.
#include "text/base64.h"

#include <libbase64.h>

#include "base/assert.h"

namespace cloesce::text {
namespace {

// The value of a character of the alphabet; what it answers for others does not matter.
unsigned value_of(char character) {
  if (character >= 'A' && character <= 'Z') return static_cast<unsigned>(character - 'A');
  if (character >= 'a' && character <= 'z') return static_cast<unsigned>(character - 'a' + 26);
  if (character >= '0' && character <= '9') return static_cast<unsigned>(character - '0' + 52);
  return character == '+' ? 62 : 63;
}

// The library ignores the bits of the last character that no byte uses.
bool has_stray_bits(std::string_view text) {
  if (text.empty() || text.back() != '=') return false;
  if (text[text.size() - 2] == '=') return (value_of(text[text.size() - 3]) & 0xF) != 0;
  return (value_of(text[text.size() - 2]) & 0x3) != 0;
}

}  // namespace

void append_base64(ByteBuffer& out, std::string_view bytes) {
  if (bytes.empty()) return;
  std::size_t written = 0;
  base64_encode(bytes.data(), bytes.size(), out.prepare(base64_encoded_size(bytes.size())),
                &written, 0);
  out.commit(written);
}

Result<void> base64_decode(std::string_view text, std::span<char> out) {
  const std::size_t expected = base64_decoded_size(text);
  CLOESCE_ASSERT(out.size() >= expected);
  if (text.empty()) return {};
  if (text.size() % 4 != 0) {
    return Failure{ErrorCode::kBase64Invalid, "the length is not a multiple of 4"};
  }
  // Before the text may be written over.
  const bool stray_bits = has_stray_bits(text);
  std::size_t written = 0;
  // The library reads each group of characters before it writes the fewer bytes of the group.
  const int decoded = ::base64_decode(text.data(), text.size(), out.data(), &written, 0);
  if (decoded != 1 || written != expected || stray_bits) {
    return Failure{ErrorCode::kBase64Invalid, "the text is not base64"};
  }
  return {};
}

Result<std::string_view> base64_decode_in_place(std::span<char> text) {
  const std::string_view characters(text.data(), text.size());
  const std::size_t size = base64_decoded_size(characters);
  CLOESCE_TRY(base64_decode(characters, text));
  return std::string_view(text.data(), size);
}

Result<std::string_view> base64_decode(Arena& arena, std::string_view text) {
  const std::span<char> bytes = arena.make_span<char>(base64_decoded_size(text));
  CLOESCE_TRY(base64_decode(text, bytes));
  return std::string_view(bytes.data(), bytes.size());
}

}  // namespace cloesce::text
