// The states of a request in their order. Each returns a step, or falls through to the next state.
#include "runtime/request.h"

#include <string>
#include <utility>

#include "base/byte_buffer.h"
#include "base/concat.h"
#include "base/engine.h"
#include "base/list.h"
#include "json/writer.h"
#include "media/body.h"
#include "runtime/body.h"
#include "runtime/builtin.h"
#include "runtime/data_query.h"
#include "runtime/list.h"
#include "runtime/response.h"
#include "runtime/save.h"
#include "runtime/scopes.h"
#include "validate/validator.h"

namespace cloesce::runtime {
namespace {

using cidl::TypeKind;
using cidl::Verb;

class Request {
 public:
  Request(AppContext& app, Exchange& exchange)
      : app_(app), exchange_(exchange), state_(exchange.state) {}

  Step* begin() {
    state_.scoped = true;
    find_route();
    if (state_.match.outcome == route::Outcome::kNotMine) return step(StepKind::kForeign, 0, {});
    if (matched()) {
      state_.method = &app_.image.methods[static_cast<std::size_t>(state_.match.route)];
      state_.model = state_.method->model.get();
    }
    state_.stage = Stage::kServices;
    return advance();
  }

  Step* resume(Outcome outcome, std::string_view payload) {
    switch (state_.stage) {
      case Stage::kAwaitBody:
        return body_read(outcome, payload);
      case Stage::kAwaitBodyAgain:
        return body_read_again(outcome, payload);
      case Stage::kAwaitSelf:
        return take_self(go_on_instance(app_, exchange_, outcome, payload));
      case Stage::kScopes:
        return scopes_known(outcome, payload);
      case Stage::kAwaitBuiltin:
        return shown(go_on_builtin(app_, exchange_, outcome, payload));
      default:
        if (outcome != Outcome::kDone) return unexpected();
        if (const auto head = parse_head(state_.head_text); head) {
          state_.head = *head;
          find_route();
        }
        return advance();
    }
  }

 private:
  void find_route() {
    state_.match =
        app_.image.routes.match(app_.route_prefix, state_.head.method, state_.head.target);
  }

  [[nodiscard]] bool matched() const { return state_.match.outcome == route::Outcome::kMatched; }
  [[nodiscard]] const route::Route& current_route() const {
    return app_.image.routes.route(state_.match.route);
  }

  Step* advance() {
    switch (state_.stage) {
      case Stage::kServices:
        state_.stage = Stage::kRequestHooks;
        if (const std::string_view needed = needed_services(); !needed.empty()) {
          return step(StepKind::kServices, 0, needed);
        }
        [[fallthrough]];
      case Stage::kRequestHooks:
        state_.stage = Stage::kMatched;
        if (app_.hooks.request()) return hooks(HookStage::kRequest);
        [[fallthrough]];
      case Stage::kMatched:
        if (!matched()) return no_route();
        state_.stage = Stage::kBody;
        if (app_.hooks.of_namespace(state_.match.route)) {
          // A key that is wrong is reported after the hooks, which then see none.
          (void)read_key();
          return hooks(HookStage::kNamespace);
        }
        [[fallthrough]];
      case Stage::kBody:
        return start_body();
      case Stage::kHydrate:
        return hydrate();
      case Stage::kInstanceHooks:
        return state_.answer != nullptr ? state_.answer : work();
      case Stage::kNestedHooks:
        if (Step* const next = next_hook(exchange_)) return next;
        return body_again();
      default:
        return unexpected();
    }
  }

  [[nodiscard]] std::string_view needed_services() const {
    const bool anything = app_.hooks.request() || (matched() && app_.hooks.any(state_.match.route));
    if (anything) return app_.image.all_services;
    return matched() ? state_.method->services.view() : std::string_view{};
  }

  Step* no_route() {
    switch (state_.match.outcome) {
      case route::Outcome::kMethodNotAllowed:
        return respond_failure(exchange_, ErrorCode::kMethodNotAllowed,
                               filled("this path takes %", {state_.match.allow}),
                               filled("allow: %\n", {state_.match.allow}));
      case route::Outcome::kMalformedUrl:
        return respond_failure(exchange_, ErrorCode::kMalformedUrl);
      default:
        return respond_failure(exchange_, ErrorCode::kRouteNotFound);
    }
  }

  [[nodiscard]] bool takes_query() const {
    return state_.method->verb == Verb::kGet || state_.method->verb == Verb::kHead;
  }

  [[nodiscard]] bool takes_query_beside_body() const {
    return state_.method->query_beside_body != 0;
  }

