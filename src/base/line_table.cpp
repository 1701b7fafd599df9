// Line begins are found once; columns are counted when they are asked for.
#include "base/line_table.h"

#include <algorithm>

namespace cloesce {

LineTable::LineTable(std::string_view text) : text_(text), begins_{0} {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos;
       end = text.find('\n', end + 1)) {
    begins_.push_back(static_cast<std::uint32_t>(end + 1));
  }
}

LineColumn LineTable::locate(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), offset);
  const auto number = static_cast<std::uint32_t>(after - begins_.begin());
  const std::uint32_t begin = begins_[number - 1];

  // Bytes that begin a code point, up to and with the one at `offset`, which may stand inside one.
  const std::string_view content = line(number);
  const std::size_t inside = std::min<std::size_t>(offset - begin, content.size());
  std::uint32_t column = 1;
  for (std::size_t index = 1; index <= inside; ++index) {
    const bool continues =
        index < content.size() && (static_cast<unsigned char>(content[index]) & 0xC0) == 0x80;
    if (!continues) ++column;
  }
  return {number, column};
}

std::string_view LineTable::line(std::uint32_t number) const {
  if (number == 0 || number > begins_.size()) return {};
  const std::uint32_t begin = begins_[number - 1];
  std::string_view content = text_.substr(begin);
  if (number < begins_.size()) {
    content = content.substr(0, begins_[number] - begin - 1);
    if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
  }
  return content;
}

std::uint32_t LineTable::line_begin(std::uint32_t number) const {
  if (number == 0 || number > begins_.size()) return static_cast<std::uint32_t>(text_.size());
  return begins_[number - 1];
}

}  // namespace cloesce
