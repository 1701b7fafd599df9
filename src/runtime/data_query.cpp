// Plans to steps and back.
#include "runtime/data_query.h"

#include <array>
#include <utility>

#include "base/concat.h"
#include "base/engine.h"
#include "base/string.h"
#include "orm/key.h"
#include "orm/page_cursor.h"
#include "orm/query.h"
#include "runtime/storage_failure.h"

namespace cloesce::runtime {

simdjson::padded_string_view padded(std::string_view text) {
  return simdjson::padded_string_view(text.data(), text.size(), text.size() + json::kPadding);
}

Result<orm::IncludeTree> caller_tree(AppContext& app, Exchange& exchange) {
  const ExchangeState& state = exchange.state;
  const orm::ModelSchema& model = *state.model;
  const std::string_view name = state.data_source.empty() ? "default" : state.data_source;
  const orm::DataSource* source = model.data_source(name);
  const orm::View view = !cidl::is_own(state.method->builtin) && model.conceals != 0
                             ? orm::View::kOpen
                             : orm::View::kWhole;
  if (source == nullptr) return orm::empty_include_tree(model, exchange.arena, view);
  return orm::resolve_include_tree(model, *source, app.reader, exchange.arena, view);
}

Result<std::string_view> url_key_parameters(AppContext& app, Exchange& exchange,
                                            const orm::ModelSchema& model) {
  const auto malformed = [] { return Failure{ErrorCode::kKeyInvalid, "the key cannot be read"}; };
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.keys));
  if (!document.ok()) return malformed();
  json::Array values;
  if ((*document)->get_array(values) != simdjson::SUCCESS) return malformed();
  std::array<std::string_view, orm::kMaximumKeyColumns> texts;
  std::size_t count = 0;
  for (json::Value value; values.next(value);) {
    // Key parameters follow the columns.
    if (count == model.primary_key.size()) break;
    if (count == texts.size()) return malformed();
    std::string_view text;
    if (value.type() == json::Type::kString) {
      if (value.get_string(text) != simdjson::SUCCESS) return malformed();
      texts[count++] = exchange.arena.copy(text);
      continue;
    }
    texts[count++] = value.token();
  }
  if (values.error() != simdjson::SUCCESS) return malformed();
  return orm::key_parameters(model, std::span(texts).first(count), exchange.arena);
}

Pieces* pieces_of(AppContext& app, const Exchange& exchange) {
  const ExchangeState& state = exchange.state;
  if (app.pieces.take == nullptr) return nullptr;
  if (serves_storage() && (state.tree.has_stored || !state.model->key_parameters.empty())) {
    return nullptr;
  }
  if (state.stage == Stage::kAwaitOperation) {
    app.pieces.before = state.is_page() ? kPageOfOperation : std::string_view{};
    return &app.pieces;
  }
  const bool shown =
      state.method->builtin == cidl::Builtin::kGet && app.hooks.of_instance(state.match.route);
  return state.stage == Stage::kAwaitBuiltin && !shown ? &app.pieces : nullptr;
}

Result<void> expect_room_for(const orm::Narrowing& narrowing) {
  if (narrowing.parameter <= orm::kMaximumParameters) return {};
  return Failure{ErrorCode::kLimitExceeded,
                 concat({"a query has at most ", decimal(orm::kMaximumParameters - 1),
                         " values beside a scope, each list counted as one"}),
                 "where"};
}

Result<Step*> query_step(AppContext& app, Exchange& exchange, const orm::ModelSchema& model,
                         orm::Batch batch) {
  if (batch.size() > StatementTable::kMaximumBatch) {
    return Failure{ErrorCode::kLimitExceeded,
                   filled("% statements would be needed, the limit is %",
                          {decimal(batch.size()), decimal(StatementTable::kMaximumBatch)}),
                   model.name};
  }
  const auto calls = exchange.arena.make_span<StatementCall>(batch.size());
  for (std::size_t index = 0; index < batch.size(); ++index) {
    calls[index] = {app.statements.number(batch[index].sql), batch[index].parameters};
  }
  exchange.state.statements = static_cast<std::uint16_t>(batch.size());
  Step* const step = new_step(exchange.arena, StepKind::kQuery, model.binding);
  step->statements = calls;
  return step;
}

