// Base64 exports: values that user code hands over or receives outside of a request's body.
#include <cstdint>

#include "abi.h"
#include "base/arena.h"
#include "runtime/blob_text.h"

using cloesce::abi::Reply;

CLOESCE_EXPORT(cloesce_base64_encode)
void cloesce_base64_encode(const char* bytes, std::uint32_t length, Reply* reply) {
  cloesce::Arena arena;
  const auto text = cloesce::runtime::bytes_to_text({bytes, length}, arena);
  cloesce::abi::fill_reply(*reply, 0, 0, text.data(), static_cast<std::uint32_t>(text.size()));
}

// The reply's text is the bytes; status 1 when the input is no base64.
CLOESCE_EXPORT(cloesce_base64_decode)
void cloesce_base64_decode(const char* text, std::uint32_t length, Reply* reply) {
  cloesce::Arena arena;
  const auto bytes = cloesce::runtime::text_to_bytes({text, length}, arena);
  if (!bytes.ok()) return cloesce::abi::fill_reply(*reply, 1, 0, nullptr, 0);
  cloesce::abi::fill_reply(*reply, 0, 0, bytes->data(), static_cast<std::uint32_t>(bytes->size()));
}
