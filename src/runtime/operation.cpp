// Reading of an ORM call's description, and its two halves around the batch.
#include "runtime/operation.h"

#include <string>
#include <utility>

#include "base/byte_buffer.h"
#include "json/writer.h"
#include "orm/delete_plan.h"
#include "orm/include_tree.h"
#include "orm/key.h"
#if __has_include("orm/map_flat.h")
#include "orm/map_flat.h"
#define HAVE_FLAT
#endif
#if __has_include("orm/query_text.h")
#include "orm/query_text.h"
#endif
#include "runtime/data_query.h"
#include "runtime/response.h"
#include "runtime/save.h"
#include "runtime/storage_failure.h"

namespace cloesce::runtime {
namespace {

Failure unreadable(std::string detail) {
  return Failure{make_error(ErrorCode::kOrmInputInvalid, std::move(detail))};
}

// simdjson hands out no value for a document that is a scalar, so a value is read as the only item of an array.
simdjson::padded_string_view in_brackets(Arena& arena, std::string_view raw) {
  ByteBuffer out(arena, raw.size() + 2 + json::kPadding);
  out.push('[');
  out.append(raw);
  out.push(']');
  return simdjson::padded_string_view(out.data(), out.size(), out.size() + json::kPadding);
}

// The members of a description as padded copies in the arena; texts are decoded, `key` and `tree` in brackets.
struct Description {
  std::string_view operation;
  const orm::ModelSchema* model = nullptr;
  simdjson::padded_string_view key;
  simdjson::padded_string_view tree;
  simdjson::padded_string_view value;
  simdjson::padded_string_view rows;
  std::string_view from;
  std::string_view tag;
};

// Absent and null texts are empty.
bool take_text(Arena& arena, json::value& value, std::string_view& into) {
  json::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == json::json_type::null) return true;
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  into = arena.copy(text);
  return true;
}

Result<Description> read_description(AppContext& app, Arena& arena, std::string_view text) {
  auto document = app.reader.open(json::pad(arena, text));
  if (!document.ok()) return Failure{std::move(document).error()};
  json::object object;
  if ((*document)->get_object().get(object) != simdjson::SUCCESS) return unreadable("no object");
  Description description;
  std::string_view model;
  for (auto member : object) {
    std::string_view name;
    json::value value;
    if (member.unescaped_key().get(name) != simdjson::SUCCESS ||
        member.value().get(value) != simdjson::SUCCESS) {
      return unreadable("the call cannot be read");
    }
    bool read = true;
    std::string_view raw;
    if (name == "operation") {
      read = take_text(arena, value, description.operation);
    } else if (name == "model") {
      read = take_text(arena, value, model);
    } else if (name == "from") {
      read = take_text(arena, value, description.from);
    } else if (name == "tagCte") {
      read = take_text(arena, value, description.tag);
    } else if ((read = value.raw_json().get(raw) == simdjson::SUCCESS)) {
      if (name == "key") description.key = in_brackets(arena, raw);
      if (name == "tree") description.tree = in_brackets(arena, raw);
      if (name == "value") description.value = json::pad(arena, raw);
      if (name == "rows") description.rows = json::pad(arena, raw);
    }
    if (!read) return unreadable("the call cannot be read");
  }
  description.model = app.schema.model(model);
  if (description.model == nullptr) {
    return Failure{make_error(ErrorCode::kModelUnknown, "there is no D1 model \"" +
                                                            std::string(model) + "\"")};
  }
  return description;
}

class Operation {
 public:
  Operation(AppContext& app, Exchange& exchange)
      : app_(app), exchange_(exchange), arena_(exchange.arena) {}

  Result<Step> begin(std::string_view text) {
    auto read = read_description(app_, arena_, text);
    if (!read.ok()) return Failure{std::move(read).error()};
    description_ = *read;
    exchange_.state.stage = Stage::kAwaitOperation;
    exchange_.state.model = description_.model->model;
    const std::string_view name = description_.operation;
    if (name == "get") return get();
    if (name == "list") return list();
    if (name == "save") return save(OperationKind::kSave);
    if (name == "upsert") return save(OperationKind::kUpsert);
    if (name == "delete") return remove();
    if (name == "map") return map();
    if (name == "listQuery") return list_query();
    if (name == "getQuery") return get_query();
    return unreadable("there is no such ORM call");
  }

  Result<Step> resume(Outcome outcome, std::string_view payload) {
    if (outcome != Outcome::kDone) return Failure{user_failure(payload)};
    switch (exchange_.state.operation) {
      case OperationKind::kGet:
        return objects(orm::Cardinality::kOne, payload);
      case OperationKind::kList:
        return objects(orm::Cardinality::kMany, payload);
      case OperationKind::kSave:
      case OperationKind::kUpsert: {
        auto answer = saved(app_, exchange_, payload);
        if (!answer.ok()) return Failure{std::move(answer).error()};
        if (exchange_.state.operation == OperationKind::kSave) return objects_step(*answer);
        return value_step(*answer);
      }
      case OperationKind::kDelete: {
        const auto deletion = orm::map_deletion(padded(payload), app_.reader);
        if (!deletion.ok()) return Failure{deletion.error()};
        return value_step(*deletion == orm::Deletion::kDeleted ? "true" : "false");
      }
      case OperationKind::kNone:
        break;
    }
    return Failure{make_error(ErrorCode::kOutcomeUnexpected, {})};
  }

