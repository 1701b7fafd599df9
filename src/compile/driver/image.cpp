// An interface that is compiled already, as an image.
#include "cidl/load.h"
#include "compile/driver/driver.h"
#include "compile/image/build.h"

namespace cloesce::driver {

Result<std::string> image(std::string_view cidl) {
  const auto interface = cidl::load(cidl);
  if (!interface.ok()) return Failure{interface.error()};
  return image::build_image_text(*interface);
}

}  // namespace cloesce::driver
