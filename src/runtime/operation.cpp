// Reading of an ORM call's description, and its two halves around the batch.
#include "runtime/operation.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/engine.h"
#include "base/list.h"
#include "base/string.h"
#include "json/writer.h"
#include "orm/bulk_plan.h"
#include "orm/count_plan.h"
#include "orm/include_tree.h"
#include "orm/key.h"
#include "orm/map_flat.h"
#include "orm/query.h"
#include "orm/query_text.h"
#include "runtime/data_query.h"
#include "runtime/objects.h"
#include "runtime/response.h"
#include "runtime/save.h"
#include "runtime/scopes.h"
#include "runtime/storage_failure.h"

namespace cloesce::runtime {
namespace {

// A relation below which no field from KV or R2 is asked for; nullptr when there is none.
const orm::IncludeEntry* without_field(std::span<const orm::IncludeEntry> entries) {
  for (const orm::IncludeEntry& entry : entries) {
    if (entry.stored.empty() && entry.children().empty()) return &entry;
    if (const orm::IncludeEntry* inner = without_field(entry.children())) return inner;
  }
  return nullptr;
}

bool has_query(std::span<const orm::IncludeEntry> entries) {
  for (const orm::IncludeEntry& entry : entries) {
    if (!entry.query.empty() || has_query(entry.children())) return true;
  }
  return false;
}

Failure unreadable(std::string_view detail) { return Failure{ErrorCode::kOrmInputInvalid, detail}; }

// The members of a description, all in the arena: texts are decoded, the others are where they
// were.
struct Description {
  std::string_view operation;
  const orm::ModelSchema* model = nullptr;
  std::string_view key;
  std::string_view tree;
  std::string_view value;
  std::string_view rows;
  std::string_view from;
  std::string_view bound;  // what `from` has for parameters, as JSON
  std::string_view tag;
  std::string_view where;
  std::string_view order;
  std::string_view after;
  std::string_view scopes;           // those that are known; empty: the call has none
  List<orm::IncludeOption> options;  // all other members
};

// Absent and null texts are empty.
bool take_text(Arena& arena, const json::Value& value, std::string_view& into) {
  if (value.type() == json::Type::kNull) return true;
  std::string_view text;
  if (value.get_string(text) != simdjson::SUCCESS) return false;
  into = arena.copy(text);
  return true;
}

bool take_member(Arena& arena, std::string_view name, const json::Value& value, Description& into,
                 std::string_view& model) {
  if (name == "operation") return take_text(arena, value, into.operation);
  if (name == "model") return take_text(arena, value, model);
  if (name == "from") return take_text(arena, value, into.from);
  if (name == "tagCte") return take_text(arena, value, into.tag);
  if (name == "after") return take_text(arena, value, into.after);
  std::string_view raw;
  if (value.raw_json(raw) != simdjson::SUCCESS) return false;
  if (name == "bound") into.bound = raw;
  if (name == "key") into.key = raw;
  if (name == "tree") into.tree = raw;
  if (name == "value") into.value = raw;
  if (name == "rows") into.rows = raw;
  if (name == "where") into.where = raw;
  if (name == "orderBy") into.order = raw;
  if (name == "scopes") into.scopes = raw;
  for (const std::string_view known :
       {"bound", "key", "tree", "value", "rows", "where", "orderBy", "scopes"}) {
    if (name == known) return true;
  }
  std::string_view text = raw;
  if (raw.starts_with('"') && value.get_string(text)) return false;
  if (raw != "null") into.options.push_back({arena.copy(name), arena.copy(text)});
  return true;
}

Result<Description> read_description(AppContext& app, Arena& arena, std::string_view text) {
  auto document = app.reader.open(padded(text));
  if (!document.ok()) {
    if (document.error().code == ErrorCode::kNoRoom) return std::move(document).failure();
    return unreadable("the call is no JSON");
  }
  json::Object object;
  if ((*document)->get_object(object) != simdjson::SUCCESS) {
    return unreadable("the call is no object");
  }
  Description description;
  std::string_view model;
  for (json::Field member; object.next(member);) {
    std::string_view name;
    if (member.unescaped_key(name) != simdjson::SUCCESS ||
        !take_member(arena, name, member.value(), description, model)) {
      return unreadable("the call cannot be read");
    }
  }
  if (object.error() != simdjson::SUCCESS) return unreadable("the call cannot be read");
  CLOESCE_TRY(json::expect_end(**document));
  description.model = app.schema.model(model);
  if (description.model == nullptr) {
    return Failure{ErrorCode::kModelUnknown, filled("there is no model \"%\"", {model})};
  }
  return description;
}

class Operation {
 public:
  Operation(AppContext& app, Exchange& exchange)
      : app_(app), exchange_(exchange), arena_(exchange.arena) {}