  // State 6: how to read the body, before anything is looked into; then what the URL says.
  Step* start_body() {
    media::BodyKind kind = media::BodyKind::kNone;
    if (!takes_query()) {
      const media::ParametersShape shape = state_.method->shape;
      auto chosen = media::choose_body(shape, state_.head.content_type,
                                       media::body_presence(state_.head.content_length));
      if (!chosen.ok()) return unsupported(chosen.error(), media::acceptable(shape));
      kind = *chosen;
    }
    if (const auto failures = read_url(); !failures.empty()) {
      return respond_failures(exchange_, failures);
    }
    if (takes_query_beside_body()) {
      state_.body_kind = kind;
      return validated();
    }
    if (kind == media::BodyKind::kNone) return without_body();
    if (kind == media::BodyKind::kStream) {
      state_.body_kind = kind;
      take_whole_body(exchange_);
      return validated();
    }
    state_.stage = Stage::kAwaitBody;
    return body_step(app_, exchange_, kind);
  }

  Step* unsupported(const Error& error, std::string_view acceptable) {
    return respond_failure(exchange_, error, filled("accept: %\n", {acceptable}));
  }

  // The query string and the key; answers what is wrong with them.
  [[nodiscard]] List<Error> read_url() {
    const auto& types = app_.image.types;
    const bool in_query = takes_query() || takes_query_beside_body();
    const validate::ShapeId shape = in_query ? state_.method->parameters : types.no_parameters();
    if (serves_storage() && current_route().key_count == 0) take_key_of_path();
    validate::CheckedQuery query =
        app_.validator.check_query(shape, app_.reader, state_.match.query, exchange_.arena);
    if (!query.ok()) return std::move(query.failures);
    state_.arguments = query.arguments;
    state_.data_source = query.data_source;
    if (state_.model == nullptr) return {};
    if (state_.method->builtin == cidl::Builtin::kList && !is_stored()) {
      state_.page_query = without_cursor(state_.match.query, exchange_.arena);
    }
    take_choice(exchange_, query.choice);
    if (!state_.data_source.empty() &&
        !types.names_data_source(state_.model->index, state_.data_source)) {
      return only(ErrorCode::kDataSourceUnknown,
                  filled("% has no data source \"%\"", {state_.model->name, state_.data_source}),
                  "__datasource");
    }
    auto key = read_key();
    return key.ok() ? List<Error>{} : only(std::move(key).error());
  }

  // The key in the path, if the route has one.
  Result<void> read_key() {
    if (state_.model == nullptr || current_route().key_count == 0) return {};
    auto keys = app_.validator.check_keys(state_.model->index, state_.match.keys, exchange_.arena);
    if (!keys.ok()) return std::move(keys).failure();
    state_.keys = *keys;
    return {};
  }

  // A ready-made method of KV or R2 that was asked for on the path of the instance: its key is the
  // first parameter. What is a plus in a path would be a space in a query.
  void take_key_of_path() {
    const std::string_view keys = state_.match.keys;
    if (keys.empty()) return;
    ByteBuffer query(exchange_.arena, keys.size() * 3 + state_.match.query.size() + 5);
    query.append("key=");
    for (const char character : keys) {
      if (character == '+' || character == '&') {
        query.append(character == '+' ? "%2B" : "%26");
      } else {
        query.push(character);
      }
    }
    query.push('&');
    query.append(state_.match.query);
    state_.match.query = query.view();
  }

  // A method that takes nothing needs no body; of one that does, an empty body says nothing.
  Step* without_body() {
    if (takes_query() || state_.method->shape == media::ParametersShape::kNone) {
      return validated();
    }
    return body_read(Outcome::kDone, {});
  }

  // State 7.
  Step* body_read(Outcome outcome, std::string_view payload) {
    const auto failures = take_body(app_, exchange_, outcome, payload);
    if (!failures.empty()) return respond_failures(exchange_, failures);
    return validated();
  }

  // Nothing keeps a body while the exchange waits: the host, which has it, reads it out again.
  Step* body_again() {
    state_.stage = Stage::kAwaitBodyAgain;
    return step(StepKind::kBody, static_cast<std::uint32_t>(BodyForm::kAgain), {});
  }

  Step* body_read_again(Outcome outcome, std::string_view payload) {
    state_.body_gone = false;
    const auto failures = take_body(app_, exchange_, outcome, payload);
    if (!failures.empty()) return respond_failures(exchange_, failures);
    return is_ready_made_in_core() ? run_builtin() : dispatch();
  }

  // State 8.
  Step* validated() {
    state_.stage = Stage::kHydrate;
    if (app_.hooks.of_method(state_.match.route)) return hooks(HookStage::kMethod);
    return hydrate();
  }

  // State 9: the instance, and the hooks that guard it. GET reads a row anyway, and shows it to
  // them before it answers.
  Step* hydrate() {
    const cidl::Builtin builtin = state_.method->builtin;
    const bool reads = builtin == cidl::Builtin::kGet || builtin == cidl::Builtin::kHead;
    const bool shown =
        guards_instance() && (builtin == cidl::Builtin::kDelete || (reads && is_stored()));
    const bool own = cidl::is_own(builtin) && state_.model != nullptr &&
                     state_.method->scope == cidl::MethodScope::kInstance;
    return shown || own ? hydrate_self() : work();
  }

  [[nodiscard]] bool guards_instance() const { return app_.hooks.of_instance(state_.match.route); }

