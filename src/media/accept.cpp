// Parses Accept headers and chooses between the few types that there are.
#include "media/accept.h"

#include <optional>

#include "base/ascii.h"
#include "media/detail/header_scanner.h"
#include "media/media_type.h"

namespace cloesce::media {
namespace {

constexpr std::uint32_t kFullQuality = 1000;

struct Range {
  std::string_view type;
  std::string_view subtype;
  std::uint32_t quality = kFullQuality;
};

/// `0`, `0.5`, `1.000`: at most three digits behind the point, at most one.
std::optional<std::uint32_t> try_parse_quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  std::uint32_t thousandths = text[0] == '1' ? kFullQuality : 0;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  std::uint32_t weight = 100;
  for (std::size_t index = 2; index < text.size(); ++index, weight /= 10) {
    if (text[index] < '0' || text[index] > '9') return std::nullopt;
    thousandths += weight * static_cast<std::uint32_t>(text[index] - '0');
  }
  if (thousandths > kFullQuality) return std::nullopt;
  return thousandths;
}

/// One element of the list, from behind a comma; leaves the scanner at its end, when it is well
/// formed.
std::optional<Range> try_parse_range(detail::HeaderScanner& scanner) {
  Range range;
  scanner.skip_space();
  range.type = scanner.token();
  if (range.type.empty() || !scanner.take('/')) return std::nullopt;
  range.subtype = scanner.token();
  if (range.subtype.empty() || (range.type == "*" && range.subtype != "*")) return std::nullopt;
  scanner.skip_space();
  while (scanner.take(';')) {
    scanner.skip_space();
    const std::string_view name = scanner.token();
    std::string_view value;
    if (name.empty() || !scanner.take('=') || !scanner.token_or_quoted(value)) return std::nullopt;
    if (same_but_for_case(name, "q")) {
      const auto parsed = try_parse_quality(value);
      if (!parsed.has_value()) return std::nullopt;
      range.quality = *parsed;
    }
    scanner.skip_space();
  }
  if (!scanner.at_end() && scanner.peek() != ',') return std::nullopt;
  return range;
}

/// 0: does not fit, 1: `*/*`, 2: `type/*`, 3: by name.
int specificity(const Range& range, std::string_view type, std::string_view subtype) {
  if (range.type == "*") return 1;
  if (!same_but_for_case(range.type, type)) return 0;
  if (range.subtype == "*") return 2;
  return same_but_for_case(range.subtype, subtype) ? 3 : 0;
}

}  // namespace

std::uint32_t quality(std::string_view accept, std::string_view type, std::string_view subtype,
                      Mention mention) {
  accept = accept.substr(0, kMaximumHeaderBytes);
  if (accept.find_first_not_of(" \t") == std::string_view::npos) {
    return mention == Mention::kAny ? kFullQuality : 0;
  }
  detail::HeaderScanner scanner(accept);
  int best = mention == Mention::kAny ? 0 : 2;
  std::uint32_t answer = 0;
  while (!scanner.at_end()) {
    const auto range = try_parse_range(scanner);
    scanner.skip_element();
    if (!range.has_value()) continue;
    const int fit = specificity(*range, type, subtype);
    if (fit <= best) continue;
    best = fit;
    answer = range->quality;
  }
  return answer;
}

ResponseKind negotiate(ReturnShape shape, std::string_view accept) {
  if (shape == ReturnShape::kOctet) return ResponseKind::kOctet;
  const std::uint32_t form = quality(accept, "multipart", "form-data", Mention::kByName);
  const std::uint32_t json = quality(accept, "application", "json", Mention::kByName);
  return form > json ? ResponseKind::kForm : ResponseKind::kJson;
}

ErrorKind negotiate_error(std::string_view accept) {
  const std::uint32_t problem = quality(accept, "application", "problem+json", Mention::kByName);
  const std::uint32_t text = quality(accept, "text", "plain", Mention::kByName);
  return problem > 0 && problem >= text ? ErrorKind::kProblem : ErrorKind::kText;
}

std::string_view content_type(ResponseKind kind) {
  switch (kind) {
    case ResponseKind::kJson:
      return "application/json";
    case ResponseKind::kOctet:
      return "application/octet-stream";
    case ResponseKind::kForm:
      break;
  }
  return {};
}

std::string_view content_type(ErrorKind kind) {
  return kind == ErrorKind::kProblem ? "application/problem+json" : "text/plain;charset=utf-8";
}

}  // namespace cloesce::media
