// Bounds on what a request may make the validation do. The size of a body is its reader's business.
#pragma once

#include <cstddef>  // size_t

#include "json/reader.h"

namespace cloesce::validate {

struct Limits {
  std::size_t depth =
      json::kDefaultDepth;               // objects and arrays inside each other, the outermost is 1
  std::size_t array_elements = 100'000;  // of one typed array
  std::size_t failures = 16;             // reported of one input; at least 1
};

}  // namespace cloesce::validate
