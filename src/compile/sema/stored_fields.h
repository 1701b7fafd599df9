// Properties that are filled from KV or R2: @KV and @R2 on the properties of D1 models and models
// of keys.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cidl/model.h"
#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Adds the stored fields of `draft`, whose columns and key parameters are known. What cannot be
/// one becomes broken.
void declare_stored_fields(const Context& context,
                           const std::optional<cidl::Environment>& environment, ModelDraft& draft);

/// Reports the first field that is a download while the environment lacks what signs its URL.
void check_signing_keys(const Context& context, const std::optional<cidl::Environment>& environment,
                        const std::vector<ModelDraft>& drafts);

/// Reports lists whose keys could be those of another field of the same namespace or bucket.
void check_key_overlaps(const Context& context, const std::vector<ModelDraft>& drafts);

/// The first key parameter that the key of `field` needs; empty when it needs none.
[[nodiscard]] std::string_view key_parameter_of(const cidl::Model& model,
                                                const cidl::StoredField& field);

}  // namespace cloesce::sema
