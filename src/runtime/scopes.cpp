// Scopes are asked for when it is known which models are read or written, and never without need: a
// scope may refuse who is not signed in.
#include "runtime/scopes.h"

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "orm/scopes.h"

namespace cloesce::runtime {
namespace {

void add_entries(ModelSet& models, std::span<const orm::IncludeEntry> entries) {
  for (const orm::IncludeEntry& entry : entries) {
    add_model(models, *entry.navigation->target);
    add_entries(models, entry.children());
  }
}

Failure unreadable_scopes(std::string_view model, std::string_view detail) {
  return Failure{ErrorCode::kInternal, concat({"the scope of ", model, ": ", detail})};
}

struct Answered {
  const orm::ModelSchema* model = nullptr;
  std::string_view where;
};

}  // namespace

ModelSet no_models(const AppContext& app, const Exchange& exchange) {
  ModelSet models;
  if (app.hooks.scopes() && exchange.state.scoped) models.resize(app.schema.models.size());
  return models;
}

void add_model(ModelSet& models, const orm::ModelSchema& model) {
  if (serves_scopes() && !models.empty()) models[model.index] = true;
}

void add_models(ModelSet& models, const orm::IncludeTree& tree) {
  if (!serves_scopes() || models.empty()) return;
  add_model(models, *tree.model);
  add_entries(models, tree.entries);
}

void add_models(ModelSet& models, std::span<const orm::ModelSchema* const> others) {
  for (const orm::ModelSchema* const model : others) add_model(models, *model);
}

Step* ask_scopes(const AppContext& app, Exchange& exchange, const ModelSet& models) {
  if (!serves_scopes()) return nullptr;
  ByteBuffer names(exchange.arena, 64);
  for (std::size_t index = 0; index < models.size(); ++index) {
    const orm::ModelSchema& model = app.schema.models[index];
    if (!models[index] || !app.hooks.scoped(model) || exchange.state.scopes.know(model)) continue;
    if (!names.empty()) names.push(',');
    names.append(model.name);
  }
  if (names.empty()) return nullptr;
  if (exchange.state.stage != Stage::kAwaitOperation) exchange.state.stage = Stage::kScopes;
  return new_step(exchange.arena, StepKind::kMiddleware, names.view(),
                  static_cast<std::uint32_t>(HookStage::kScope));
}

Result<void> learn_scopes(AppContext& app, Exchange& exchange, std::string_view answer) {
  if (!serves_scopes()) return {};
  auto document = app.reader.open(json::pad(exchange.arena, answer));
  json::Object members;
  if (!document.ok() || (*document)->get_object(members)) {
    return unreadable_scopes("the app", "expected an object by model");
  }
  List<Answered> all;
  for (json::Field member; members.next(member);) {
    std::string_view name;
    std::string_view where;
    if (member.unescaped_key(name) || member.value().raw_json(where)) break;
    const orm::ModelSchema* const model = app.schema.model(name);
    if (model == nullptr) return unreadable_scopes(name, "there is no such model");
    all.push_back({model, where});
  }
  if (members.error()) return unreadable_scopes("the app", "it cannot be read");
  orm::Scopes& scopes = exchange.state.scopes;
  const std::size_t known = scopes.code.size();
  for (const Answered& one : all) {
    if (scopes.know(*one.model)) continue;
    auto more = orm::with_scope(scopes, *one.model, one.where, app.reader, exchange.arena);
    if (!more.ok()) return unreadable_scopes(one.model->name, render(more.error()));
    scopes = *more;
  }
  // Who says nothing would be asked for ever.
  if (scopes.code.size() == known && exchange.state.stage == Stage::kScopes) {
    return unreadable_scopes("the app", "nothing was answered");
  }
  return {};
}

}  // namespace cloesce::runtime
