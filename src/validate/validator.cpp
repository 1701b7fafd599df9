// Bodies and values: opens the text and sends a walk over it.
#include "validate/validator.h"

#include <utility>

#include "validate/detail/walk.h"

namespace cloesce::validate {

Checked Validator::check_body(ShapeId parameters, json::Reader& reader, const json::Shortened& body,
                              BlobSource blobs, Arena& arena) const {
  detail::Walk walk(types_, limits_, blobs, body, arena);
  walk.check_parameters(reader, parameters);
  return walk.finish();
}

Checked Validator::check_value(TypeId type, json::Reader& reader, simdjson::padded_string_view text,
                               BlobSource blobs, Arena& arena) const {
  detail::Walk walk(types_, limits_, blobs, text, arena);
  walk.check_value(reader, type, {}, detail::Giver::kWorker);
  return walk.finish();
}

}  // namespace cloesce::validate
