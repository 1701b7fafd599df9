// The order of the waits: rows together with what needs none, then the rest of KV and R2.
#include "runtime/objects.h"

#include <memory>
#include <utility>

#include "base/byte_buffer.h"
#include "base/engine.h"
#include "json/writer.h"
#include "runtime/data_query.h"
#include "runtime/save.h"
#include "runtime/storage_failure.h"

namespace cloesce::runtime {
namespace {

Failure unreadable_objects() { return Failure{ErrorCode::kOutcomeUnexpected, {}}; }

Hydration& hydration(AppContext& app, Exchange& exchange) {
  auto& current = exchange.state.hydration;
  if (current == nullptr) {
    current = std::make_unique<Hydration>(app.account, app.reader, exchange.state.bytes);
  }
  return *current;
}

Result<Objects> next(Exchange& exchange) {
  const std::string_view operations = exchange.state.hydration->ask(exchange.arena);
  if (operations.empty()) {
    auto whole = exchange.state.hydration->finish(exchange.arena);
    if (!whole.ok()) return std::move(whole).failure();
    return ready(exchange, *whole);
  }
  Step* const step = new_step(exchange.arena, StepKind::kStorage);
  step->bytes = operations;
  return step;
}

// The members of `state.known` that are key parameters: no row holds them.
Result<void> append_key_parameters(AppContext& app, Exchange& exchange, ByteBuffer& out) {
  const auto& names = exchange.state.model->key_parameters;
  if (names.empty() || exchange.state.known.empty()) return {};
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.known));
  json::Object members;
  if (!document.ok() || (*document)->get_object(members)) return unreadable_objects();
  for (json::Field field; members.next(field);) {
    for (const image::Text& name : names) {
      std::string_view value;
      if (field.escaped_key() != name) continue;
      if (field.value().raw_json(value)) return unreadable_objects();
      json::append_string(out, name);
      out.push(':');
      out.append(value);
      out.push(',');
    }
  }
  return {};
}

}  // namespace

Objects ready(Exchange& exchange, std::string_view json) {
  Step* const step = new_step(exchange.arena, StepKind::kReturn);
  step->bytes = json;
  return step;
}

Result<void> know_url_keys(AppContext& app, Exchange& exchange) {
  if (!serves_storage()) return {};
  const orm::ModelSchema& model = *exchange.state.model;
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.keys));
  json::Array keys;
  if (!document.ok() || (*document)->get_array(keys)) return unreadable_objects();
  ByteBuffer out(exchange.arena, exchange.state.keys.size() + 64);
  std::size_t index = 0;
  for (json::Value key; keys.next(key);) {
    std::string_view value;
    if (key.raw_json(value)) return unreadable_objects();
    out.push(index == 0 ? '{' : ',');
    const std::size_t columns = model.primary_key.size();
    json::append_string(
        out, index < columns ? model.key(index).name : model.key_parameters[index - columns]);
    out.push(':');
    out.append(value);
    ++index;
  }
  out.push('}');
  exchange.state.known = out.view();
  return {};
}

Result<Step*> with_foreseen(AppContext& app, Exchange& exchange, Step* step) {
  const ExchangeState& state = exchange.state;
  if (!serves_storage() || state.tree.stored.empty() || state.known.empty()) return step;
  Hydration& values = hydration(app, exchange);
  CLOESCE_TRY(values.foresee(state.tree, json::pad(exchange.arena, state.known)));
  step->beside = values.ask(exchange.arena);
  if (step->beside.empty()) exchange.state.hydration.reset();
  return step;
}

Result<Objects> read_stored(AppContext& app, Exchange& exchange, const orm::StoredEntry& entry,
                            std::string_view key) {
  hydration(app, exchange).place_one(entry, key);
  return next(exchange);
}

Result<Objects> complete(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree,
                         std::string_view json) {
  if (!serves_storage()) return ready(exchange, json);
  if (json.starts_with('{')) {
    ByteBuffer whole(exchange.arena);
    CLOESCE_TRY(append_key_parameters(app, exchange, whole));
    if (!whole.empty()) {
      ByteBuffer merged(exchange.arena, whole.size() + json.size());
      merged.push('{');
      merged.append(whole.view());
      if (json == "{}") merged.truncate(merged.size() - 1);
      merged.append(json.substr(1));
      json = merged.view();
    }
  }
  if (!tree.has_stored) return ready(exchange, json);
  CLOESCE_TRY(
      hydration(app, exchange).place(tree, std::string_view(json::pad(exchange.arena, json))));
  return next(exchange);
}

namespace {

Result<void> no_room_for_objects() { return Failure{ErrorCode::kNoRoom, {}}; }

// What was written is answered, whatever becomes of the fields from KV and R2.
Result<Objects> without_rest(Exchange& exchange) {
  exchange.state.hydration->give_up();
  auto whole = exchange.state.hydration->finish(exchange.arena);
  if (!whole.ok()) return saved_unread(exchange, whole.error());
  Step* const step = ready(exchange, *whole);
  step->flags = kIncomplete;
  return step;
}

}  // namespace

Result<Objects> objects_of(AppContext& app, Exchange& exchange, orm::Cardinality cardinality,
                           Outcome outcome, std::string_view payload) {
  ExchangeState& state = exchange.state;
  const bool placed = serves_storage() && state.hydration != nullptr && state.hydration->placed();
  const bool wrote = state.upsert != nullptr && (placed || outcome != Outcome::kFailed);
  if (outcome == Outcome::kFailed || (outcome == Outcome::kTooLarge && !wrote)) {
    return wrote ? without_rest(exchange) : Failure{storage_failure(payload, state.upsert.get())};
  }
  if (placed) {
    auto taken = outcome == Outcome::kDone ? state.hydration->take(payload) : no_room_for_objects();
    Result<Objects> objects =
        taken.ok() ? next(exchange) : Result<Objects>(std::move(taken).failure());
    return objects.ok() || !wrote ? std::move(objects) : without_rest(exchange);
  }
  if (serves_storage() && state.hydration != nullptr) {
    // What needed no row comes behind the rows.
    const std::size_t rows = payload.find(Hydration::kAnswerEnd);
    if (rows == std::string_view::npos) return unreadable_objects();
    CLOESCE_TRY(state.hydration->take(payload.substr(rows + 1)));
    payload = payload.substr(0, rows);
  }
  const auto objects =
      wrote ? saved(app, exchange, payload) : selected_objects(app, exchange, cardinality, payload);
  if (!objects.ok()) return Failure{objects.error()};
  if (outcome == Outcome::kTooLarge) {
    Step* const step = ready(exchange, *objects);
    step->flags = kIncomplete;
    return step;
  }
  auto whole = complete(app, exchange, state.tree, *objects);
  if (whole.ok() || !wrote) return whole;
  Step* const step = ready(exchange, *objects);
  step->flags = kIncomplete;
  return step;
}

}  // namespace cloesce::runtime
