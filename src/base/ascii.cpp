// Letter by letter.
#include "base/ascii.h"

#include <cstddef>

namespace cloesce {

bool same_but_for_case(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (std::size_t index = 0; index < left.size(); ++index) {
    if (to_lower(left[index]) != to_lower(right[index])) return false;
  }
  return true;
}

}  // namespace cloesce
