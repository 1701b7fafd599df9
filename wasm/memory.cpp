// The memory exports that all modules have.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "abi.h"

namespace cloesce::abi {

void fill_reply(Reply& reply, std::uint32_t status, std::uint32_t kind, const char* text,
                std::uint32_t length) {
  char* copy = nullptr;
  if (length > 0) {
    copy = static_cast<char*>(std::malloc(length));
    if (copy == nullptr) std::abort();
    std::memcpy(copy, text, length);
  }
  reply = Reply{status, kind, copy, length};
}

}  // namespace cloesce::abi

CLOESCE_EXPORT(cloesce_abi_version) std::uint32_t cloesce_abi_version() {
  return cloesce::abi::kVersion;
}

CLOESCE_EXPORT(cloesce_alloc) void* cloesce_alloc(std::uint32_t length) {
  return std::malloc(length);
}

CLOESCE_EXPORT(cloesce_free) void cloesce_free(void* pointer) { std::free(pointer); }