  Result<Step*> begin(std::string_view text) {
    auto read = read_description(app_, arena_, text);
    if (!read.ok()) return std::move(read).failure();
    description_ = *read;
    exchange_.state.stage = Stage::kAwaitOperation;
    exchange_.state.model = description_.model;
    exchange_.state.bytes = BytesForm::kKept;
    if (!description_.scopes.empty()) {
      exchange_.state.scoped = true;
      CLOESCE_TRY(learn_scopes(app_, exchange_, description_.scopes));
    }
    const std::string_view name = description_.operation;
    if (name == "get") return get();
    if (name == "list") return list();
    if (serves_storage() && name == "hydrate") return hydrate();
    if (!description_.model->has_rows()) {
      return unreadable(filled("% is no D1 model", {description_.model->name}));
    }
    if (name == "save") return save(OperationKind::kSave);
    if (name == "upsert") return save(OperationKind::kUpsert);
    if (name == "delete") return remove();
    if (name == "count") return count(orm::Counting::kRows);
    if (name == "exists") return count(orm::Counting::kExistence);
    if (name == "deleteMany" || name == "updateMany") return change_many();
    if (name == "map" || name == "mapSql") return map();
    if (name == "listQuery") return list_query();
    if (name == "getQuery") return get_query();
    return unreadable("there is no such ORM call");
  }

  Result<Step*> resume(Outcome outcome, std::string_view payload) {
    switch (exchange_.state.operation) {
      case OperationKind::kGet:
      case OperationKind::kSave:
        return objects(orm::Cardinality::kOne, outcome, payload);
      case OperationKind::kList:
        return objects(orm::Cardinality::kMany, outcome, payload);
      case OperationKind::kUpsert: {
        if (outcome == Outcome::kFailed) return failed(payload);
        auto answer = saved(app_, exchange_, payload);
        if (!answer.ok()) return std::move(answer).failure();
        return value_step(*answer);
      }
      case OperationKind::kDelete: {
        if (outcome != Outcome::kDone) return failed(payload);
        auto deletion = deleted(app_, payload);
        if (!deletion.ok()) return std::move(deletion).failure();
        return value_step(*deletion == orm::Deletion::kDeleted ? "true" : "false");
      }
      case OperationKind::kCount: {
        if (outcome != Outcome::kDone) return failed(payload);
        return value_step(counted(payload));
      }
      case OperationKind::kNone:
        break;
    }
    return Failure{ErrorCode::kOutcomeUnexpected, {}};
  }

 private:
  [[nodiscard]] Failure failed(std::string_view message) const {
    return Failure{storage_failure(message, exchange_.state.upsert.get())};
  }

  Result<json::Value> value_of(std::string_view text) {
    auto document = app_.reader.open(padded(text));
    if (!document.ok()) return std::move(document).failure();
    json::Value value;
    if ((*document)->get_value(value) != simdjson::SUCCESS) return unreadable("no value");
    return value;
  }

  Result<orm::IncludeTree> tree() {
    if (description_.tree.empty()) return orm::empty_include_tree(*description_.model, arena_);
    auto value = value_of(description_.tree);
    if (!value.ok()) return std::move(value).failure();
    return orm::parse_include_tree(*description_.model, *value, app_.reader, arena_);
  }

  // A tree of what is made of rows that are given: all of it.
  Result<orm::IncludeTree> plain_tree() {
    auto included = tree();
    if (included.ok() && has_query(included->entries)) {
      return Failure{ErrorCode::kIncludeTreeInvalid,
                     "what is made of given rows takes no where, orderBy and limit at a relation"};
    }
    return included;
  }

