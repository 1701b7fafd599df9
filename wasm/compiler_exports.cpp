// Exports of cloesce-compiler.wasm: unpack, call the driver, hand over the answer. No logic lives
// here.
#include <cstdint>
#include <string>

#include "abi.h"
#include "base/error.h"
#include "base/result.h"
#include "compile/driver/driver.h"

namespace {

using cloesce::abi::Reply;

void reply_with(const cloesce::Result<std::string>& answer, Reply& reply) {
  const std::string text = answer.ok() ? *answer : cloesce::render(answer.error());
  cloesce::abi::fill_reply(reply, answer.ok() ? 0 : 1, 0, text.data(),
                           static_cast<std::uint32_t>(text.size()));
}

}  // namespace

CLOESCE_EXPORT(cloesce_compile)
void cloesce_compile(const char* input, std::uint32_t length, Reply* reply) {
  reply_with(cloesce::driver::compile({input, length}), *reply);
}

CLOESCE_EXPORT(cloesce_image)
void cloesce_image(const char* input, std::uint32_t length, Reply* reply) {
  reply_with(cloesce::driver::image({input, length}), *reply);
}

CLOESCE_EXPORT(cloesce_migrate)
void cloesce_migrate(const char* input, std::uint32_t length, Reply* reply) {
  reply_with(cloesce::driver::migrate({input, length}), *reply);
}
