// CRUD on D1 models.
#include "runtime/builtin.h"

#include "base/concat.h"
#include "orm/key.h"
#include "runtime/data_query.h"
#include "runtime/list.h"
#include "runtime/response.h"
#include "runtime/save.h"
#include "runtime/scopes.h"
#include "runtime/storage_failure.h"

namespace cloesce::runtime {
namespace {

// Of what was saved and not read as a whole.
constexpr std::string_view kIncompleteHeaders =
    "content-type: application/json\ncloesce-incomplete: saved, not read back as a whole\n";

// What the ORM answers when there is no row.
constexpr std::string_view kNoObject = "null";

Error not_found(const Exchange& exchange) {
  return make_error(ErrorCode::kNotFound,
                    filled("there is no such %", {exchange.state.model->name}));
}

// The row that `parameters` name, with what is known of it from the URL.
Result<Objects> select_one(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                           std::string_view parameters) {
  ModelSet models = no_models(app, exchange);
  add_models(models, tree);
  if (Step* const ask = ask_scopes(app, exchange, models)) return ask;
  auto step = select_step(app, exchange, tree, {.kind = orm::Selection::kKey}, parameters);
  return step.ok() ? with_foreseen(app, exchange, *step) : std::move(step);
}

Result<Objects> start_get(AppContext& app, Exchange& exchange, const orm::ModelSchema& model) {
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return std::move(tree).failure();
  // GET names the key columns as parameters, which reads as a key object.
  exchange.state.known = exchange.state.arguments;
  if (exchange.state.model->has_keys_alone()) {
    return complete(app, exchange, *tree, "{}");
  }
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.arguments));
  if (!document.ok()) return std::move(document).failure();
  json::Value key;
  if ((*document)->get_value(key) != simdjson::SUCCESS) {
    return Failure{ErrorCode::kInternal, {}};
  }
  auto parameters = orm::key_parameters(model, key, exchange.arena);
  if (!parameters.ok()) return std::move(parameters).failure();
  return select_one(app, exchange, *tree, *parameters);
}

// The text or token of an argument in the query string; empty when it is null.
Result<std::string_view> argument(AppContext& app, Exchange& exchange, std::string_view name) {
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.arguments));
  json::Value value;
  json::Object arguments;
  if (!document.ok() || (*document)->get_object(arguments) || arguments.find(name, value)) {
    return Failure{ErrorCode::kInternal, {}};
  }
  std::string_view text = value.token();
  if (text.starts_with('"')) {
    if (value.get_string(text)) return Failure{ErrorCode::kInternal, {}};
    return exchange.arena.copy(text);
  }
  if (text.starts_with('n')) return std::string_view{};
  return exchange.arena.copy(text);
}

// Of an integer's digits.
bool is_page_limit(std::string_view digits) {
  return digits[0] >= '1' && digits[0] <= '9' && (digits.size() < 4 || digits == "1000");
}

// A page of a KV or R2 model.
Result<Objects> start_page(AppContext& app, Exchange& exchange, const orm::ModelSchema& model) {
  auto prefix = argument(app, exchange, "prefix");
  if (!prefix.ok()) return std::move(prefix).failure();
  if (!prefix->empty() && !key_fault(model.stored[1].kind, *prefix).empty()) {
    return Failure{ErrorCode::kLimitExceeded, key_fault(model.stored[1].kind, *prefix), "prefix"};
  }
  const auto options = exchange.arena.make_span<orm::IncludeOption>(2);
  std::size_t count = 0;
  for (const std::string_view name : {"limit", "cursor"}) {
    auto value = argument(app, exchange, name);
    if (!value.ok()) return std::move(value).failure();
    if (!value->empty()) options[count++] = {name, *value};
  }
  if (count > 0 && options[0].name == "limit" && !is_page_limit(options[0].value)) {
    return Failure{ErrorCode::kLimitExceeded, "expected a whole number from 1 to 1000", "limit"};
  }
  return read_stored(app, exchange, {&model.stored[1], options.first(count)}, *prefix);
}

Result<Objects> start_list(AppContext& app, Exchange& exchange, const orm::ModelSchema& model) {
  if (!exchange.state.model->has_rows()) {
    return start_page(app, exchange, model);
  }
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return std::move(tree).failure();
  return list_rows(app, exchange, *tree);
}

Result<Objects> start_delete(AppContext& app, Exchange& exchange, const orm::ModelSchema& model) {
  auto parameters = url_key_parameters(app, exchange, model);
  if (!parameters.ok()) return std::move(parameters).failure();
  ModelSet models = no_models(app, exchange);
  add_model(models, model);
  if (Step* const ask = ask_scopes(app, exchange, models)) return ask;
  return delete_step(app, exchange, model, *parameters);
}

