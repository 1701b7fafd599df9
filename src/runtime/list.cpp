// A first page of the largest size is planned as a whole table is: a table that is no larger is
// read as fast as one without pages.
#include "runtime/list.h"

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "orm/query.h"
#include "runtime/data_query.h"
#include "runtime/scopes.h"

namespace cloesce::runtime {
namespace {

// Rows that are read as a whole table is, and as a page when there are more.
constexpr std::size_t kWholeRows = 1000;

// Whether an argument is there, of names that hold no colon.
bool says_something(std::string_view arguments) {
  for (std::size_t at = 0; (at = arguments.find(':', at)) != std::string_view::npos; ++at) {
    if (arguments[at + 1] != 'n') return true;
  }
  return false;
}

// Where the data source that the caller reads by asks for some of the rows.
const orm::DataSource* asking_source(const ExchangeState& state) {
  const orm::DataSource* const source =
      state.model->data_source(state.data_source.empty() ? "default" : state.data_source);
  return source != nullptr && source->asks() ? source : nullptr;
}

Result<orm::QueryInput> read_arguments(AppContext& app, Exchange& exchange, std::uint32_t maximum) {
  orm::QueryInput input;
  if (!says_something(exchange.state.arguments)) return input;
  auto document = app.reader.open(json::pad(exchange.arena, exchange.state.arguments));
  json::Object arguments;
  if (!document.ok() || (*document)->get_object(arguments)) return Failure{ErrorCode::kInternal};
  for (json::Field field; arguments.next(field);) {
    const std::string_view name = field.escaped_key();
    const json::Value value = field.value();
    if (value.is_null()) continue;
    std::string_view text;
    if (name == "limit") {
      std::uint64_t limit = 0;
      if (value.get_uint64(limit) || limit == 0 || limit > maximum) {
        return Failure{ErrorCode::kLimitExceeded,
                       filled("expected a whole number from 1 to %", {decimal(maximum)}), "limit"};
      }
      input.limit = static_cast<std::size_t>(limit);
    } else if (name == "after") {
      if (value.get_string(text)) return Failure{ErrorCode::kInternal};
      input.after = exchange.arena.copy(text);
      // No page begins behind nothing.
      if (text.empty()) return Failure{ErrorCode::kCursorInvalid, "the cursor is empty", "after"};
    } else {
      if (value.raw_json(text)) return Failure{ErrorCode::kInternal};
      (name == "where" ? input.where : input.order) = text;
    }
  }
  return input;
}

}  // namespace

std::string_view without_cursor(std::string_view query, Arena& arena) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  ByteBuffer out(arena, query.size() + 1);
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty() || pair.substr(0, pair.find('=')) == "after") continue;
    for (const char character : pair) {
      if (character > ' ' && character < 0x7F && character != '<' && character != '>' &&
          character != '"') {
        out.push(character);
        continue;
      }
      const auto byte = static_cast<unsigned char>(character);
      out.push('%');
      out.push(kDigits[byte >> 4]);
      out.push(kDigits[byte & 15]);
    }
    out.push('&');
  }
  return out.view();
}

Result<Step*> list_rows(AppContext& app, Exchange& exchange, const orm::IncludeTree& tree) {
  ExchangeState& state = exchange.state;
  const orm::ListSchema& list = state.model->list;
  const orm::DataSource* const source = asking_source(state);
  const std::uint32_t most = source != nullptr ? source->limit : 0;
  auto input =
      read_arguments(app, exchange, most != 0 && most < list.maximum ? most : list.maximum);
  if (!input.ok()) return std::move(input).failure();
  const bool asked =
      input->limit != 0 || !input->after.empty() || !input->where.empty() || !input->order.empty();
  ModelSet models = no_models(app, exchange);
  add_models(models, tree);
  if (!asked && source == nullptr && list.limit == 0) {
    if (Step* const ask = ask_scopes(app, exchange, models)) return ask;
    return select_step(app, exchange, tree, {.kind = orm::Selection::kAll}, "[]");
  }
  // A model whose lists are whole tables answers all that its source asks for.
  const bool all = !asked && list.limit == 0 && most == 0;
  if (input->limit == 0 && !all) {
    input->limit = list.limit != 0 ? list.limit : list.maximum;
    if (most != 0) input->limit = most < list.maximum ? most : list.maximum;
  }
  input->source = source;
  state.page_rows = input->limit;
  const orm::QueryLimits limits{&list.where, &list.order};
  auto query = orm::parse_query(*state.model, *input, &limits, app.reader, exchange.arena);
  if (!query.ok()) return std::move(query).failure();
  add_models(models, query->related);
  if (Step* const ask = ask_scopes(app, exchange, models)) return ask;
  if (!asked && source == nullptr && input->limit == kWholeRows) {
    return select_step(app, exchange, tree,
                       {.kind = orm::Selection::kAll, .from = query->code, .limit = kWholeRows},
                       "[]");
  }
  return select_step(app, exchange, tree,
                     {.kind = orm::Selection::kQuery,
                      .from = query->code,
                      .parameters = static_cast<std::uint16_t>(query->count)},
                     query->parameters);
}

std::string_view page_headers(const Exchange& exchange) {
  return exchange.arena.copy(
      filled("content-type: application/json\nlink: <?%after=%>; rel=\"next\"\n",
             {exchange.state.page_query, exchange.state.next_page}));
}

}  // namespace cloesce::runtime