Result<Step*> select_step(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                          orm::RowSelection selection, std::string_view parameters) {
  ExchangeState& state = exchange.state;
  selection.rows = state.row_form;
  std::size_t count = selection.parameters;
  if (selection.kind == orm::Selection::kKey) count = tree.model->primary_key.size();
  selection.narrowing = orm::narrowing(state.scopes, count, tree.values);
  CLOESCE_TRY(expect_room_for(selection.narrowing));
  auto plan = app.plans.select(tree, selection);
  if (!plan.ok()) return std::move(plan).failure();
  state.select = std::move(*plan);
  state.tree = tree;
  state.selection = selection;
  state.repeatable = true;
  return query_step(app, exchange, *tree.model,
                    orm::bind_select(*state.select,
                                     orm::scoped_parameters(parameters, state.scopes,
                                                            exchange.arena, tree.values),
                                     exchange.arena));
}

namespace {

// Of one batch, beside the first; and how long the host waits before the first of them.
constexpr std::uint8_t kRepetitions = 2;
constexpr std::uint32_t kFirstWait = 80;

// The same batch once more. Those that failed together do not come back together.
Step* repeated(Exchange& exchange) {
  ExchangeState& state = exchange.state;
  if (serves_storage()) state.hydration.reset();
  Step* const step = new_step(exchange.arena, StepKind::kQuery, state.model->binding);
  step->status = state.statements;
  step->limit = (kFirstWait << (2 * state.attempts++)) + exchange.handle % 64;
  return step;
}

}  // namespace

Step* query_again(AppContext& app, Exchange& exchange, std::string_view message) {
  ExchangeState& state = exchange.state;
  const bool placed = serves_storage() && state.hydration != nullptr && state.hydration->placed();
  const bool awaited = state.stage == Stage::kAwaitSelf || state.stage >= Stage::kAwaitBuiltin;
  if (state.repeatable && awaited && !placed && state.attempts < kRepetitions &&
      is_passing(message)) {
    return repeated(exchange);
  }
  const ErrorCode code = storage_failure(message).code;
  // A statement for all nests deeper than one of its own for each.
  if (state.row_form != orm::RowForm::kJoined || state.tree.model == nullptr ||
      (code != ErrorCode::kResultTooLarge && code != ErrorCode::kLimitExceeded) || placed) {
    return nullptr;
  }
  if (serves_storage()) state.hydration.reset();
  state.row_form = orm::RowForm::kSeparate;
  if (state.upsert != nullptr) {
    orm::UpsertPlan& save = *state.upsert;
    if (!orm::separate_rows(save, state.tree, app.plans).ok()) return nullptr;
    auto step = query_step(app, exchange, *state.tree.model,
                           orm::Batch(save.statements).subspan(save.writes));
    if (!step.ok()) return nullptr;
    (*step)->status = static_cast<std::uint32_t>(save.writes);
    state.statements = static_cast<std::uint16_t>(state.statements + save.writes);
    return *step;
  }
  auto step = select_step(app, exchange, state.tree, state.selection, {});
  return step.ok() ? *step : nullptr;
}

Result<Step*> delete_step(AppContext& app, Exchange& exchange, const orm::ModelSchema& model,
                          std::string_view parameters) {
  // A second time it would find nothing.
  exchange.state.repeatable = false;
  const orm::Scopes& scopes = exchange.state.scopes;
  const orm::Narrowing narrowing = orm::narrowing(scopes, model.primary_key.size());
  auto* statement = exchange.arena.make<orm::Statement>(
      exchange.arena.copy(orm::plan_delete(model, narrowing)),
      orm::scoped_parameters(parameters, scopes, exchange.arena));
  return query_step(app, exchange, model, {statement, 1});
}

Result<std::string_view> selected_objects(AppContext& app, Exchange& exchange,
                                          orm::Cardinality cardinality, std::string_view answer) {
  ExchangeState& state = exchange.state;
  orm::Page page{state.page_rows};
  auto objects = orm::map_rows(*state.select, cardinality, orm::BatchAnswer{padded(answer)},
                               app.reader, exchange.arena, &page, pieces_of(app, exchange));
  if (!objects.ok()) return Failure{answer_failure(std::move(objects).error())};
  if (page.more) {
    auto next =
        orm::write_cursor(*state.tree.model, state.selection.from, page.values, exchange.arena);
    if (!next.ok()) return next;
    state.next_page = *next;
  }
  return objects;
}

Result<orm::Deletion> deleted(AppContext& app, std::string_view answer) {
  auto deletion = orm::map_deletion(padded(answer), app.reader);
  if (!deletion.ok()) return Failure{answer_failure(std::move(deletion).error())};
  return deletion;
}

}  // namespace cloesce::runtime
