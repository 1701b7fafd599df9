// CRUD on D1 models.
#include "runtime/builtin.h"

#include "base/concat.h"
#include "orm/key.h"
#include "runtime/data_query.h"
#include "runtime/response.h"
#include "runtime/save.h"
#include "runtime/storage_failure.h"

namespace cloesce::runtime {
namespace {

// What the ORM answers when there is no row.
constexpr std::string_view kNoObject = "null";

Error not_found(const Exchange& exchange) {
  return make_error(ErrorCode::kNotFound,
                    concat({"there is no such ", exchange.state.model->name}));
}

Result<Step> start_get(AppContext& app, Exchange& exchange, const orm::ModelSchema& model) {
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return std::move(tree).failure();
  // GET names the key columns as parameters, which reads as a key object.
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.arguments));
  if (!document.ok()) return std::move(document).failure();
  json::value key;
  if ((*document)->get_value().get(key) != simdjson::SUCCESS) {
    return Failure{ErrorCode::kInternal, {}};
  }
  auto parameters = orm::key_parameters(model, key, exchange.arena);
  if (!parameters.ok()) return std::move(parameters).failure();
  return select_step(app, exchange, *tree, {.kind = orm::Selection::kKey}, *parameters);
}

Result<Step> start_list(AppContext& app, Exchange& exchange) {
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return std::move(tree).failure();
  return select_step(app, exchange, *tree, {.kind = orm::Selection::kAll}, "[]");
}

Result<Step> start_delete(AppContext& app, Exchange& exchange, const orm::ModelSchema& model) {
  auto parameters = url_key_parameters(app, exchange, model);
  if (!parameters.ok()) return std::move(parameters).failure();
  return delete_step(app, exchange, model, *parameters);
}

Step finish_delete(AppContext& app, Exchange& exchange, std::string_view answer) {
  const auto deletion = deleted(app, answer);
  if (!deletion.ok()) return respond_failure(exchange, deletion.error());
  if (*deletion == orm::Deletion::kNoSuchRow) return respond_failure(exchange, not_found(exchange));
  return respond_empty(200);
}

}  // namespace

Result<Step> query_instance(AppContext& app, Exchange& exchange) {
  const orm::ModelSchema* model = app.schema.model(exchange.state.model->name);
  if (model == nullptr) return Failure{ErrorCode::kModelUnknown, {}};
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return std::move(tree).failure();
  auto parameters = url_key_parameters(app, exchange, *model);
  if (!parameters.ok()) return std::move(parameters).failure();
  return select_step(app, exchange, *tree, {.kind = orm::Selection::kKey}, *parameters);
}

Result<std::string_view> map_instance(AppContext& app, Exchange& exchange, Outcome outcome,
                                      std::string_view payload) {
  if (outcome != Outcome::kDone) return Failure{storage_failure(payload)};
  auto instance = selected_objects(app, exchange, orm::Cardinality::kOne, payload);
  if (instance.ok() && *instance == kNoObject) return Failure{not_found(exchange)};
  return instance;
}

Result<Step> start_builtin(AppContext& app, Exchange& exchange) {
  const orm::ModelSchema* model =
      exchange.state.model == nullptr ? nullptr : app.schema.model(exchange.state.model->name);
  if (model == nullptr) return Failure{ErrorCode::kModelUnknown, {}};
  switch (exchange.state.method->builtin) {
    case cidl::Builtin::kGet:
      return start_get(app, exchange, *model);
    case cidl::Builtin::kList:
      return start_list(app, exchange);
    case cidl::Builtin::kSave:
      return start_save(app, exchange);
    case cidl::Builtin::kDelete:
      return start_delete(app, exchange, *model);
    case cidl::Builtin::kHead:
    case cidl::Builtin::kPut:
    case cidl::Builtin::kNone:
      break;
  }
  return Failure{ErrorCode::kInternal, "no such ready-made method"};
}

Step finish_builtin(AppContext& app, Exchange& exchange, Outcome outcome,
                    std::string_view payload) {
  if (outcome != Outcome::kDone) {
    return respond_failure(exchange, storage_failure(payload, exchange.state.upsert.get()));
  }
  const cidl::Builtin builtin = exchange.state.method->builtin;
  if (builtin == cidl::Builtin::kDelete) return finish_delete(app, exchange, payload);
  const auto cardinality =
      builtin == cidl::Builtin::kList ? orm::Cardinality::kMany : orm::Cardinality::kOne;
  const auto objects = builtin == cidl::Builtin::kSave
                           ? saved(app, exchange, payload)
                           : selected_objects(app, exchange, cardinality, payload);
  if (!objects.ok()) return respond_failure(exchange, objects.error());
  if (*objects == kNoObject) return respond_failure(exchange, not_found(exchange));
  return respond_json(200, *objects);
}

}  // namespace cloesce::runtime
