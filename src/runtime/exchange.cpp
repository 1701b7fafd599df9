// What an exchange keeps while it waits.
#include "runtime/exchange.h"

#include <cstdlib>
#include <cstring>
#include <utility>

namespace cloesce::runtime {
namespace {

// Goes over all that is kept, twice: once to learn its size, then to copy it.
class Keeper {
 public:
  explicit Keeper(char* to) : to_(to) {}

  void text(std::string_view& text) {
    if (text.empty()) return;
    char* const place = copy(text.data(), text.size());
    if (place != nullptr) text = {place, text.size()};
  }

  void tree(orm::IncludeTree& tree) {
    text(tree.key);
    text(tree.values);
    entries(tree.entries);
    stored(tree.stored);
  }

  void step(Step*& step) {
    std::span<const Step> one(step, 1);
    Step& kept = items(one).front();
    text(kept.text);
    text(kept.bytes);
    step = &kept;
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  // Where the copy is, null while sizes are learnt.
  char* copy(const void* from, std::size_t bytes) {
    char* const place = to_ == nullptr ? nullptr : to_ + bytes_;
    if (place != nullptr) std::memcpy(place, from, bytes);
    bytes_ += bytes;
    return place;
  }

  // Nothing is written through what is answered while sizes are learnt.
  template <class T>
  std::span<T> items(std::span<const T>& items) {
    if (items.empty()) return {};
    bytes_ = (bytes_ + alignof(T) - 1) & ~(alignof(T) - 1);
    auto* const place = reinterpret_cast<T*>(copy(items.data(), items.size_bytes()));
    if (place == nullptr) return {const_cast<T*>(items.data()), items.size()};
    items = {place, items.size()};
    return {place, items.size()};
  }

  void entries(std::span<const orm::IncludeEntry>& list) {
    for (orm::IncludeEntry& entry : items(list)) {
      std::span<const orm::IncludeEntry> children = entry.children();
      entries(children);
      entry.set_children(children);
      text(entry.query);
      stored(entry.stored);
    }
  }

  void stored(std::span<const orm::StoredEntry>& list) {
    for (orm::StoredEntry& entry : items(list)) {
      for (orm::IncludeOption& option : items(entry.options)) {
        text(option.name);
        text(option.value);
      }
    }
  }

  char* to_;
  std::size_t bytes_ = 0;
};

// A selection is narrowed by what the exchange knows.
void keep_scopes(orm::RowSelection& selection, const ExchangeState& state) {
  if (selection.narrowing.parameter != 0) selection.narrowing.scopes = state.scopes.code;
}

void keep(Keeper& keeper, ExchangeState& state) {
  for (std::string_view* const text :
       {&state.head_text, &state.arguments, &state.data_source, &state.keys, &state.self,
        &state.known, &state.page_query, &state.next_page, &state.scopes.code,
        &state.scopes.values}) {
    keeper.text(*text);
  }
  if (state.answer != nullptr) keeper.step(state.answer);
  if (state.tree.model == nullptr) return;
  keeper.tree(state.tree);
  keeper.text(state.selection.from);
  keep_scopes(state.selection, state);
  if (state.upsert == nullptr) return;
  keep_scopes(state.upsert->selection, state);
  for (orm::ChangedRows& rows : state.upsert->changed) keeper.text(rows.key);
  for (std::string_view& place : state.upsert->guarded) keeper.text(place);
  keeper.text(state.upsert->root);
  keeper.text(state.upsert->key_parameters);
}

// Of a saved row, in bytes of JSON, to be told when it cannot be read back.
constexpr std::size_t kLongestKey = 200;

// What the next step has no use for.
void forget(ExchangeState& state) {
  const bool early = state.stage <= Stage::kBody;
  if (!state.head.accept.empty()) state.errors = media::negotiate_error(state.head.accept);
  state.head = {};
  state.match.keys = state.match.query = {};
  if (!early) state.head_text = {};
  if (state.source != ArgumentsSource::kUrl) state.body_gone = true;
  if (state.source == ArgumentsSource::kRewritten) state.arguments = {};
  state.body = {};
  state.blobs = {};
  // The answer is what the hooks were shown.
  if (state.answer != nullptr) state.self = {};
  if (state.stage < Stage::kAwaitBuiltin) return;
  state.keys = state.data_source = state.arguments = {};
  state.scopes.values = {};
  if (state.model->key_parameters.empty()) state.known = {};
  if (state.upsert == nullptr) return;
  state.upsert->rows = nullptr;
  state.upsert->statements = {};
  // Of a new row the database alone knows the key.
  if (state.upsert->selection.generated_keys != 0 ||
      state.upsert->key_parameters.size() > kLongestKey) {
    state.upsert->key_parameters = {};
  }
}

}  // namespace

Exchange::~Exchange() { std::free(kept); }

void* hold(Exchange& exchange) {
  ExchangeState& state = exchange.state;
  forget(state);
  Keeper measure(nullptr);
  keep(measure, state);
  void* const place = std::malloc(measure.bytes() + 1);
  if (place == nullptr) std::abort();
  Keeper copy(static_cast<char*>(place));
  keep(copy, state);
  void* const before = std::exchange(exchange.kept, place);
  exchange.held = sizeof(Exchange) + copy.bytes();
  if (state.upsert != nullptr) {
    exchange.held += sizeof(orm::UpsertPlan) +
                     state.upsert->changed.size() * sizeof(orm::ChangedRows) +
                     state.upsert->guarded.size() * sizeof(std::string_view);
  }
  for (const NestedHook& hook : state.nested.ready) {
    exchange.held += sizeof(NestedHook) + hook.arguments.size();
  }
  if (state.hydration != nullptr) {
    exchange.held += sizeof(Hydration) + state.hydration->list_bytes();
  }
  return before;
}

void let_go(Exchange& exchange) {
  exchange.state = ExchangeState{};
  std::free(exchange.kept);
  exchange.kept = nullptr;
  exchange.held = 0;
}

}  // namespace cloesce::runtime
