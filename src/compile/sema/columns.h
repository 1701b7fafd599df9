// The members of models: columns, key parameters, stored fields.
#pragma once

#include <optional>
#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// D1's limit.
inline constexpr std::size_t kMaximumColumns = 100;

/// A draft for each model, in source order: with its binding, its columns, its keys and its stored
/// fields, or with what KV and R2 models have instead.
[[nodiscard]] std::vector<ModelDraft> declare_models(
    const Context& context, const std::optional<cidl::Environment>& environment);

}  // namespace cloesce::sema