  // The method, or the whole work of a ready-made one.
  Step* work() {
    const cidl::Builtin builtin = state_.method->builtin;
    if (cidl::is_own(builtin)) return dispatch();
    if (is_stored()) return hydrate_stored(builtin);
    return state_.body_gone ? body_again() : run_builtin();
  }

  // The same for ready-made methods of KV and R2, some of which the host performs.
  Step* hydrate_stored(cidl::Builtin builtin) {
    switch (builtin) {
      case cidl::Builtin::kList:
        return run_builtin();
      case cidl::Builtin::kSave:
      case cidl::Builtin::kPut:
        return dispatch();
      case cidl::Builtin::kDelete:
        return with_key([&](std::string_view key) {
          ByteBuffer out(exchange_.arena, key.size() + 16);
          out.append("{\"key\":");
          json::append_string(out, key);
          out.push('}');
          state_.arguments = out.view();
          return dispatch();
        });
      default:
        if (state_.model->has_entries()) {
          return state_.self.empty() ? hydrate_self() : dispatch();
        }
        return with_key([&](std::string_view key) {
          Step* const next = step(StepKind::kObject, 0, state_.model->binding);
          next->bytes = key;
          return next;
        });
    }
  }

  [[nodiscard]] bool is_ready_made_in_core() const {
    return !cidl::is_own(state_.method->builtin) && !is_stored();
  }

  // Whether the model is a KV or R2 model, which the host writes to itself.
  [[nodiscard]] bool is_stored() const {
    return state_.model != nullptr && state_.model->kept_by_key();
  }

  template <class Use>
  Step* with_key(const Use& use) {
    const auto key = stored_key(app_, exchange_);
    return key.ok() ? use(*key) : respond_failure(exchange_, key.error());
  }

  Step* run_builtin() {
    state_.stage = Stage::kAwaitBuiltin;
    return shown(start_builtin(app_, exchange_));
  }

  // The answer of a ready-made GET waits for the hooks of its instance.
  Step* shown(Step* next) {
    if (!guards_instance() || state_.method->builtin != cidl::Builtin::kGet ||
        next->kind != StepKind::kRespond || next->status >= 400) {
      return next;
    }
    state_.answer = next;
    state_.self = next->bytes;
    return instance_hooks();
  }

  // What asked for them begins again.
  Step* scopes_known(Outcome outcome, std::string_view payload) {
    if (outcome != Outcome::kDone) return unexpected();
    if (const auto learnt = learn_scopes(app_, exchange_, payload); !learnt.ok()) {
      return respond_failure(exchange_, learnt.error());
    }
    state_.stage = Stage::kHydrate;
    return state_.self.empty() ? hydrate() : work();
  }

  Step* hydrate_self() {
    state_.stage = Stage::kAwaitSelf;
    return take_self(start_instance(app_, exchange_));
  }

  Step* take_self(const Result<Objects>& instance) {
    if (!instance.ok()) return respond_failure(exchange_, instance.error());
    if (!is_ready(*instance)) return *instance;
    state_.self = (*instance)->bytes;
    return guards_instance() ? instance_hooks() : work();
  }

  Step* instance_hooks() {
    state_.stage = Stage::kInstanceHooks;
    return hooks(HookStage::kInstance);
  }

  // State 10.
  Step* dispatch() {
    if (state_.body_gone && state_.source == ArgumentsSource::kRewritten) return body_again();
    const auto builtin = static_cast<std::uint32_t>(state_.method->builtin);
    Step* const next = call(StepKind::kDispatch, builtin);
    if (state_.body_kind == media::BodyKind::kStream) next->flags |= kBlobIsStream;
    if (builtin != 0) next->flags |= kReadyMade;
    return next;
  }

  Step* hooks(HookStage stage) {
    Step* const next = call(StepKind::kMiddleware, static_cast<std::uint32_t>(stage));
    next->beside = state_.keys;
    return next;
  }

  // A step with what is known of the call.
  Step* call(StepKind kind, std::uint32_t status) {
    Step* const next = step(kind, status, state_.self);
    if (state_.source == ArgumentsSource::kBody) {
      next->flags = kArgumentsAreBody;
    } else {
      next->bytes = state_.arguments;
    }
    next->blobs = state_.blobs;
    return next;
  }

  Step* step(StepKind kind, std::uint32_t status, std::string_view text) {
    return new_step(exchange_.arena, kind, text, status);
  }

  Step* unexpected() { return respond_failure(exchange_, ErrorCode::kOutcomeUnexpected); }

  AppContext& app_;
  Exchange& exchange_;
  ExchangeState& state_;
};

}  // namespace

Step* begin_request(AppContext& app, Exchange& exchange) { return Request(app, exchange).begin(); }

Step* resume_request(AppContext& app, Exchange& exchange, Outcome outcome,
                     std::string_view payload) {
  return Request(app, exchange).resume(outcome, payload);
}

}  // namespace cloesce::runtime
