// The states of a request in their order. Each returns a step, or falls through to the next state.
#include "runtime/request.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <string>

#include "cidl/find.h"
#include "media/body.h"
#include "runtime/builtin.h"
#include "runtime/data_query.h"
#include "runtime/response.h"
#include "validate/validator.h"

namespace cloesce::runtime {
namespace {

using cidl::TypeKind;
using cidl::Verb;

// Injected parameters never travel; what is left decides which bodies the method takes.
media::ParametersShape parameters_shape(const cidl::Method& method) {
  std::size_t count = 0;
  const cidl::Type* only = nullptr;
  for (const cidl::Parameter& parameter : method.parameters) {
    if (parameter.type.kind == TypeKind::kInject) continue;
    ++count;
    only = &parameter.type;
  }
  if (count == 0) return media::ParametersShape::kNone;
  if (method.parameters_media == cidl::MediaType::kFormData) return media::ParametersShape::kMixed;
  if (method.parameters_media == cidl::MediaType::kJson) return media::ParametersShape::kJson;
  return cidl::without_nullable(*only).kind == TypeKind::kStream
             ? media::ParametersShape::kOneStream
             : media::ParametersShape::kOneBlob;
}

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
        return take_body(outcome, payload);
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
    const bool anything = app_.hooks.request() ||
                          (matched() && (app_.hooks.of_namespace(state_.match.route) ||
                                         app_.hooks.of_method(state_.match.route)));
    if (anything) return app_.services.for_everything();
    return matched() ? std::string_view(app_.services.for_route(state_.match.route))
                     : std::string_view{};
  }

  Step no_route() {
    switch (state_.match.outcome) {
      case route::Outcome::kMethodNotAllowed:
        return respond_failure(
            exchange_,
            make_error(ErrorCode::kMethodNotAllowed,
                       fmt::format(FMT_COMPILE("this path takes {}"), state_.match.allow)),
            exchange_.arena.copy(fmt::format(FMT_COMPILE("allow: {}\n"), state_.match.allow)));
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

  // State 6, and 7 where everything is in the URL.
  Step start_body() {
    const auto& types = app_.validator.types();
    const validate::ShapeId shape = takes_query() ? parameters() : types.no_parameters();
    const validate::CheckedQuery query =
        app_.validator.check_query(shape, app_.reader, state_.match.query, exchange_.arena);
    if (!query.ok()) return respond_failures(exchange_, query.failures);
    state_.data_source = query.data_source;
    if (state_.model != nullptr && !state_.data_source.empty() &&
        !validate::names_data_source(*state_.model, state_.data_source)) {
      return respond_failure(
          exchange_,
          make_error(ErrorCode::kDataSourceUnknown,
                     fmt::format(FMT_COMPILE("{} has no data source \"{}\""), state_.model->name,
                                 state_.data_source),
                     "__datasource"));
    }
    if (state_.model != nullptr && current_route().key_count > 0) {
      auto keys = app_.validator.check_keys(*state_.model, state_.match.keys, exchange_.arena);
      if (!keys.ok()) return respond_failure(exchange_, keys.error());
      state_.keys = *keys;
    }
    if (takes_query()) {
      state_.arguments = query.arguments;
      return validated();
    }
    return request_body();
  }

  Step request_body() {
    const media::ParametersShape shape = parameters_shape(*state_.method);
    const auto kind = media::choose_body(shape, state_.head.content_type,
                                         media::body_presence(state_.head.content_length));
    if (!kind.ok()) {
      return respond_failure(
          exchange_, kind.error(),
          exchange_.arena.copy(fmt::format(FMT_COMPILE("accept: {}\n"), media::acceptable(shape))));
    }
    if (*kind == media::BodyKind::kNone) {
      state_.arguments = "{}";
      return validated();
    }
    state_.stage = Stage::kAwaitBody;
    Step next = step(StepKind::kBody, static_cast<std::uint32_t>(BodyForm::kBytes), {});
    next.limit = app_.limits.json_bytes;
    return next;
  }

  Step too_large() {
    return respond_failure(
        exchange_, make_error(ErrorCode::kBodyTooLarge,
                              fmt::format(FMT_COMPILE("a JSON body may have {} bytes (jsonBytes)"),
                                          app_.limits.json_bytes)));
  }

  // State 7.
  Step take_body(Outcome outcome, std::string_view payload) {
    if (outcome == Outcome::kTooLarge) return too_large();
    if (outcome == Outcome::kFailed) {
      return respond_failure(exchange_, make_error(ErrorCode::kBodyAborted, {}));
    }
    state_.body = payload;
    const validate::Checked checked = app_.validator.check_body(
        parameters(), app_.reader, padded(payload), validate::BlobSource{}, exchange_.arena);
    if (!checked.ok()) return respond_failures(exchange_, checked.failures);
    state_.arguments = checked.json;
    state_.arguments_are_body = checked.rewriting == validate::Rewriting::kAsReceived;
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
      return start_builtin(app_, exchange_);
    }
    if (state_.model != nullptr && state_.method->scope == cidl::MethodScope::kInstance) {
      state_.stage = Stage::kAwaitSelf;
      return query_instance(app_, exchange_);
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
    next.exchange = 0;
    if (state_.arguments_are_body) {
      next.flags = kArgumentsAreBody;
    } else {
      next.bytes = state_.arguments;
    }
    return next;
  }

  Step hooks(HookStage stage) {
    return step(StepKind::kMiddleware, static_cast<std::uint32_t>(stage), {});
  }

  Step step(StepKind kind, std::uint32_t status, std::string_view text) const {
    Step next;
    next.exchange = exchange_.handle;
    next.kind = kind;
    next.status = status;
    next.text = text;
    if (matched()) next.route = static_cast<std::uint32_t>(state_.match.route);
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
  Request request(app, exchange);
  Step step = request.resume(outcome, payload);
  return step;
}

}  // namespace cloesce::runtime
