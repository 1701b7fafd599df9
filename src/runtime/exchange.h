// Exchange: the state of one request or ORM call between two steps.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/arena.h"
#include "cidl/model.h"
#include "orm/select_plan.h"
#include "orm/upsert_plan.h"
#include "route/route_table.h"
#include "runtime/head.h"
#include "runtime/step.h"

namespace cloesce::runtime {

/// What the exchange does when it is next advanced. The order is that of the router's states.
enum class Stage : std::uint8_t {
  kServices,
  kRequestHooks,
  kMatched,
  kNamespaceHooks,
  kBody,
  kAwaitBody,
  kMethodHooks,
  kHydrate,
  kAwaitSelf,
  kAwaitBuiltin,
  kAwaitOperation,
  kDispatch,
};

/// An ORM call of user code.
enum class OperationKind : std::uint8_t { kNone, kGet, kList, kSave, kUpsert, kDelete };

/// Everything of an exchange but its memory; assigned anew for each request. Views point into the arena.
struct ExchangeState {
  Stage stage = Stage::kServices;
  Head head;
  route::Match match;
  const cidl::Method* method = nullptr;
  const cidl::Model* model = nullptr;  // of a model's route or an ORM call
  std::string_view body;               // as read, padded behind
  std::string_view arguments;          // JSON object by parameter name
  bool arguments_are_body = false;
  std::string_view data_source;        // as the caller named it
  std::string_view keys;               // JSON array of the primary key in the URL
  std::string_view self;               // the hydrated instance
  std::shared_ptr<const orm::SelectPlan> select;  // reads the awaited rows
  std::unique_ptr<orm::UpsertPlan> upsert;        // reads the awaited answer to a save
  OperationKind operation = OperationKind::kNone;
};

/// A slot for exchanges. The handle holds the slot's number and a generation, so that a stale one is told apart.
struct Exchange {
  std::uint32_t handle = 0;
  Arena arena;
  ExchangeState state;
};

}  // namespace cloesce::runtime
