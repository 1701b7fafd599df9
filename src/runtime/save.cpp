// Between validated input, the upsert plan, and its answer.
#include "runtime/save.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/concat.h"
#include "base/engine.h"
#include "base/string.h"
#include "orm/nested_rows.h"
#include "orm/upsert_plan.h"
#include "runtime/data_query.h"
#include "runtime/scopes.h"
#include "runtime/storage_failure.h"
#include "validate/validator.h"

namespace cloesce::runtime {
namespace {

constexpr std::string_view kModelParameter = "model";

// What planning takes at most, for each byte of what is saved: its rows, and as a parameter, where
// each character may be escaped.
constexpr std::size_t kPlanningBytes = 3;

Result<void> expect_room(const AppContext& app, std::size_t bytes) {
  if (app.account.fits(bytes * kPlanningBytes)) return {};
  return Failure{ErrorCode::kNoRoom, "what is to be saved is too large for now"};
}

Result<void> make_plan(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                       const json::Value& value, orm::SaveAnswer answer, std::string_view path,
                       orm::Saver saver = {}) {
  saver.scopes = exchange.state.scopes;
  auto plan = orm::plan_upsert(app.schema, tree, value, answer, path, app.plans, exchange.arena,
                               exchange.state.row_form, saver);
  if (!plan.ok()) return std::move(plan).failure();
  // No row holds a key parameter: what is read along by it is answered as it was given.
  if (serves_storage() && !tree.model->key_parameters.empty() &&
      value.raw_json(exchange.state.known)) {
    return Failure{ErrorCode::kOrmInputInvalid, "expected an object"};
  }
  exchange.state.tree = tree;
  exchange.state.upsert = std::make_unique<orm::UpsertPlan>(std::move(*plan));
  exchange.state.repeatable = exchange.state.upsert->repeatable;
  return {};
}

Result<Step*> batch_step(AppContext& app, Exchange& exchange) {
  return query_step(app, exchange, *exchange.state.tree.model, exchange.state.upsert->statements);
}

// What is of the body goes with it, and is planned again.
Step* forget_plan(Exchange& exchange, Step* step) {
  exchange.state.upsert.reset();
  exchange.state.known = {};
  return step;
}

// Of the models that the plan writes, refers to and reads back.
Step* ask_scopes(AppContext& app, Exchange& exchange) {
  ModelSet models = no_models(app, exchange);
  if (!serves_scopes() || models.empty()) return nullptr;
  add_models(models, exchange.state.tree);
  orm::add_models(*exchange.state.upsert, models);
  return runtime::ask_scopes(app, exchange, models);
}

// Bytes of nested rows that wait for their hooks: a sixteenth of the body, so that it is planned a
// few times only, but not so few that small bodies are planned for each row.
std::size_t ready_bytes(const Exchange& exchange) {
  return std::max<std::size_t>(exchange.state.body.size() / 16, 2048);
}

// The hooks of the rows that are next, as far as they may be kept.
void make_hooks_ready(const AppContext& app, Exchange& exchange) {
  ExchangeState& state = exchange.state;
  NestedHooks& nested = state.nested;
  nested.ready.clear();
  nested.next = 0;
  if (nested.asked.empty()) {
    nested.asked.resize(app.schema.models.size());
    nested.asked[state.model->index] = true;
  }
  const std::size_t limit = ready_bytes(exchange);
  std::size_t bytes = 0;
  std::size_t rows = 0;
  orm::NestedRow row = orm::next_nested(*state.upsert, {});
  for (; row.row != nullptr && bytes < limit; row = orm::next_nested(*state.upsert, row)) {
    if (rows++ < nested.rows) continue;
    nested.rows = rows;
    const std::uint32_t save = row.model->save_route;
    const route::RouteId route{save};
    if (!std::exchange(nested.asked[row.model->index], true) && app.hooks.of_namespace(route)) {
      nested.ready.push_back({HookStage::kNamespace, save, {}});
    }
    if (!app.hooks.of_method(route)) continue;
    String arguments = filled("{\"model\":%}", {orm::nested_json(row)});
    bytes += sizeof(NestedHook) + arguments.size();
    nested.ready.push_back({HookStage::kMethod, save, std::move(arguments)});
  }
}

// One failure that says all that is wrong with a value of user code.
Failure invalid_input(const List<Error>& failures) {
  for (const Error& failure : failures) {
    if (failure.code == ErrorCode::kNoRoom) return Failure{failure.code, failure.detail};
  }
  String detail;
  for (const Error& failure : failures) {
    if (!detail.empty()) detail += '\n';
    detail.append(render(failure));
  }
  return Failure{ErrorCode::kOrmInputInvalid, detail};
}

}  // namespace

Result<Step*> start_save(AppContext& app, Exchange& exchange) {
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return std::move(tree).failure();
  CLOESCE_TRY(expect_room(app, exchange.state.body.size()));
  auto document = app.reader.open(padded(exchange.state.body));
  if (!document.ok()) return std::move(document).failure();
  json::Object arguments;
  json::Value value;
  if ((*document)->get_object(arguments) || arguments.find(kModelParameter, value)) {
    return Failure{ErrorCode::kParameterMissing, "expected an object", kModelParameter};
  }
  CLOESCE_TRY(make_plan(app, exchange, *tree, value, orm::SaveAnswer::kObject, kModelParameter,
                        {.limits = tree->model->writes, .revisions = orm::Revisions::kNeeded}));
  if (Step* const ask = ask_scopes(app, exchange)) return forget_plan(exchange, ask);
  make_hooks_ready(app, exchange);
  if (exchange.state.nested.ready.empty()) return batch_step(app, exchange);
  exchange.state.stage = Stage::kNestedHooks;
  return forget_plan(exchange, next_hook(exchange));
}

Step* next_hook(Exchange& exchange) {
  NestedHooks& nested = exchange.state.nested;
  if (nested.next == nested.ready.size()) return nullptr;
  const NestedHook& hook = nested.ready[nested.next++];
  Step* const step =
      new_step(exchange.arena, StepKind::kMiddleware, {}, static_cast<std::uint32_t>(hook.stage));
  step->route = hook.route;
  step->bytes = hook.arguments;
  return step;
}

Result<Step*> save_step(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                        simdjson::padded_string_view value, orm::SaveAnswer answer) {
  const validate::TypeTable& types = app.image.types;
  const auto shape = types.model_shape(tree.model->index);
  const validate::Checked checked = app.validator.check_value(
      types.partial_type(shape), app.reader, value, validate::BlobSource{}, exchange.arena);
  if (!checked.ok()) return invalid_input(checked.failures);
  CLOESCE_TRY(expect_room(app, value.size()));
  auto document = app.reader.open(value);
  if (!document.ok()) return std::move(document).failure();
  json::Value object;
  if ((*document)->get_value(object) != simdjson::SUCCESS) {
    return Failure{ErrorCode::kOrmInputInvalid, "expected an object"};
  }
  CLOESCE_TRY(make_plan(app, exchange, tree, object, answer, tree.model->name));
  if (Step* const ask = ask_scopes(app, exchange)) return ask;
  return batch_step(app, exchange);
}

Failure saved_unread(const Exchange& exchange, const Error& error) {
  const orm::UpsertPlan* const plan = exchange.state.upsert.get();
  String what(exchange.state.model->name);
  if (plan != nullptr && !plan->key_parameters.empty()) {
    what.append(" with the key ");
    what.append(plan->key_parameters);
  }
  return Failure{ErrorCode::kSavedUnread,
                 filled("it was saved, but what was saved cannot be read back: %", {error.detail}),
                 what};
}

Result<std::string_view> saved(AppContext& app, Exchange& exchange, std::string_view answer) {
  if (answer.empty()) {
    return saved_unread(exchange, make_error(ErrorCode::kNoRoom, "it is too large for now"));
  }
  auto object = orm::map_upsert(*exchange.state.upsert, padded(answer), app.reader, exchange.arena,
                                pieces_of(app, exchange));
  if (object.ok()) return object;
  // No row with the key: nothing was written.
  if (object.error().code == ErrorCode::kNotFound) return std::move(object).failure();
  return saved_unread(exchange, object.error());
}

}  // namespace cloesce::runtime
