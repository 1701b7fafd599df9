// Key templates, cut at their braces.
#include "keys/template.h"

namespace cloesce::keys {
namespace {

Template failed(TemplateProblem problem, std::size_t offset) {
  Template result;
  result.problem = problem;
  result.problem_offset = offset;
  return result;
}

}  // namespace

Template parse(std::string_view text) {
  if (text.empty()) return failed(TemplateProblem::kEmpty, 0);
  Template result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t brace = text.find_first_of("{}", at);
    if (brace != at) {
      result.parts.push_back({PartKind::kLiteral, text.substr(at, brace - at)});
      if (brace == std::string_view::npos) break;
    }
    if (text[brace] == '}') return failed(TemplateProblem::kNotOpened, brace);
    const std::size_t end = text.find_first_of("{}", brace + 1);
    if (end == std::string_view::npos || text[end] == '{') {
      return failed(TemplateProblem::kNotClosed, brace);
    }
    if (end == brace + 1) return failed(TemplateProblem::kNameMissing, brace);
    result.parts.push_back({PartKind::kPlaceholder, text.substr(brace + 1, end - brace - 1)});
    at = end + 1;
  }
  return result;
}

}  // namespace cloesce::keys
