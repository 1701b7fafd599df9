// The rules that hold between the parts of an interface.
#pragma once

#include "base/result.h"
#include "cidl/model.h"

namespace cloesce::cidl::detail {

/// Checks that names are there and used once, that every name of a model, plain object, junction,
/// column or navigation leads to one, and that key columns match in number. Fails with kCidlInvalid
/// and the place as names (`Horse.owner`). What it lets pass needs no such checks at run time.
[[nodiscard]] Result<void> verify(const Interface& interface);

}  // namespace cloesce::cidl::detail
