// Between validated input, the upsert plan, and its answer.
#include "runtime/save.h"

#include <memory>
#include <utility>

#include "base/concat.h"
#include "base/engine.h"
#include "base/string.h"
#include "orm/upsert_plan.h"
#include "runtime/data_query.h"
#include "runtime/storage_failure.h"
#include "validate/validator.h"

namespace cloesce::runtime {
namespace {

constexpr std::string_view kModelParameter = "model";

Result<void> make_plan(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                       const json::Value& value, orm::SaveAnswer answer, std::string_view path,
                       const orm::WriteLevel* limits = nullptr) {
  auto plan = orm::plan_upsert(app.schema, tree, value, answer, path, app.plans, exchange.arena,
                               exchange.state.row_form, limits);
  if (!plan.ok()) return std::move(plan).failure();
  // No row holds a key parameter: what is read along by it is answered as it was given.
  if (serves_storage() && !tree.model->key_parameters.empty() &&
      value.raw_json(exchange.state.known)) {
    return Failure{ErrorCode::kOrmInputInvalid, "expected an object"};
  }
  exchange.state.tree = tree;
  exchange.state.upsert = std::make_unique<orm::UpsertPlan>(std::move(*plan));
  return {};
}

Result<Step*> batch_step(AppContext& app, Exchange& exchange) {
  return query_step(app, exchange, *exchange.state.tree.model, exchange.state.upsert->statements);
}

// One failure that says all that is wrong with a value of user code.
Failure invalid_input(const List<Error>& failures) {
  String detail;
  for (const Error& failure : failures) {
    if (!detail.empty()) detail += '\n';
    detail.append(render(failure));
  }
  return Failure{ErrorCode::kOrmInputInvalid, detail};
}

}  // namespace

Result<Step*> start_save(AppContext& app, Exchange& exchange) {
  auto tree = caller_tree(exchange);
  if (!tree.ok()) return std::move(tree).failure();
  auto document = app.reader.open(padded(exchange.state.body));
  if (!document.ok()) return std::move(document).failure();
  json::Object arguments;
  json::Value value;
  if ((*document)->get_object(arguments) || arguments.find(kModelParameter, value)) {
    return Failure{ErrorCode::kParameterMissing, "expected an object", kModelParameter};
  }
  CLOESCE_TRY(make_plan(app, exchange, *tree, value, orm::SaveAnswer::kObject, kModelParameter,
                        tree->model->writes));
  exchange.state.nested = orm::next_nested(*exchange.state.upsert, {});
  if (exchange.state.nested.row == nullptr) return batch_step(app, exchange);
  exchange.state.asked.resize(app.schema.models.size());
  exchange.state.asked[tree->model->index] = true;
  return go_on_save(app, exchange);
}

Result<Step*> go_on_save(AppContext& app, Exchange& exchange) {
  ExchangeState& state = exchange.state;
  state.stage = Stage::kNestedHooks;
  const auto hook = [&](HookStage stage, std::uint32_t route) {
    Step* const step =
        new_step(exchange.arena, StepKind::kMiddleware, {}, static_cast<std::uint32_t>(stage));
    step->route = route;
    return step;
  };
  while (state.nested.row != nullptr) {
    const orm::ModelSchema& model = *state.nested.model;
    const route::RouteId route{model.save_route};
    if (!std::exchange(state.asked[model.index], true) && app.hooks.of_namespace(route)) {
      return hook(HookStage::kNamespace, model.save_route);
    }
    const orm::NestedRow row = state.nested;
    state.nested = orm::next_nested(*state.upsert, row);
    if (!app.hooks.of_method(route)) continue;
    state.nested_arguments = concat({"{\"model\":", orm::nested_json(row), "}"});
    Step* const step = hook(HookStage::kMethod, model.save_route);
    step->bytes = state.nested_arguments;
    return step;
  }
  state.stage = Stage::kAwaitBuiltin;
  return batch_step(app, exchange);
}

Result<Step*> save_step(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                        simdjson::padded_string_view value, orm::SaveAnswer answer) {
  const validate::TypeTable& types = app.image.types;
  const auto shape = types.model_shape(tree.model->index);
  const validate::Checked checked = app.validator.check_value(
      types.partial_type(shape), app.reader, value, validate::BlobSource{}, exchange.arena);
  if (!checked.ok()) return invalid_input(checked.failures);
  auto document = app.reader.open(value);
  if (!document.ok()) return std::move(document).failure();
  json::Value object;
  if ((*document)->get_value(object) != simdjson::SUCCESS) {
    return Failure{ErrorCode::kOrmInputInvalid, "expected an object"};
  }
  CLOESCE_TRY(make_plan(app, exchange, tree, object, answer, tree.model->name));
  return batch_step(app, exchange);
}

Result<std::string_view> saved(AppContext& app, Exchange& exchange, std::string_view answer) {
  auto object = orm::map_upsert(*exchange.state.upsert, padded(answer), app.reader, exchange.arena);
  if (!object.ok()) return Failure{answer_failure(std::move(object).error())};
  return object;
}

}  // namespace cloesce::runtime
