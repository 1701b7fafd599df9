// Sorts the parts of a form.
#include "media/form.h"

#include "base/concat.h"
#include "base/string.h"
#include "media/detail/printable.h"

namespace cloesce::media {
namespace {

using detail::printable;

constexpr std::size_t kShownName = 40;  // bytes in a message

Failure invalid(std::string_view detail) { return Failure{ErrorCode::kFormInvalid, detail}; }

}  // namespace

Result<FormFields> map_form(ParametersShape shape, std::span<const FormPart> parts, Arena& arena) {
  if (parts.size() > kMaximumFormParts) {
    return Failure{ErrorCode::kLimitExceeded,
                   filled("more than % form parts", {decimal(kMaximumFormParts)})};
  }
  FormFields fields;
  const std::span<std::uint32_t> blobs = arena.make_span<std::uint32_t>(parts.size());
  std::size_t blob_count = 0;
  for (std::uint32_t index = 0; index < parts.size(); ++index) {
    const std::string_view name = parts[index].name;
    if (name == "blob") {
      blobs[blob_count++] = index;
    } else if (name != "json") {
      return invalid(filled("part % is called \"%\"; parts are called json or blob",
                            {decimal(index), printable(name, kShownName)}));
    } else if (fields.json_part.has_value()) {
      return invalid(filled("part % is a second json part", {decimal(index)}));
    } else {
      fields.json_part = index;
    }
  }
  fields.blob_parts = blobs.first(blob_count);
  if (fields.json_part.has_value()) return fields;
  if (shape != ParametersShape::kOneBlob) return invalid("the json part is missing");
  if (blob_count == 0) return invalid("there is neither a json part nor a blob part");
  if (blob_count > 1) return invalid("blob part 1 is referenced by nothing");
  return fields;
}

Result<void> expect_all_used(std::span<const std::uint8_t> used) {
  for (std::size_t index = 0; index < used.size(); ++index) {
    if (used[index] == 0) {
      return invalid(filled("blob part % is referenced by nothing", {decimal(index)}));
    }
  }
  return {};
}

}  // namespace cloesce::media