  Result<std::string_view> key() {
    if (description_.key.empty()) return unreadable("the key is missing");
    auto value = value_of(description_.key);
    if (!value.ok()) return std::move(value).failure();
    return orm::key_parameters(*description_.model, *value, arena_);
  }

  [[nodiscard]] std::string_view option(std::string_view name) const {
    for (const orm::IncludeOption& given : description_.options) {
      if (given.name == name) return given.value;
    }
    return {};
  }

  // The key of a KV or R2 model.
  Result<std::string_view> text_key() {
    if (description_.key.empty()) return unreadable("the key is missing");
    auto value = value_of(description_.key);
    std::string_view text;
    if (!value.ok() || value->get_string(text)) return unreadable("the key is no text");
    text = arena_.copy(text);
    const auto fault = key_fault(description_.model->stored[0].kind, text);
    if (!fault.empty()) return Failure{ErrorCode::kKeyInvalid, fault, "key"};
    return text;
  }

  Result<Step*> get() {
    exchange_.state.operation = OperationKind::kGet;
    if (description_.model->kept_by_key()) {
      auto text = text_key();
      if (!text.ok()) return std::move(text).failure();
      return step_of(read_stored(app_, exchange_, {description_.model->stored.data(), {}}, *text));
    }
    auto included = tree();
    if (!included.ok()) return std::move(included).failure();
    know_key();
    if (description_.model->has_keys_alone()) {
      return step_of(complete(app_, exchange_, *included, "{}"));
    }
    auto parameters = key();
    if (!parameters.ok()) return std::move(parameters).failure();
    if (Step* const ask = ask_scopes(&*included)) return ask;
    auto step =
        select_step(app_, exchange_, *included, {.kind = orm::Selection::kKey}, *parameters);
    if (!step.ok()) return step;
    return with_foreseen(app_, exchange_, *step);
  }

  // The key as an object by name: the only column or parameter may be given alone.
  void know_key() {
    if (!serves_storage()) return;
    const std::string_view raw = description_.key;
    if (raw.empty()) return;
    if (raw.starts_with('{')) {
      exchange_.state.known = raw;
      return;
    }
    const orm::ModelSchema& model = *description_.model;
    const bool keys = description_.model->has_keys_alone() && !model.key_parameters.empty();
    if (!keys && model.primary_key.empty()) return;
    ByteBuffer out(arena_, raw.size() + 64);
    out.push('{');
    json::append_string(out, keys ? model.key_parameters[0] : model.key(0).name);
    out.push(':');
    out.append(raw);
    out.push('}');
    exchange_.state.known = out.view();
  }

  Result<Step*> list() {
    exchange_.state.operation = OperationKind::kList;
    if (description_.model->kept_by_key()) {
      return step_of(read_stored(
          app_, exchange_, {&description_.model->stored[1], copied_options()}, option("prefix")));
    }
    if (description_.model->has_keys_alone()) return unreadable("there is nothing to list");
    auto included = tree();
    if (!included.ok()) return std::move(included).failure();
    if (description_.where.empty() && description_.order.empty() && option("limit").empty() &&
        description_.after.empty() && option("offset").empty()) {
      orm::RowSelection selection;
      if (!description_.from.empty()) {
        selection.kind = orm::Selection::kFrom;
        selection.from = description_.from;
        auto bound = count_bound();
        if (!bound.ok()) return std::move(bound).failure();
        selection.parameters = *bound;
      }
      if (Step* const ask = ask_scopes(&*included)) return ask;
      return select_step(app_, exchange_, *included, selection,
                         description_.bound.empty() ? "[]" : description_.bound);
    }
    if (!description_.from.empty()) {
      return unreadable("`from` is a query of its own: it takes no where, orderBy, limit or after");
    }
    auto query = this->query();
    if (!query.ok()) return std::move(query).failure();
    if (Step* const ask = ask_scopes(&*included, &*query)) return ask;
    return select_step(app_, exchange_, *included,
                       {.kind = orm::Selection::kQuery,
                        .from = query->code,
                        .parameters = static_cast<std::uint16_t>(query->count)},
                       query->parameters);
  }