 private:
  // User code may see what the database said: it is the app's own, not the caller's.
  static Error user_failure(std::string_view message) {
    Error error = storage_failure(message);
    if (error.code == ErrorCode::kStorageFailed) error.detail = message;
    return error;
  }

  Result<json::value> only_item(simdjson::padded_string_view text) {
    auto document = app_.reader.open(text);
    if (!document.ok()) return Failure{std::move(document).error()};
    json::array items;
    if ((*document)->get_array().get(items) != simdjson::SUCCESS) return unreadable("no value");
    for (auto item : items) {
      json::value value;
      if (item.get(value) != simdjson::SUCCESS) break;
      return value;
    }
    return unreadable("no value");
  }

  Result<orm::IncludeTree> tree() {
    if (description_.tree.empty()) return orm::empty_include_tree(*description_.model, arena_);
    auto value = only_item(description_.tree);
    if (!value.ok()) return Failure{std::move(value).error()};
    return orm::parse_include_tree(*description_.model, *value, arena_);
  }

  Result<std::string_view> key() {
    if (description_.key.empty()) return unreadable("the key is missing");
    auto value = only_item(description_.key);
    if (!value.ok()) return Failure{std::move(value).error()};
    return orm::key_parameters(*description_.model, *value, arena_);
  }

  Result<Step> get() {
    exchange_.state.operation = OperationKind::kGet;
    auto included = tree();
    if (!included.ok()) return Failure{std::move(included).error()};
    auto parameters = key();
    if (!parameters.ok()) return Failure{std::move(parameters).error()};
    return select_step(app_, exchange_, *included, {.kind = orm::Selection::kKey}, *parameters);
  }

  Result<Step> list() {
    exchange_.state.operation = OperationKind::kList;
    auto included = tree();
    if (!included.ok()) return Failure{std::move(included).error()};
    orm::RowSelection selection;
    if (!description_.from.empty()) {
      selection.kind = orm::Selection::kFrom;
      selection.from = description_.from;
    }
    return select_step(app_, exchange_, *included, selection, "[]");
  }

  Result<Step> save(OperationKind kind) {
    exchange_.state.operation = kind;
    auto included = tree();
    if (!included.ok()) return Failure{std::move(included).error()};
    const auto answer =
        kind == OperationKind::kUpsert ? orm::SaveAnswer::kKey : orm::SaveAnswer::kObject;
    return save_step(app_, exchange_, *included, description_.value, answer);
  }

  Result<Step> remove() {
    exchange_.state.operation = OperationKind::kDelete;
    auto parameters = key();
    if (!parameters.ok()) return Failure{std::move(parameters).error()};
    const auto batch = arena_.make_span<orm::Statement>(1);
    ::new (&batch[0])
        orm::Statement{arena_.copy(orm::plan_delete(*description_.model)), *parameters};
    return query_step(app_, exchange_, *description_.model, batch);
  }

#ifdef HAVE_FLAT
  Result<Step> map() {
    auto included = tree();
    if (!included.ok()) return Failure{std::move(included).error()};
    auto mapped = orm::map_flat(*included, description_.rows, app_.reader, arena_);
    if (!mapped.ok()) return Failure{std::move(mapped).error()};
    return objects_step(*mapped);
  }

  Result<Step> list_query() {
    auto included = tree();
    if (!included.ok()) return Failure{std::move(included).error()};
    auto text = orm::list_query(*included, {.from = description_.from, .tag = description_.tag});
    if (!text.ok()) return Failure{std::move(text).error()};
    return text_step(*text);
  }

  Result<Step> get_query() {
    auto included = tree();
    if (!included.ok()) return Failure{std::move(included).error()};
    auto text = orm::get_query(*included);
    if (!text.ok()) return Failure{std::move(text).error()};
    return text_step(*text);
  }

#else
  Result<Step> map() { return unreadable(""); }
  Result<Step> list_query() { return unreadable(""); }
  Result<Step> get_query() { return unreadable(""); }
#endif
  Result<Step> objects(orm::Cardinality cardinality, std::string_view payload) {
    auto mapped = selected_objects(app_, exchange_, cardinality, Outcome::kDone, payload);
    if (!mapped.ok()) return Failure{std::move(mapped).error()};
    return objects_step(*mapped);
  }

  // A step's status is the shape of its objects plus one, 0 for plain JSON.
  Result<Step> objects_step(std::string_view json) {
    Step step = value_step(json);
    const std::int32_t shape = app_.shapes.shape_of_object(exchange_.state.model->name);
    step.status = static_cast<std::uint32_t>(shape + 1);
    return step;
  }

  static Step value_step(std::string_view json) {
    Step step;
    step.kind = StepKind::kReturn;
    step.bytes = json;
    return step;
  }

  Step text_step(std::string_view text) {
    ByteBuffer out(arena_, text.size() + 16);
    json::append_string(out, text);
    return value_step(out.view());
  }

  AppContext& app_;
  Exchange& exchange_;
  Arena& arena_;
  Description description_;
};

Step settle(Exchange& exchange, Result<Step> step) {
  return step.ok() ? *step : respond_failure(exchange, step.error());
}

}  // namespace

Step begin_operation(AppContext& app, Exchange& exchange, std::string_view text) {
  return settle(exchange, Operation(app, exchange).begin(text));
}

Step resume_operation(AppContext& app, Exchange& exchange, Outcome outcome,
                      std::string_view payload) {
  return settle(exchange, Operation(app, exchange).resume(outcome, payload));
}

}  // namespace cloesce::runtime
