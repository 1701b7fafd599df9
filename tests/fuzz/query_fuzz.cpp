// A query string that is accepted gives one valid JSON object.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "compile/image/built.h"
#include "horse_interface.h"
#include "json/reader.h"
#include "validate/validator.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace json = cloesce::json;
  namespace validate = cloesce::validate;
  static const cloesce::cidl::Interface kInterface = cloesce::fuzz::horse_interface();
  static const auto kTypes = cloesce::image::testing::built_types(kInterface);
  static const validate::Validator kValidator(*kTypes);
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  static const validate::ShapeId parameters =
      cloesce::image::testing::parameters_of_service(kInterface, 0, 0);
  cloesce::Arena arena;
  json::Reader reader;
  const validate::CheckedQuery checked = kValidator.check_query(parameters, reader, query, arena);
  if (!checked.ok()) {
    CLOESCE_ASSERT(checked.failures.size() <= validate::Limits{}.failures);
    return 0;
  }
  // What was written is a body that the same parameters take.
  const validate::Checked body =
      kValidator.check_body(parameters, reader, json::pad(arena, checked.arguments),
                            {validate::BlobEncoding::kRefused, 0}, arena);
  CLOESCE_ASSERT(body.ok());
  return 0;
}
