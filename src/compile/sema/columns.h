// The columns of the D1 models.
#pragma once

#include <optional>
#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// D1's limit.
inline constexpr std::size_t kMaximumColumns = 100;

/// A draft for each D1 model, in source order, with its binding, its columns and its keys. KV and
/// R2 classes, and properties that such storages fill, are reported as not supported yet.
[[nodiscard]] std::vector<ModelDraft> declare_models(
    const Context& context, const std::optional<cidl::Environment>& environment);

}  // namespace cloesce::sema