  // How many values `from` has.
  Result<std::uint16_t> count_bound() {
    std::uint16_t count = 0;
    if (description_.bound.empty()) return count;
    auto value = value_of(description_.bound);
    if (!value.ok()) return std::move(value).failure();
    json::Array values;
    if (value->get_array(values)) return unreadable("the values of the SELECT are no list");
    for (json::Value one; values.next(one); ++count) one.pass();
    return count;
  }

  // Of all that a call leads to; nullptr when they are known, or the call has none.
  Step* ask_scopes(const orm::IncludeTree* tree, const orm::Query* query = nullptr) {
    ModelSet models = no_models(app_, exchange_);
    add_model(models, *description_.model);
    if (tree != nullptr) add_models(models, *tree);
    if (query != nullptr) add_models(models, query->related);
    return runtime::ask_scopes(app_, exchange_, models);
  }

  // The last value of `[[[n]]]` or `[[],[[n]]]`.
  [[nodiscard]] static std::string_view counted(std::string_view answer) {
    answer = answer.substr(answer.rfind('[') + 1);
    return answer.substr(0, answer.find(']'));
  }

  Result<Step*> change_many() {
    exchange_.state.operation = OperationKind::kCount;
    if (description_.where.empty() || description_.where == "null") {
      return Failure{ErrorCode::kQueryInvalid, "expected conditions: {} stands for all rows",
                     "where"};
    }
    const orm::ModelSchema& model = *description_.model;
    auto query = this->query();
    if (!query.ok()) return std::move(query).failure();
    if (Step* const ask = ask_scopes(nullptr, &*query)) return ask;
    const orm::Scopes& scopes = exchange_.state.scopes;
    CLOESCE_TRY(expect_room_for(orm::narrowing(scopes, query->count)));
    if (description_.operation == "deleteMany") {
      return query_step(app_, exchange_, model,
                        orm::plan_delete_many(model, *query, scopes, arena_));
    }
    auto values = value_of(description_.value);
    if (!values.ok()) return std::move(values).failure();
    auto batch = orm::plan_update_many(model, *query, *values, scopes, arena_);
    if (!batch.ok()) return std::move(batch).failure();
    return query_step(app_, exchange_, model, *batch);
  }

  Result<Step*> count(orm::Counting counting) {
    exchange_.state.operation = OperationKind::kCount;
    exchange_.state.repeatable = true;
    auto query = this->query();
    if (!query.ok()) return std::move(query).failure();
    if (Step* const ask = ask_scopes(nullptr, &*query)) return ask;
    const orm::Scopes& scopes = exchange_.state.scopes;
    const orm::Narrowing narrowing = orm::narrowing(scopes, query->count);
    CLOESCE_TRY(expect_room_for(narrowing));
    auto* statement = arena_.make<orm::Statement>(
        arena_.copy(orm::plan_count(*description_.model, query->code, counting, narrowing)),
        orm::scoped_parameters(query->parameters, scopes, arena_));
    return query_step(app_, exchange_, *description_.model, {statement, 1});
  }

  Result<orm::Query> query() {
    orm::QueryInput input{description_.where, description_.order, description_.after};
    for (const std::string_view name : {"limit", "offset"}) {
      const std::string_view digits = option(name);
      if (digits.empty()) continue;
      std::size_t number = 0;
      for (const char digit : digits) {
        if (!is_digit(digit) || digits.size() > 9) {
          return Failure{ErrorCode::kQueryInvalid, "expected a whole number", name};
        }
        number = number * 10 + static_cast<std::size_t>(digit - '0');
      }
      if (name == "offset") {
        input.offset = number;
      } else if (number == 0) {
        return Failure{ErrorCode::kQueryInvalid, "expected a whole number from 1 on", name};
      } else {
        input.limit = number;
      }
    }
    exchange_.state.page_rows = input.limit;
    return orm::parse_query(*description_.model, input, nullptr, app_.reader, arena_);
  }

  Result<Step*> hydrate() {
    exchange_.state.operation = OperationKind::kList;
    if (description_.model->kept_by_key())
      return unreadable("only models of D1 and of keys have fields to hydrate");
    auto included = plain_tree();
    if (!included.ok()) return std::move(included).failure();
    if (const orm::IncludeEntry* relation = without_field(included->entries)) {
      return unreadable(
          filled("hydrate reads no relations, and nothing of KV or R2 is asked for in %",
                 {relation->navigation->name}));
    }
    return step_of(complete(app_, exchange_, *included, description_.value));
  }

