// CRUD on D1 models.
#include "runtime/builtin.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include "orm/delete_plan.h"
#include "orm/key.h"
#include "runtime/data_query.h"
#include "runtime/response.h"
#include "runtime/save.h"
#include "runtime/storage_failure.h"

namespace cloesce::runtime {
namespace {

Error not_found(const Exchange& exchange) {
  return make_error(ErrorCode::kNotFound,
                    fmt::format(FMT_COMPILE("there is no such {}"), exchange.state.model->name));
}

Result<Step> start_get(AppContext& app, Exchange& exchange, const orm::ModelSchema& model) {
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return Failure{std::move(tree).error()};
  // GET names the key columns as parameters, which reads as a key object.
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.arguments));
  if (!document.ok()) return Failure{std::move(document).error()};
  json::value key;
  if ((*document)->get_value().get(key) != simdjson::SUCCESS) {
    return Failure{make_error(ErrorCode::kInternal, {})};
  }
  auto parameters = orm::key_parameters(model, key, exchange.arena);
  if (!parameters.ok()) return Failure{std::move(parameters).error()};
  return select_step(app, exchange, *tree, {.kind = orm::Selection::kKey}, *parameters);
}

Result<Step> start_list(AppContext& app, Exchange& exchange) {
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return Failure{std::move(tree).error()};
  return select_step(app, exchange, *tree, {.kind = orm::Selection::kAll}, "[]");
}

Result<Step> start_delete(AppContext& app, Exchange& exchange, const orm::ModelSchema& model) {
  auto parameters = url_key_parameters(app, exchange, model);
  if (!parameters.ok()) return Failure{std::move(parameters).error()};
  const auto batch = exchange.arena.make_span<orm::Statement>(1);
  ::new (&batch[0])
      orm::Statement{exchange.arena.copy(orm::plan_delete(model)), *parameters};
  return query_step(app, exchange, model, batch);
}

Step finish_delete(AppContext& app, Exchange& exchange, Outcome outcome,
                   std::string_view payload) {
  if (outcome != Outcome::kDone) return respond_failure(exchange, storage_failure(payload));
  const auto deletion = orm::map_deletion(padded(payload), app.reader);
  if (!deletion.ok()) return respond_failure(exchange, deletion.error());
  if (*deletion == orm::Deletion::kNoSuchRow) return respond_failure(exchange, not_found(exchange));
  return respond_empty(200);
}

}  // namespace

Step query_instance(AppContext& app, Exchange& exchange) {
  const orm::ModelSchema* model = app.schema.model(exchange.state.model->name);
  if (model == nullptr) {
    return respond_failure(exchange, make_error(ErrorCode::kModelUnknown, {}));
  }
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return respond_failure(exchange, tree.error());
  auto parameters = url_key_parameters(app, exchange, *model);
  if (!parameters.ok()) return respond_failure(exchange, parameters.error());
  auto step =
      select_step(app, exchange, *tree, {.kind = orm::Selection::kKey}, *parameters);
  if (!step.ok()) return respond_failure(exchange, step.error());
  return *step;
}

Result<std::string_view> map_instance(AppContext& app, Exchange& exchange, Outcome outcome,
                                      std::string_view payload) {
  auto instance =
      selected_objects(app, exchange, orm::Cardinality::kOne, outcome, payload);
  if (instance.ok() && *instance == "null") return Failure{not_found(exchange)};
  return instance;
}

Step start_builtin(AppContext& app, Exchange& exchange) {
  const orm::ModelSchema* model = app.schema.model(exchange.state.model->name);
  if (model == nullptr) {
    return respond_failure(exchange, make_error(ErrorCode::kModelUnknown, {}));
  }
  auto step = [&]() -> Result<Step> {
    switch (exchange.state.method->builtin) {
      case cidl::Builtin::kGet:
        return start_get(app, exchange, *model);
      case cidl::Builtin::kList:
        return start_list(app, exchange);
      case cidl::Builtin::kSave:
        return start_save(app, exchange);
      case cidl::Builtin::kDelete:
        return start_delete(app, exchange, *model);
      default:
        return Failure{make_error(ErrorCode::kInternal, "no such ready-made method")};
    }
  }();
  if (!step.ok()) return respond_failure(exchange, step.error());
  return *step;
}

Step finish_builtin(AppContext& app, Exchange& exchange, Outcome outcome,
                    std::string_view payload) {
  const cidl::Builtin builtin = exchange.state.method->builtin;
  if (builtin == cidl::Builtin::kDelete) return finish_delete(app, exchange, outcome, payload);
  if (outcome != Outcome::kDone) return respond_failure(exchange, storage_failure(payload));
  const auto cardinality =
      builtin == cidl::Builtin::kList ? orm::Cardinality::kMany : orm::Cardinality::kOne;
  const auto objects = builtin == cidl::Builtin::kSave
                           ? saved(app, exchange, payload)
                           : selected_objects(app, exchange, cardinality, outcome, payload);
  if (!objects.ok()) return respond_failure(exchange, objects.error());
  if (*objects == "null") return respond_failure(exchange, not_found(exchange));
  return respond_json(200, *objects);
}

}  // namespace cloesce::runtime
