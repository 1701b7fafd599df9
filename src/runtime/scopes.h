// Scopes of a request or an ORM call: which are needed, how they are asked for, what is answered.
#pragma once

#include <span>
#include <string_view>

#include "base/list.h"
#include "base/result.h"
#include "orm/include_tree.h"
#include "runtime/app.h"
#include "runtime/exchange.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// Models by index.
using ModelSet = List<bool>;

/// No model. Where there are no scopes the set has no room for one, and takes none.
[[nodiscard]] ModelSet no_models(const AppContext& app, const Exchange& exchange);

void add_model(ModelSet& models, const orm::ModelSchema& model);
/// The tree's model and all that it leads to.
void add_models(ModelSet& models, const orm::IncludeTree& tree);
void add_models(ModelSet& models, std::span<const orm::ModelSchema* const> others);

/// The step that asks for those of the models' scopes that are not known; nullptr when all are.
[[nodiscard]] Step* ask_scopes(const AppContext& app, Exchange& exchange, const ModelSet& models);

/// Takes what was answered, a JSON object with a condition or null by name of a model. kInternal,
/// with what is wrong, when it cannot be taken: the app is then to blame.
[[nodiscard]] Result<void> learn_scopes(AppContext& app, Exchange& exchange,
                                        std::string_view answer);

}  // namespace cloesce::runtime
