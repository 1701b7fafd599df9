// The engine of projects with KV or R2. Native programs have this one.
#include "base/engine.h"

namespace cloesce {

bool serves_storage() { return true; }

}  // namespace cloesce
