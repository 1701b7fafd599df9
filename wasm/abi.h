// The exported names and record layouts of the modules; docs/internals/abi.md says what they mean.
#pragma once

#include <cstdint>

#define CLOESCE_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace cloesce::abi {

inline constexpr std::uint32_t kVersion = 1;

/// What an export that answers a text fills in. The caller provides the record; the text is the
/// callee's allocation and becomes the caller's, who frees it with cloesce_free.
struct Reply {
  std::uint32_t status = 0;  // 0 is success
  std::uint32_t kind = 0;
  char* text = nullptr;
  std::uint32_t length = 0;
};
static_assert(sizeof(void*) != 4 || sizeof(Reply) == 16);

/// Fills `reply` with a copy of `text`.
void fill_reply(Reply& reply, std::uint32_t status, std::uint32_t kind, const char* text,
                std::uint32_t length);

}  // namespace cloesce::abi
