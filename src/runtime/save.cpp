// Between validated input, the upsert plan, and its answer.
#include "runtime/save.h"

#include <memory>
#include <utility>

#include "base/concat.h"
#include "base/string.h"
#include "orm/upsert_plan.h"
#include "runtime/data_query.h"
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

Result<Step*> plan_step(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                        const json::Value& value, orm::SaveAnswer answer, std::string_view path) {
  auto plan = orm::plan_upsert(app.schema, tree, value, answer, path, app.plans, exchange.arena,
                               exchange.state.row_form);
  if (!plan.ok()) return std::move(plan).failure();
  exchange.state.tree = tree;
  exchange.state.upsert = std::make_unique<orm::UpsertPlan>(std::move(*plan));
  return query_step(app, exchange, *tree.model, exchange.state.upsert->statements);
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
  CLOESCE_TRY(expect_room(app, exchange.state.body.size()));
  auto document = app.reader.open(padded(exchange.state.body));
  if (!document.ok()) return std::move(document).failure();
  json::Object arguments;
  json::Value value;
  if ((*document)->get_object(arguments) || arguments.find(kModelParameter, value)) {
    return Failure{ErrorCode::kParameterMissing, "expected an object", kModelParameter};
  }
  return plan_step(app, exchange, *tree, value, orm::SaveAnswer::kObject, kModelParameter);
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
  return plan_step(app, exchange, tree, object, answer, tree.model->name);
}

Failure saved_unread(const Exchange& exchange, const Error& error) {
  return Failure{ErrorCode::kSavedUnread,
                 concat({"it was saved, but what was saved cannot be read back: ", error.detail}),
                 exchange.state.model->name};
}

Result<std::string_view> saved(AppContext& app, Exchange& exchange, std::string_view answer) {
  if (answer.empty()) {
    return saved_unread(exchange, make_error(ErrorCode::kNoRoom, "it is too large for now"));
  }
  auto object = orm::map_upsert(*exchange.state.upsert, padded(answer), app.reader, exchange.arena);
  if (object.ok()) return object;
  // No row with the key: nothing was written.
  if (object.error().code == ErrorCode::kNotFound) return std::move(object).failure();
  return saved_unread(exchange, object.error());
}

}  // namespace cloesce::runtime
