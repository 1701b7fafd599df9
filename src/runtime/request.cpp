// The states of a request in their order. Each returns a step, or falls through to the next state.
#include "runtime/request.h"

#include <string>
#include <utility>
#include <vector>

#include "base/concat.h"
#include "cidl/find.h"
#include "media/body.h"
#include "runtime/body.h"
#include "runtime/builtin.h"
#include "runtime/data_query.h"
#include "runtime/response.h"
#include "validate/validator.h"

namespace cloesce::runtime {
namespace {

using cidl::TypeKind;
using cidl::Verb;

class Request {
 public:
  Request(AppContext& app, Exchange& exchange)
      : app_(app), exchange_(exchange), state_(exchange.state) {}

  Step begin() {
    state_.match = app_.routes.match(state_.head.method, state_.head.target);
    if (state_.match.outcome == route::Outcome::kNotMine) return Step{};
    if (matched()) {
      state_.method = &app_.routes.method(current_route());
      if (current_route().owner_kind == route::OwnerKind::kModel) {
        state_.model = &app_.interface.models[current_route().owner];
      }
    }
    state_.stage = Stage::kServices;
    return advance();
  }

  Step resume(Outcome outcome, std::string_view payload) {
    switch (state_.stage) {
      case Stage::kAwaitBody:
        return body_read(outcome, payload);
      case Stage::kAwaitSelf:
        return take_self(outcome, payload);
      case Stage::kAwaitBuiltin:
        return finish_builtin(app_, exchange_, outcome, payload);
      default:
        if (outcome != Outcome::kDone) return unexpected();
        return advance();
    }
  }

 private:
  [[nodiscard]] bool matched() const { return state_.match.outcome == route::Outcome::kMatched; }
  [[nodiscard]] const route::Route& current_route() const {
    return app_.routes.route(state_.match.route);
  }

  Step advance() {
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
        if (app_.hooks.of_namespace(state_.match.route)) return hooks(HookStage::kNamespace);
        [[fallthrough]];
      case Stage::kBody:
        return start_body();
      case Stage::kHydrate:
        return hydrate();
      default:
        return unexpected();
    }
  }

  [[nodiscard]] std::string_view needed_services() const {
    const bool anything =
        app_.hooks.request() || (matched() && (app_.hooks.of_namespace(state_.match.route) ||
                                               app_.hooks.of_method(state_.match.route)));
    if (anything) return app_.services.for_everything();
    return matched() ? std::string_view(app_.services.for_route(state_.match.route))
                     : std::string_view{};
  }

  Step no_route() {
    switch (state_.match.outcome) {
      case route::Outcome::kMethodNotAllowed:
        return respond_failure(exchange_,
                               make_error(ErrorCode::kMethodNotAllowed,
                                          concat({"this path takes ", state_.match.allow})),
                               concat({"allow: ", state_.match.allow, "\n"}));
      case route::Outcome::kMalformedUrl:
        return respond_failure(exchange_, make_error(ErrorCode::kMalformedUrl, {}));
      default:
        return respond_failure(exchange_, make_error(ErrorCode::kRouteNotFound, {}));
    }
  }

  [[nodiscard]] validate::ShapeId parameters() const {
    const route::Route& route = current_route();
    const auto& types = app_.validator.types();
    return route.owner_kind == route::OwnerKind::kModel
               ? types.parameters_of_model(route.owner, route.method)
               : types.parameters_of_service(route.owner, route.method);
  }

  [[nodiscard]] bool takes_query() const {
    return state_.method->verb == Verb::kGet || state_.method->verb == Verb::kHead;
  }

