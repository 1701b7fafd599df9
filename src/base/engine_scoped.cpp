// The engine of projects with D1 and services whose models have scopes.
#include "base/engine.h"

namespace cloesce {

bool serves_storage() { return false; }

bool serves_scopes() { return true; }

}  // namespace cloesce
