// The engine of projects with KV or R2 and scopes. Native programs have this one.
#include "base/engine.h"

namespace cloesce {

bool serves_storage() { return true; }

bool serves_scopes() { return true; }

}  // namespace cloesce
