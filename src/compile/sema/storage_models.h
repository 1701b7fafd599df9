// KV and R2 models: classes over a namespace or a bucket, without attributes of their own.
#pragma once

#include <optional>

#include "cidl/model.h"
#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Fills the draft of a KV or R2 class: its binding, its type of values and its options.
void declare_storage_model(const Context& context,
                           const std::optional<cidl::Environment>& environment, ModelDraft& draft);

}  // namespace cloesce::sema
