// The engine of projects with KV or R2.
#include "base/engine.h"

namespace cloesce {

bool serves_storage() { return true; }

bool serves_scopes() { return false; }

}  // namespace cloesce