  // State 6: how to read the body, before anything is looked into; then what the URL says.
  Step start_body() {
    media::BodyKind kind = media::BodyKind::kNone;
    if (!takes_query()) {
      const media::ParametersShape shape = parameters_shape(*state_.method);
      auto chosen = media::choose_body(shape, state_.head.content_type,
                                       media::body_presence(state_.head.content_length));
      if (!chosen.ok()) return unsupported(chosen.error(), media::acceptable(shape));
      kind = *chosen;
    }
    if (const auto failures = read_url(); !failures.empty()) {
      return respond_failures(exchange_, failures);
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

  Step unsupported(const Error& error, std::string_view acceptable) {
    return respond_failure(exchange_, error, concat({"accept: ", acceptable, "\n"}));
  }

  // The query string and the key; answers what is wrong with them.
  [[nodiscard]] std::vector<Error> read_url() {
    const auto& types = app_.validator.types();
    const validate::ShapeId shape = takes_query() ? parameters() : types.no_parameters();
    validate::CheckedQuery query =
        app_.validator.check_query(shape, app_.reader, state_.match.query, exchange_.arena);
    if (!query.ok()) return std::move(query.failures);
    state_.arguments = query.arguments;
    state_.data_source = query.data_source;
    if (state_.model == nullptr) return {};
    if (!state_.data_source.empty() &&
        !validate::names_data_source(*state_.model, state_.data_source)) {
      return {make_error(
          ErrorCode::kDataSourceUnknown,
          concat({state_.model->name, " has no data source \"", state_.data_source, "\""}),
          "__datasource")};
    }
    if (current_route().key_count > 0) {
      auto keys = app_.validator.check_keys(*state_.model, state_.match.keys, exchange_.arena);
      if (!keys.ok()) return {std::move(keys).error()};
      state_.keys = *keys;
    }
    return {};
  }

  // A method that takes nothing needs no body; of one that does, an empty body says nothing.
  Step without_body() {
    if (takes_query() || parameters_shape(*state_.method) == media::ParametersShape::kNone) {
      return validated();
    }
    return body_read(Outcome::kDone, {});
  }

  // State 7.
  Step body_read(Outcome outcome, std::string_view payload) {
    const auto failures = take_body(app_, exchange_, parameters(), outcome, payload);
    if (!failures.empty()) return respond_failures(exchange_, failures);
    return validated();
  }

  // State 8.
  Step validated() {
    state_.stage = Stage::kHydrate;
    if (app_.hooks.of_method(state_.match.route)) return hooks(HookStage::kMethod);
    return hydrate();
  }

  // State 9: the instance, or the whole work of a ready-made method.
  Step hydrate() {
    if (state_.method->builtin != cidl::Builtin::kNone) {
      state_.stage = Stage::kAwaitBuiltin;
      return or_failure(exchange_, start_builtin(app_, exchange_));
    }
    if (state_.model != nullptr && state_.method->scope == cidl::MethodScope::kInstance) {
      state_.stage = Stage::kAwaitSelf;
      return or_failure(exchange_, query_instance(app_, exchange_));
    }
    return dispatch();
  }

  Step take_self(Outcome outcome, std::string_view payload) {
    auto instance = map_instance(app_, exchange_, outcome, payload);
    if (!instance.ok()) return respond_failure(exchange_, instance.error());
    state_.self = *instance;
    return dispatch();
  }

  // State 10.
  Step dispatch() {
    Step next = step(StepKind::kDispatch, 0, state_.self);
    if (state_.body.empty()) {
      next.bytes = state_.arguments;
    } else {
      next.flags = kArgumentsAreBody;
    }
    if (state_.body_kind == media::BodyKind::kStream) next.flags |= kBlobIsStream;
    next.blobs = state_.blobs;
    return next;
  }

  static Step hooks(HookStage stage) {
    return step(StepKind::kMiddleware, static_cast<std::uint32_t>(stage), {});
  }

  static Step step(StepKind kind, std::uint32_t status, std::string_view text) {
    Step next;
    next.kind = kind;
    next.status = status;
    next.text = text;
    return next;
  }

  Step unexpected() {
    return respond_failure(exchange_, make_error(ErrorCode::kOutcomeUnexpected, {}));
  }

  AppContext& app_;
  Exchange& exchange_;
  ExchangeState& state_;
};

}  // namespace

Step begin_request(AppContext& app, Exchange& exchange) { return Request(app, exchange).begin(); }

Step resume_request(AppContext& app, Exchange& exchange, Outcome outcome,
                    std::string_view payload) {
  return Request(app, exchange).resume(outcome, payload);
}

}  // namespace cloesce::runtime