Step* finish_delete(AppContext& app, Exchange& exchange, std::string_view answer) {
  const auto deletion = deleted(app, answer);
  if (!deletion.ok()) return respond_failure(exchange, deletion.error());
  if (*deletion == orm::Deletion::kNoSuchRow) return respond_failure(exchange, not_found(exchange));
  return respond_empty(exchange, 200);
}

Result<Objects> found(const Exchange& exchange, Result<Objects> objects) {
  if (objects.ok() && is_ready(*objects) && (*objects)->bytes == kNoObject) {
    return Failure{not_found(exchange)};
  }
  return objects;
}

// R2 says the head of what a model of R2 is.
Result<Objects> instance_of(Exchange& exchange, Result<Objects> objects) {
  objects = found(exchange, std::move(objects));
  if (objects.ok() && is_ready(*objects) && exchange.state.model->has_objects()) {
    Step& step = **objects;
    step.bytes = exchange.arena.copy(filled("{\"head\":%}", {step.bytes}));
  }
  return objects;
}

Step* respond_objects(Exchange& exchange, Result<Objects> objects) {
  objects = found(exchange, std::move(objects));
  if (!objects.ok()) return respond_failure(exchange, objects.error());
  if (!is_ready(*objects)) return *objects;
  Step* const answer = respond_json(exchange, 200, (*objects)->bytes);
  if (!exchange.state.next_page.empty()) answer->text = page_headers(exchange);
  if (((*objects)->flags & kIncomplete) != 0) {
    answer->flags = kIncomplete;
    answer->text = kIncompleteHeaders;
  }
  return answer;
}

Result<Objects> start(AppContext& app, Exchange& exchange) {
  if (exchange.state.model == nullptr) return Failure{ErrorCode::kModelUnknown, {}};
  const orm::ModelSchema& model = *exchange.state.model;
  switch (exchange.state.method->builtin) {
    case cidl::Builtin::kGet:
      return start_get(app, exchange, model);
    case cidl::Builtin::kList:
      return start_list(app, exchange, model);
    case cidl::Builtin::kSave:
      return start_save(app, exchange);
    case cidl::Builtin::kDelete:
      return start_delete(app, exchange, model);
    default:
      return Failure{ErrorCode::kInternal, "no such ready-made method"};
  }
}

}  // namespace

Result<std::string_view> stored_key(AppContext& app, Exchange& exchange) {
  const ExchangeState& state = exchange.state;
  std::string_view key;
  if (state.method->scope == cidl::MethodScope::kStatic) {
    auto given = argument(app, exchange, "key");
    if (!given.ok()) return given;
    key = *given;
  } else {
    auto document = app.reader.open(json::pad(exchange.arena, state.keys));
    json::Array keys;
    json::Value first;
    if (!document.ok() || (*document)->get_array(keys) || !keys.next(first) ||
        first.get_string(key)) {
      return Failure{ErrorCode::kKeyInvalid, "the key cannot be read"};
    }
    key = exchange.arena.copy(key);
  }
  const auto fault = key_fault(exchange.state.model->stored[0].kind, key);
  if (!fault.empty()) return Failure{ErrorCode::kKeyInvalid, fault, "key"};
  return key;
}

Result<Objects> start_instance(AppContext& app, Exchange& exchange) {
  exchange.state.bytes = BytesForm::kKept;
  const orm::ModelSchema& model = *exchange.state.model;
  if (model.kept_by_key()) {
    auto key = stored_key(app, exchange);
    if (!key.ok()) return std::move(key).failure();
    return read_stored(app, exchange, {model.stored.data(), {}}, *key);
  }
  auto tree = caller_tree(app, exchange);
  if (!tree.ok()) return std::move(tree).failure();
  CLOESCE_TRY(know_url_keys(app, exchange));
  if (model.has_keys_alone()) return complete(app, exchange, *tree, "{}");
  auto parameters = url_key_parameters(app, exchange, model);
  if (!parameters.ok()) return std::move(parameters).failure();
  return select_one(app, exchange, *tree, *parameters);
}

Result<Objects> go_on_instance(AppContext& app, Exchange& exchange, Outcome outcome,
                               std::string_view payload) {
  return instance_of(exchange, objects_of(app, exchange, orm::Cardinality::kOne, outcome, payload));
}

Step* start_builtin(AppContext& app, Exchange& exchange) {
  return respond_objects(exchange, start(app, exchange));
}

Step* go_on_builtin(AppContext& app, Exchange& exchange, Outcome outcome,
                    std::string_view payload) {
  const cidl::Builtin builtin = exchange.state.method->builtin;
  if (builtin == cidl::Builtin::kDelete) {
    if (outcome == Outcome::kDone) return finish_delete(app, exchange, payload);
    return respond_failure(exchange, storage_failure(payload));
  }
  const auto cardinality =
      builtin == cidl::Builtin::kList ? orm::Cardinality::kMany : orm::Cardinality::kOne;
  return respond_objects(exchange, objects_of(app, exchange, cardinality, outcome, payload));
}

}  // namespace cloesce::runtime
