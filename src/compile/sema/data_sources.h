// @DataSource: include trees, checked against the relations they name.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Reads the data sources of all models, in declaration order, once their relations are known.
void resolve_data_sources(const Context& context, std::vector<ModelDraft>& drafts);

}  // namespace cloesce::sema
