// Bodies and values: opens the text and sends a walk over it.
#include "validate/validator.h"

#include <utility>

#include "validate/detail/walk.h"

namespace cloesce::validate {
namespace {

bool begins_container(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

Checked refused(Error error) {
  Checked checked;
  checked.failures.push_back(std::move(error));
  return checked;
}

}  // namespace

Checked Validator::check_body(ShapeId parameters, json::Reader& reader, const json::Shortened& body,
                              BlobSource blobs, Arena& arena) const {
  const auto document = reader.open(body.document);
  if (!document.ok()) return refused(document.error());
  detail::Walk walk(types_, limits_, blobs, body, detail::Wrapping::kNone, arena);
  walk.check_parameters(**document, parameters);
  return walk.finish();
}

Checked Validator::check_value(TypeId type, json::Reader& reader, simdjson::padded_string_view text,
                               BlobSource blobs, Arena& arena) const {
  if (begins_container(text)) {
    const auto document = reader.open(text);
    if (!document.ok()) return refused(document.error());
    detail::Walk walk(types_, limits_, blobs, text, detail::Wrapping::kNone, arena);
    walk.check_root(**document, type);
    return walk.finish();
  }
  return detail::check_wrapped(types_, limits_, blobs, type, text, {}, reader, arena);
}

}  // namespace cloesce::validate
