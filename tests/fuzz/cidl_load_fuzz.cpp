// Whatever loads can be saved, and loads again as the same interface and the same text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "cidl/load.h"
#include "cidl/save.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto loaded =
      cloesce::cidl::load(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!loaded.ok()) return 0;
  const std::string saved = cloesce::cidl::save(*loaded);
  const auto again = cloesce::cidl::load(saved);
  CLOESCE_ASSERT(again.ok());
  CLOESCE_ASSERT(*again == *loaded);
  CLOESCE_ASSERT(cloesce::cidl::save(*again) == saved);
  return 0;
}
