// Indentation, line breaking and comments of the emitted TypeScript.
#include "compile/emit/code_writer.h"

#include <string>
#include <string_view>
#include <vector>

namespace cloesce::emit {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// `*/` inside a comment would end it.
std::string disarm(std::string_view text) {
  std::string result;
  for (const char character : text) {
    if (character == '/' && !result.empty() && result.back() == '*') result.push_back('\\');
    result.push_back(character);
  }
  return result;
}

}  // namespace

void CodeWriter::close(std::string_view text) {
  --level_;
  line(text);
}

void CodeWriter::blank() {
  const std::string_view written = text_;
  if (written.empty() || written.ends_with("{\n") || written.ends_with("\n\n")) return;
  text_.push_back('\n');
}

void CodeWriter::list(std::string_view prefix, const std::vector<std::string>& items,
                      std::string_view suffix, std::string_view padding) {
  const std::string joined = join(items, ", ");
  const std::string_view inner_padding = items.empty() ? std::string_view() : padding;
  const std::size_t width =
      level_ * 2 + prefix.size() + 2 * inner_padding.size() + joined.size() + suffix.size();
  if (width <= kLineWidth || items.empty()) {
    line(prefix, inner_padding, joined, inner_padding, suffix);
    return;
  }
  open(prefix);
  for (const std::string& item : items) line(item, ",");
  close(suffix);
}

void CodeWriter::documentation(std::string_view text) {
  const std::string safe = disarm(trim(text));
  if (safe.empty()) return;
  if (safe.find('\n') == std::string::npos) {
    line("/** ", safe, " */");
    return;
  }
  line("/**");
  std::string_view rest = safe;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view row = trim(rest.substr(0, end));
    if (row.empty()) {
      line(" *");
    } else {
      line(" * ", row);
    }
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  line(" */");
}

std::string join(const std::vector<std::string>& items, std::string_view separator) {
  std::string result;
  for (const std::string& item : items) {
    if (!result.empty()) result.append(separator);
    result.append(item);
  }
  return result;
}

}  // namespace cloesce::emit