  std::span<const orm::IncludeOption> copied_options() {
    const auto options = arena_.make_span<orm::IncludeOption>(description_.options.size());
    std::copy(description_.options.begin(), description_.options.end(), options.begin());
    return options;
  }

  Result<Step*> save(OperationKind kind) {
    exchange_.state.operation = kind;
    auto included = tree();
    if (!included.ok()) return std::move(included).failure();
    const auto answer =
        kind == OperationKind::kUpsert ? orm::SaveAnswer::kKey : orm::SaveAnswer::kObject;
    return save_step(app_, exchange_, *included, padded(description_.value), answer);
  }

  Result<Step*> remove() {
    exchange_.state.operation = OperationKind::kDelete;
    auto parameters = key();
    if (!parameters.ok()) return std::move(parameters).failure();
    if (Step* const ask = ask_scopes(nullptr)) return ask;
    return delete_step(app_, exchange_, *description_.model, *parameters);
  }

  Result<Step*> map() {
    auto included = plain_tree();
    if (!included.ok()) return std::move(included).failure();
    auto rows = value_of(description_.rows);
    if (!rows.ok()) return unreadable("the rows are no array");
    auto mapped = orm::map_flat(*included, *rows, arena_);
    if (!mapped.ok()) return std::move(mapped).failure();
    if (description_.operation == "map") return objects_step(*mapped);
    exchange_.state.operation = OperationKind::kList;
    return step_of(complete(app_, exchange_, *included, *mapped));
  }

  Result<Step*> list_query() {
    auto included = plain_tree();
    if (!included.ok()) return std::move(included).failure();
    return text_step(
        orm::list_query(*included, {.from = description_.from, .tag_cte = description_.tag}));
  }

  Result<Step*> get_query() {
    auto included = plain_tree();
    if (!included.ok()) return std::move(included).failure();
    return text_step(orm::get_query(*included));
  }

  Result<Step*> objects(orm::Cardinality cardinality, Outcome outcome, std::string_view payload) {
    return step_of(objects_of(app_, exchange_, cardinality, outcome, payload));
  }

  Result<Step*> step_of(Result<Objects> objects) {
    if (!objects.ok()) return std::move(objects).failure();
    if (!is_ready(*objects)) return objects;
    std::string_view json = (*objects)->bytes;
    if (exchange_.state.model->has_objects() && exchange_.state.operation == OperationKind::kGet &&
        json != "null") {
      json = arena_.copy(filled("{\"head\":%}", {json}));
    }
    // A list that was asked for in pages says where the next one begins.
    if (exchange_.state.is_page()) {
      const std::string_view next = exchange_.state.next_page;
      const std::string_view quote = next.empty() ? "" : "\"";
      json = arena_.copy(concat({app_.pieces.begun ? "" : kPageOfOperation, json,
                                 ",\"cursor\":", quote, next.empty() ? "null" : next, quote, "}"}));
    }
    Step* const step = objects_step(json);
    step->flags = (*objects)->flags;
    return step;
  }

  // A step's status is the shape of its objects plus one, 0 for plain JSON.
  Step* objects_step(std::string_view json) {
    Step* const step = value_step(json);
    const std::int32_t shape = app_.image.model_shapes[exchange_.state.model->index];
    step->status = static_cast<std::uint32_t>(shape + 1);
    return step;
  }

  Step* value_step(std::string_view json) { return ready(exchange_, json); }

  Result<Step*> text_step(Result<String> text) {
    if (!text.ok()) return std::move(text).failure();
    ByteBuffer out(arena_, text->size() + 16);
    json::append_string(out, *text);
    return value_step(out.view());
  }

  AppContext& app_;
  Exchange& exchange_;
  Arena& arena_;
  Description description_;
};

}  // namespace

Step* begin_operation(AppContext& app, Exchange& exchange, std::string_view text) {
  return or_failure(exchange, Operation(app, exchange).begin(text));
}

Step* resume_operation(AppContext& app, Exchange& exchange, Outcome outcome,
                       std::string_view payload) {
  return or_failure(exchange, Operation(app, exchange).resume(outcome, payload));
}

}  // namespace cloesce::runtime
