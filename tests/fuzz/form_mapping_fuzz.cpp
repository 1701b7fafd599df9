// Headers and form parts of any kind: what is accepted is in order and in range.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/assert.h"
#include "media/accept.h"
#include "media/body.h"
#include "media/form.h"
#include "media/media_type.h"

namespace {

namespace media = cloesce::media;

/// The first line is a header, each line after it the name of a part.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

void check_headers(std::string_view header) {
  for (const auto shape : {media::ParametersShape::kNone, media::ParametersShape::kJson,
                           media::ParametersShape::kOneBlob, media::ParametersShape::kOneStream,
                           media::ParametersShape::kMixed}) {
    const auto kind = media::choose_body(shape, header, media::BodyPresence::kPresent);
    if (kind.ok()) CLOESCE_ASSERT(media::try_parse_media_type(header).has_value());
  }
  const std::uint32_t quality = media::quality(header, "application", "json", media::Mention::kAny);
  CLOESCE_ASSERT(quality <= 1000);
  static_cast<void>(media::negotiate(media::ReturnShape::kJson, header));
  static_cast<void>(media::negotiate_error(header));
}

void check_parts(media::ParametersShape shape, const std::vector<media::FormPart>& parts) {
  cloesce::Arena arena;
  const auto fields = media::map_form(shape, parts, arena);
  if (!fields.ok()) return;
  std::size_t counted = fields->json_part.has_value() ? 1 : 0;
  std::uint32_t previous = 0;
  for (const std::uint32_t blob : fields->blob_parts) {
    CLOESCE_ASSERT(blob < parts.size() && parts[blob].name == "blob");
    CLOESCE_ASSERT(counted == 0 || blob >= previous);
    previous = blob;
    ++counted;
  }
  CLOESCE_ASSERT(counted == parts.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string_view> lines = lines_of(text);
  check_headers(lines.front());
  std::vector<media::FormPart> parts;
  for (std::size_t index = 1; index < lines.size(); ++index) parts.push_back({lines[index], 0});
  check_parts(media::ParametersShape::kOneBlob, parts);
  check_parts(media::ParametersShape::kMixed, parts);
  return 0;
}
