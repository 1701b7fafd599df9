// Plans to steps and back.
#include "runtime/data_query.h"

#include <array>

#include "cidl/find.h"
#include "orm/key.h"
#include "runtime/storage_failure.h"

namespace cloesce::runtime {

simdjson::padded_string_view padded(std::string_view payload) {
  return simdjson::padded_string_view(payload.data(), payload.size(),
                                      payload.size() + json::kPadding);
}

Result<orm::IncludeTree> caller_tree(AppContext& app, Exchange& exchange) {
  const ExchangeState& state = exchange.state;
  const orm::ModelSchema& model = *app.schema.model(state.model->name);
  const std::string_view name = state.data_source.empty() ? "default" : state.data_source;
  const cidl::DataSource* source = cidl::find_data_source(*state.model, name);
  if (source == nullptr) return orm::empty_include_tree(model, exchange.arena);
  return orm::resolve_include_tree(model, source->tree, exchange.arena);
}

Result<std::string_view> url_key_parameters(AppContext& app, Exchange& exchange,
                                            const orm::ModelSchema& model) {
  const auto malformed = [] {
    return Failure{make_error(ErrorCode::kKeyInvalid, "the key cannot be read")};
  };
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.keys));
  if (!document.ok()) return malformed();
  json::array values;
  if ((*document)->get_array().get(values) != simdjson::SUCCESS) return malformed();
  std::array<std::string_view, orm::kMaximumKeyColumns> texts;
  std::size_t count = 0;
  for (auto item : values) {
    json::value value;
    json::json_type type{};
    if (count == texts.size() || item.get(value) != simdjson::SUCCESS ||
        value.type().get(type) != simdjson::SUCCESS) {
      return malformed();
    }
    std::string_view text;
    if (type == json::json_type::string) {
      if (value.get_string().get(text) != simdjson::SUCCESS) return malformed();
      texts[count++] = exchange.arena.copy(text);
      continue;
    }
    text = value.raw_json_token();
    while (!text.empty() && (text.back() == ' ' || text.back() == ',')) text.remove_suffix(1);
    texts[count++] = text;
  }
  return orm::key_parameters(model, std::span(texts).first(count), exchange.arena);
}

Step query_step(AppContext& app, Exchange& exchange, const orm::ModelSchema& model,
                orm::Batch batch) {
  const auto calls = exchange.arena.make_span<StatementCall>(batch.size());
  for (std::size_t index = 0; index < batch.size(); ++index) {
    ::new (&calls[index])
        StatementCall{app.statements.number(batch[index].sql), batch[index].parameters};
  }
  Step step;
  step.exchange = exchange.handle;
  step.kind = StepKind::kQuery;
  step.text = model.model->binding;
  step.statements = calls;
  return step;
}

Result<Step> select_step(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                         const orm::RowSelection& selection, std::string_view parameters) {
  auto plan = app.plans.select(tree, selection);
  if (!plan.ok()) return Failure{std::move(plan).error()};
  exchange.state.select = std::move(*plan);
  return query_step(app, exchange, *tree.model,
                    orm::bind_select(*exchange.state.select, parameters, exchange.arena));
}

Result<std::string_view> selected_objects(AppContext& app, Exchange& exchange,
                                          orm::Cardinality cardinality, Outcome outcome,
                                          std::string_view payload) {
  if (outcome != Outcome::kDone) return Failure{storage_failure(payload)};
  return orm::map_rows(*exchange.state.select, cardinality, orm::BatchAnswer{padded(payload)},
                       app.reader, exchange.arena);
}

}  // namespace cloesce::runtime
