// @DataSource and the grants of @CRUD: include trees, checked against the relations they name.
#pragma once

#include <vector>

#include "compile/sema/context.h"
#include "compile/sema/model_draft.h"

namespace cloesce::sema {

/// Reads the data sources of all models, in declaration order, once their relations are known.
void resolve_data_sources(const Context& context, std::vector<ModelDraft>& drafts);

/// Whether the property is a `DataSource<T>`, whose tree is its `include`, beside a query.
[[nodiscard]] bool is_queried(const pre::PropertyNode& property);

/// The tree of relations that the object `value` says a save of `draft` may write.
[[nodiscard]] cidl::IncludeTree read_grants(const Context& context, std::vector<ModelDraft>& drafts,
                                            ModelDraft& draft, const pre::ValueNode& value);

}  // namespace cloesce::sema
