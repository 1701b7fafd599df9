// Cuts and replaces.
#include "media/detail/printable.h"

namespace cloesce::media::detail {

String printable(std::string_view text, std::size_t shown) {
  String printed(text.substr(0, shown));
  for (char& character : printed) {
    if (character < 0x20 || character > 0x7E) character = '?';
  }
  return printed;
}

}  // namespace cloesce::media::detail
