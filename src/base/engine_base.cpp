// The engine of projects with D1 and services only.
#include "base/engine.h"

namespace cloesce {

bool serves_storage() { return false; }

bool serves_scopes() { return false; }

}  // namespace cloesce
