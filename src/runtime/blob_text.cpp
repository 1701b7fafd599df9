// Base64, for the host.
#include "runtime/blob_text.h"

#include "base/byte_buffer.h"
#include "text/base64.h"

namespace cloesce::runtime {

std::string_view bytes_to_text(std::string_view bytes, Arena& arena) {
  ByteBuffer out(arena, text::base64_encoded_size(bytes.size()));
  text::append_base64(out, bytes);
  return out.view();
}

Result<std::string_view> text_to_bytes(std::string_view text, Arena& arena) {
  return text::base64_decode(arena, text);
}

}  // namespace cloesce::runtime
