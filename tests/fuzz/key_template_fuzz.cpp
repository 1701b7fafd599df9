// A key template that parses gives its own text back, and is found in a list of its own prefix.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "keys/overlap.h"
#include "keys/template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace keys = cloesce::keys;
  if (size > 512) return 0;  // longer ones are no keys
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const keys::Template parsed = keys::parse(text);
  if (!parsed.ok()) {
    CLOESCE_ASSERT(parsed.problem_offset <= text.size());
    return 0;
  }
  std::string printed;
  for (const keys::Part& part : parsed.parts) {
    CLOESCE_ASSERT(!part.text.empty());
    const bool literal = part.kind == keys::PartKind::kLiteral;
    printed.append(literal ? "" : "{").append(part.text).append(literal ? "" : "}");
  }
  CLOESCE_ASSERT(printed == text);
  CLOESCE_ASSERT(keys::overlap(parsed, keys::Reach::kKey, parsed, keys::Reach::kKey));
  keys::Template prefix = parsed;
  prefix.parts.pop_back();
  CLOESCE_ASSERT(keys::overlap(prefix, keys::Reach::kPrefix, parsed, keys::Reach::kKey));
  return 0;
}
