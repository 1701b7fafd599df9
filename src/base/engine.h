// Which parts the engine was linked with.
#pragma once

namespace cloesce {

/// Whether this engine serves KV and R2: their models, fields that they fill, and signatures. The
/// answer is linked in (engine_base.cpp or engine_stored.cpp), so that a module without this part
/// does not ship its code. Code for KV and R2 alone stands behind it.
[[nodiscard]] bool serves_storage();

}  // namespace cloesce
