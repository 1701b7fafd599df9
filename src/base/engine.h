// Which parts the engine was linked with.
#pragma once

namespace cloesce {

/// Whether this engine serves KV and R2: their models, fields that they fill, and signatures. The
/// answer is linked in (by an engine_*.cpp), so that a module without this part
/// does not ship its code. Code for KV and R2 alone stands behind it.
[[nodiscard]] bool serves_storage();

/// Whether it serves scopes (orm/scopes.h): the same of apps in which rows depend on who asks.
[[nodiscard]] bool serves_scopes();

}  // namespace cloesce
