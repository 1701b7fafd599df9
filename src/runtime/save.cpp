// Between validated input, the upsert plan, and its answer.
#include "runtime/save.h"

#include <memory>
#include <string>
#include <utility>

#include "orm/upsert_plan.h"
#include "runtime/data_query.h"
#include "validate/validator.h"

namespace cloesce::runtime {
namespace {

constexpr std::string_view kModelParameter = "model";

Result<Step> plan_step(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                       json::value value, orm::SaveAnswer answer, std::string_view path) {
  auto plan =
      orm::plan_upsert(app.schema, tree, value, answer, path, app.plans, exchange.arena);
  if (!plan.ok()) return Failure{std::move(plan).error()};
  exchange.state.upsert = std::make_unique<orm::UpsertPlan>(std::move(*plan));
  return query_step(app, exchange, *tree.model, exchange.state.upsert->statements);
}

// One failure that says all that is wrong with a value of user code.
Failure invalid_input(std::vector<Error> failures) {
  std::string detail;
  for (const Error& failure : failures) {
    if (!detail.empty()) detail.push_back('\n');
    detail.append(render(failure));
  }
  return Failure{make_error(ErrorCode::kOrmInputInvalid, std::move(detail))};
}

}  // namespace

Result<Step> start_save(AppContext& app, Exchange& exchange) {
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return Failure{std::move(tree).error()};
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.arguments));
  if (!document.ok()) return Failure{std::move(document).error()};
  json::value value;
  if ((*document)->find_field_unordered(kModelParameter).get(value) != simdjson::SUCCESS) {
    return Failure{make_error(ErrorCode::kParameterMissing, "expected an object",
                              std::string(kModelParameter))};
  }
  return plan_step(app, exchange, *tree, value, orm::SaveAnswer::kObject, kModelParameter);
}

Result<Step> save_step(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                       simdjson::padded_string_view value, orm::SaveAnswer answer) {
  const auto& types = app.validator.types();
  const auto shape = types.model_shape(app.names.object(tree.model->name).index);
  const validate::Checked checked =
      app.validator.check_value(types.partial_type(shape), app.reader, value,
                                validate::BlobSource{}, exchange.arena);
  if (!checked.ok()) return invalid_input(checked.failures);
  auto document = app.reader.open(value);
  if (!document.ok()) return Failure{std::move(document).error()};
  json::value object;
  if ((*document)->get_value().get(object) != simdjson::SUCCESS) {
    return Failure{make_error(ErrorCode::kOrmInputInvalid, "expected an object")};
  }
  return plan_step(app, exchange, tree, object, answer, tree.model->name);
}

Result<std::string_view> saved(AppContext& app, Exchange& exchange, std::string_view payload) {
  return orm::map_upsert(*exchange.state.upsert, padded(payload), app.reader, exchange.arena);
}

}  // namespace cloesce::runtime
