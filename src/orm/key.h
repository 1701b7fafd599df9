// Primary keys as the parameters of a plan.
#pragma once

#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "json/reader.h"
#include "orm/schema.h"

namespace cloesce::orm {

/// The parameters of Selection::kKey for a key given as texts, one per key column, such as the
/// decoded segments of a URL. Texts must have the canonical form of their type: integers without
/// leading zeros and within 2^53, `true` or `false`, base64 for blobs; otherwise kKeyInvalid names
/// the column. In the arena.
[[nodiscard]] Result<std::string_view> key_parameters(const ModelSchema& model,
                                                      std::span<const std::string_view> texts,
                                                      Arena& arena);

/// The same for a key given as JSON: the value of a single key column, or an object with all of
/// them by name. Other members of the object are passed over, so that a whole model instance names
/// its own row.
[[nodiscard]] Result<std::string_view> key_parameters(const ModelSchema& model,
                                                      const json::Value& key, Arena& arena);

}  // namespace cloesce::orm
